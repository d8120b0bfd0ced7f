"""Numbers and dates as people type them: in the digits of any script, with the marks of their language."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

_noise = re.compile(r"[\s\u200e\u200f\u061c\u2066-\u2069\u066c'\u2019]")
"""Spaces that group digits (thin and unbroken ones too), marks of direction, the Arabic thousands mark, and
the apostrophe of Switzerland."""
_minus_signs = ("-", "\u2212", "\uff0d")
_decimal_marks = re.compile(r"[.,\u066b\uff0e\uff0c]")
earliest_year = 1900
latest_year = 2100


def read_digits(text: str) -> str | None:
    """The same digits as ASCII, or None when the text holds anything else."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text) if text.isdecimal() else None


def read_whole_number(text: str) -> int | None:
    """A whole number typed in the digits of any script, or None."""
    sign, typed = _split_sign(_noise.sub("", text))
    digits = read_digits(typed)
    return None if digits is None else sign * int(digits)


def read_decimal(text: str) -> Decimal | None:
    """A number with or without decimals, or None.

    Point and comma both begin the decimals. One comma before exactly three digits is refused: it groups
    thousands in English and begins decimals in French, and guessing would be wrong by a thousand.
    """
    sign, typed = _split_sign(_noise.sub("", text))
    pieces = _decimal_marks.split(typed)
    if len(pieces) > 2 or (len(pieces) == 2 and typed[-4:-3] in (",", "\uff0c")):
        return None
    whole = read_digits(pieces[0] or "0")
    decimals = read_digits(pieces[1]) if len(pieces) == 2 else "0"
    if whole is None or decimals is None or typed in ("", "."):
        return None
    return sign * Decimal(f"{whole}.{decimals}")


def write_decimal(number: Decimal) -> str:
    """The number as conditions read it: no exponent, no needless zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def read_date(day: str, month: str, year: str) -> date | None:
    """A date of the calendar from its three parts, or None when there is no such day."""
    numbers = [read_whole_number(part) if len(part) <= 12 else None for part in (day, month, year)]
    if any(number is None for number in numbers):
        return None
    d, m, y = (int(number or 0) for number in numbers)
    if not earliest_year <= y <= latest_year:
        return None
    try:
        return date(y, m, d)
    except ValueError:
        return None


def _split_sign(typed: str) -> tuple[int, str]:
    if typed[:1] in _minus_signs:
        return -1, typed[1:]
    return 1, typed.removeprefix("+")
