"""Style sheets, scripts and the brand's files. Every address carries a hash, so browsers keep them."""

import gzip
from functools import cache
from typing import Any

from litestar import Request, Response, get, route
from litestar.datastructures import CacheControlHeader, State
from litestar.exceptions import NotFoundException
from litestar.types import ASGIApp, ControllerRouterHandler, Receive, Scope, Send

from survey_service.resources import static_dir
from survey_service.web.brand_files import BRAND_CSS_PATH, BRAND_ICON_PATH, brand_css, brand_icon
from survey_service.web.compression import COMPRESSED_HEADERS, takes_gzip
from survey_service.web.static_assets import STATIC_PATH

KEEP = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)


MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@cache
def built_files() -> dict[str, tuple[str, bytes, bytes]]:
    """Every built file by its name: media type, content, and the same compressed. They never change."""
    return {
        path.name: (MEDIA_TYPES[path.suffix], path.read_bytes(), gzip.compress(path.read_bytes(), 9, mtime=0))
        for path in static_dir().iterdir()
        if path.suffix in MEDIA_TYPES
    }


@route(f"{STATIC_PATH}/{{name:str}}", http_method=["GET", "HEAD"], include_in_schema=False)
async def built_file(request: Request[Any, Any, Any]) -> ASGIApp:
    """A style sheet or script, compressed for whoever takes it so."""
    name = request.path_params["name"]
    if name not in built_files():
        raise NotFoundException
    return FileAnswer(*built_files()[name])


class FileAnswer:
    """A file that never changes under its name."""

    def __init__(self, media_type: str, content: bytes, compressed: bytes) -> None:
        self._media_type = media_type
        self._content = content
        self._compressed = compressed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; to HEAD without the body."""
        is_compressed = takes_gzip(scope)
        body = self._compressed if is_compressed else self._content
        headers = [
            (b"content-type", self._media_type.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", KEEP.to_header().encode()),
            *(COMPRESSED_HEADERS if is_compressed else COMPRESSED_HEADERS[1:]),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        body = b"" if scope.get("method") == "HEAD" else body
        await send({"type": "http.response.body", "body": body, "more_body": False})


@get(BRAND_CSS_PATH, include_in_schema=False, sync_to_thread=False)
def brand_style_sheet(state: State) -> Response[str]:
    """The brand's colours as custom properties."""
    return Response(
        brand_css(state.brand), media_type="text/css", headers={"Cache-Control": KEEP.to_header()}
    )


@get(BRAND_ICON_PATH, include_in_schema=False, sync_to_thread=False)
def brand_tab_icon(state: State) -> Response[str]:
    """The icon of the browser's tab."""
    return Response(
        brand_icon(state.brand), media_type="image/svg+xml", headers={"Cache-Control": KEEP.to_header()}
    )


@get("/robots.txt", include_in_schema=False, sync_to_thread=False, media_type="text/plain")
def robots() -> str:
    """Nothing here is for search engines but the public outcomes."""
    return "User-agent: *\nDisallow: /\nAllow: /results/\n"


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False)
def favicon() -> Response[None]:
    """Browsers ask for it on pages without an icon link, such as a download."""
    return Response(None, status_code=308, headers={"Location": BRAND_ICON_PATH})


ROUTES: list[ControllerRouterHandler] = [
    brand_style_sheet,
    brand_tab_icon,
    robots,
    favicon,
    built_file,
]
