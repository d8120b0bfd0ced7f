"""Texts in files for spreadsheet programs, which would run a cell that begins like a formula."""

import re

SIGNS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[\d\s.,()/-]*\d")
MARK = "'"


def guard_cell(text: str) -> str:
    """Return the text so that no program takes it for a formula; numbers, also of telephones, stay.

    >>> guard_cell("=1+1"), guard_cell("+447700900123"), guard_cell("Aldgate")
    ("'=1+1", '+447700900123', 'Aldgate')
    """
    if not text.startswith(SIGNS) or _NUMBER.fullmatch(text):
        return text
    return f"{MARK}{text}"


def unguard_cell(text: str) -> str:
    """Return what was guarded.

    >>> unguard_cell("'=1+1"), unguard_cell("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith(MARK) and text[1:].startswith(SIGNS) else text
