"""British postcodes: read as people type them, kept in one form, and the half that only tells the area."""

import re
import unicodedata

_whole = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
_area = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_noise = re.compile(r"[\s.\u002d\u200e\u200f\u061c\u2066-\u2069]")


def read_postcode(text: str) -> tuple[str, str] | None:
    """Both halves, for example `("EC2M", "7PP")`; the second is empty where only the area was typed."""
    typed = _noise.sub("", unicodedata.normalize("NFKC", text)).upper()
    typed = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in typed)
    if found := _whole.fullmatch(typed):
        return found[1], found[2]
    return (typed, "") if _area.fullmatch(typed) else None
