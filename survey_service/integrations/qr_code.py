"""QR codes of links, drawn here: nobody else learns what is published."""

import io
from typing import Literal, get_args

import segno

QrKind = Literal["svg", "png"]
qr_kinds: tuple[str, ...] = get_args(QrKind)

_POINTS_OF = {"svg": 8, "png": 24}
"""Size of a dot: the PNG is over 800 pixels wide, enough for a poster; the SVG scales."""


def draw_qr_code(link: str, kind: QrKind) -> bytes:
    """A QR code that a dirty or folded poster may lose 15 % of, with the quiet margin that scanners need."""
    picture = io.BytesIO()
    code = segno.make_qr(link, error="m", boost_error=True)
    extra = {"xmldecl": True, "title": link} if kind == "svg" else {}
    code.save(picture, kind=kind, scale=_POINTS_OF[kind], border=4, dark="#000000", light="#ffffff", **extra)
    return picture.getvalue()
