"""Style sheets, scripts and the brand's files. Every address carries a hash, so browsers keep them."""

from litestar import Response, get
from litestar.datastructures import CacheControlHeader, State
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from survey_service.resources import static_dir
from survey_service.web.brand_files import BRAND_CSS_PATH, BRAND_ICON_PATH, brand_css, brand_icon
from survey_service.web.static_assets import STATIC_PATH

KEEP = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)


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
    create_static_files_router(
        path=STATIC_PATH, directories=[static_dir()], include_in_schema=False, cache_control=KEEP
    ),
]
