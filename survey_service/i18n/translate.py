"""Texts in the reader's language.

The language is a context variable, set with `use_locale` around the rendering of a page. Every function
has the names that extraction looks for, so a text is found wherever it is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.support import LazyProxy

from survey_service.i18n.catalogues import load_translations
from survey_service.i18n.locales import KNOWN_LOCALES, SOURCE_LOCALE, Locale

_current: ContextVar[str] = ContextVar("locale", default=SOURCE_LOCALE)


@contextmanager
def use_locale(code: str) -> Iterator[Locale]:
    """Everything translated or formatted inside is in this language."""
    locale = KNOWN_LOCALES[code]
    before = _current.set(code)
    try:
        yield locale
    finally:
        _current.reset(before)


def current_locale() -> Locale:
    return KNOWN_LOCALES[_current.get()]


class Translator:
    """The four lookups of gettext in one domain, in the current language."""

    def __init__(self, domain: str) -> None:
        self.domain = domain

    def gettext(self, message: str) -> str:
        return load_translations(_current.get(), self.domain).ugettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return load_translations(_current.get(), self.domain).ungettext(singular, plural, number)

    def pgettext(self, context: str, message: str) -> str:
        return str(load_translations(_current.get(), self.domain).upgettext(context, message))

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        return str(
            load_translations(_current.get(), self.domain).unpgettext(context, singular, plural, number)
        )


_messages = Translator("messages")
gettext = _messages.gettext
ngettext = _messages.ngettext


def lazy_gettext(message: str) -> LazyProxy:
    """A text for a module's table, translated at the moment it is shown; `str()` it before any JSON."""
    return LazyProxy(gettext, message, enable_cache=False)
