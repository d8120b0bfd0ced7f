"""Answers of the respondents' routes: a finished page, or the way to another one."""

from litestar.types import Receive, Scope, Send

from survey_service.web.compression import COMPRESSED_HEADERS, takes_gzip
from survey_service.web.skeleton import Page

HTML = (b"content-type", b"text/html; charset=utf-8")


class PageAnswer:
    """Bytes that are a page already. The headers every answer has are added by `web/security.py`."""

    __slots__ = ("_body", "_headers", "_status")

    def __init__(self, body: bytes, status: int = 200) -> None:
        self._body = body
        self._status = status
        self._headers = [HTML, (b"content-length", b"%d" % len(body))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, compressed where it was rendered before; to HEAD without the body."""
        body, headers = self._body, self._headers
        if isinstance(body, Page) and takes_gzip(scope):
            body = body.compressed()
            headers = [HTML, (b"content-length", b"%d" % len(body)), *COMPRESSED_HEADERS]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        body = b"" if scope.get("method") == "HEAD" else body
        await send({"type": "http.response.body", "body": body, "more_body": False})


class GoTo(PageAnswer):
    """303: get this address next. After a post it keeps reload and back from posting again."""

    def __init__(self, path: str) -> None:
        super().__init__(b"", 303)
        self._headers = [(b"location", path.encode()), (b"content-length", b"0")]
