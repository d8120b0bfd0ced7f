"""Mails from templates/mail, in the reader's language. The text part is read off the HTML: one source."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from html import unescape
from html.parser import HTMLParser

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from survey_service.i18n import formatting
from survey_service.i18n.translate import Translator, current_locale, use_locale
from survey_service.resources import templates_dir

_white_space = re.compile(r"\s+")

Value = str | int | date | None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A mail's subject and its two bodies."""

    subject: str
    text: str
    html: str


@cache
def mail_environment() -> Environment:
    """The Jinja environment of mails; a misspelt name is an error."""
    environment = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    translator = Translator("messages")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translator.gettext,
        translator.ngettext,
        newstyle=True,
        pgettext=translator.pgettext,
        npgettext=translator.npgettext,
    )
    environment.globals.update(current_locale=current_locale)
    environment.filters.update(
        date=formatting.format_date, number=formatting.format_number, minutes=formatting.format_minutes
    )
    return environment


def write_mail(template: str, language: str, values: Mapping[str, Value]) -> Written:
    """Write `templates/mail/<template>.html` in a language."""
    loaded = mail_environment().get_template(f"mail/{template}.html")
    with use_locale(language):
        html = loaded.render(values)
        subject = "".join(loaded.blocks["subject"](loaded.new_context(dict(values))))
    return Written(subject=" ".join(unescape(subject).split()), text=read_off_text(html), html=html)


def read_off_text(html: str) -> str:
    """Return the words of a mail, a paragraph apart, each link's address in a line of its own below it."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return "\n\n".join(reader.paragraphs) + "\n"


class _TextReader(HTMLParser):
    """Reads what the mail layout is made of: headings, paragraphs, list items and links."""

    BLOCKS = frozenset({"h1", "h2", "p", "li", "td"})
    UNSEEN = frozenset({"head", "style", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self._words: list[str] = []
        self._link, self._link_begins = "", 0
        self._unseen = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in self.UNSEEN
        if tag in self.BLOCKS:
            self._end_paragraph()
            self._words = ["- "] if tag == "li" else []
        if tag == "br":
            self._words.append("\n")
        if tag == "a":
            self._link = (dict(attributes).get("href") or "").removeprefix("mailto:")
            self._link_begins = len(self._words)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in self.UNSEEN
        if tag == "a" and "".join(self._words[self._link_begins :]).strip() != self._link:
            self._words.append(f"\n{self._link}\n")
        if tag in self.BLOCKS:
            self._end_paragraph()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._words.append(_white_space.sub(" ", data))

    def _end_paragraph(self) -> None:
        lines = [" ".join(line.split()) for line in "".join(self._words).split("\n")]
        text = "\n".join(line for line in lines if line)
        if text:
            self.paragraphs.append(text)
        self._words = []
