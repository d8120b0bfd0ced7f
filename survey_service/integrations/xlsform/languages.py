"""Languages as workbooks name them: `English (en)`, `en`, `english`, and back."""

import re
from functools import cache

from babel import Locale

_code = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
_in_brackets = re.compile(r"\(([^()]*)\)$")


def read_language(text: str) -> str | None:
    """The locale a workbook means, such as `fr` or `zh_Hans`; None when it names none that we know."""
    text = text.strip()
    if found := _in_brackets.search(text):
        return _read_code(found[1].strip())
    return _read_code(text) or _codes_by_name().get(text.lower())


def write_language(locale: str) -> str:
    """The locale as XLSForm recommends it: the name in English, then the code in brackets."""
    language, _, rest = locale.partition("_")
    name = _names().get(language, language)
    return f"{name}, {rest} ({locale.replace('_', '-')})" if rest else f"{name} ({locale})"


def _read_code(text: str) -> str | None:
    found = _code.fullmatch(text)
    if found is None or found[1].lower() not in _names():
        return None
    parts = [found[1].lower(), (found[2] or "").title(), (found[3] or "").upper()]
    return "_".join(filter(None, parts))


@cache
def _names() -> dict[str, str]:
    """Every language of the CLDR by its code."""
    return {code: name for code, name in Locale("en").languages.items() if "_" not in code}


@cache
def _codes_by_name() -> dict[str, str]:
    return {name.lower(): code for code, name in _names().items()}
