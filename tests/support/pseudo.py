"""A language that nobody speaks: every text of a catalogue accented, longer, and in brackets.

What stands outside the brackets was written into a template or a module and never reached the catalogue.
"""

import re

import html5lib
from babel.support import NullTranslations

from survey_service.i18n.locales import KNOWN_LOCALES
from tests.support.respondent_pages import make_brand

_accented = str.maketrans("aceinosuyzACEINOSUYZ", "àçéîñøšüýžÀÇÉÎÑØŠÜÝŽ")
_kept = re.compile(r"(%\(\w+\)s|<[^>]*>)")


def accent(text: str) -> str:
    """The text with accents, a third longer, in brackets; placeholders and markup stay."""
    parts = _kept.split(text)
    said = "".join(part if _kept.fullmatch(part) else part.translate(_accented) for part in parts)
    return f"⟦{said}{'~' * (len(text) // 3)}⟧"


class Pseudo(NullTranslations):
    """The catalogue of that language; it has every text."""

    def ugettext(self, message: str) -> str:
        return accent(message)

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        return accent(singular if number == 1 else plural)

    def upgettext(self, context: str, message: str) -> str:
        return accent(message)


def untranslated(html: str, *, data: tuple[str, ...] = ()) -> str:
    """What a reader would see or hear of a page that is neither from a catalogue nor from somebody's data."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    for parent in list(page.iter()):
        for child in list(parent):
            if child.tag in ("script", "style"):
                parent.remove(child)
    read = [" ".join(page.itertext())]
    for element in page.iter():
        read += [element.get(name, "") for name in ("aria-label", "title", "alt", "placeholder")]
    text = " ".join(read)
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:  # a sentence may hold another one
        text = inner
    brand = make_brand()
    known = [brand.contact_email, brand.name, brand.logo_text, brand.organisation, *data]
    known += [locale.name for locale in KNOWN_LOCALES.values()]
    for words in sorted(known, key=len, reverse=True):
        text = text.replace(words, " ")
    return " ".join(re.findall(r"[^\W\d_]+", text))
