"""The body of a posted form as texts by name."""

from typing import Any
from urllib.parse import parse_qs

from litestar import Request
from litestar.exceptions import ClientException, HTTPException

MOST_FIELDS = 1_000
REPLACEMENT = b"%EF%BF%BD"


async def read_posted(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """Every field that was posted, empty ones too, so that the submission can be kept whole.

    The database can hold anything but NUL, so that is replaced here; bytes that are no text likewise.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException("a form was expected", status_code=415)
    body = (await request.body()).replace(b"%00", REPLACEMENT).replace(b"\x00", REPLACEMENT)
    try:
        return parse_qs(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="replace",
        )
    except ValueError as error:
        raise ClientException("too many fields") from error
