"""The catalogues of translated texts, loaded once.

An installed package holds compiled catalogues. In a checkout a `.po` file that was edited after its `.mo`
was made (or that has none) is compiled in memory, so that no build step stands between edit and page.
"""

import io
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from survey_service.i18n.locales import SOURCE_LOCALE
from survey_service.resources import locales_dir

DOMAINS = ("messages", "staff")
"""`messages`: what respondents see, complete in every language. `staff`: pages behind the sign-in."""


@lru_cache(maxsize=256)
def load_translations(locale: str, domain: str = "messages") -> NullTranslations:
    """The catalogue of one language and domain; `staff` falls back to `messages` for texts it lacks."""
    translations = _read(locale, domain)
    if domain != "messages":
        translations.add_fallback(load_translations(locale))
    return translations


def compile_catalogue(path: Path, locale: str) -> bytes:
    """The content of the `.mo` file that belongs to a `.po` file; fuzzy texts are left out."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale, domain=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def _read(locale: str, domain: str) -> NullTranslations:
    source = locales_dir() / locale / "LC_MESSAGES" / f"{domain}.po"
    compiled = source.with_suffix(".mo")
    if compiled.exists() and not _is_newer(source, compiled):
        return Translations(io.BytesIO(compiled.read_bytes()), domain)
    if source.exists():
        return Translations(io.BytesIO(compile_catalogue(source, locale)), domain)
    if locale == SOURCE_LOCALE or domain != "messages":
        return NullTranslations()
    raise FileNotFoundError(f"The language {locale} has no catalogue: {source} is missing.")


def _is_newer(source: Path, compiled: Path) -> bool:
    return source.exists() and source.stat().st_mtime > compiled.stat().st_mtime
