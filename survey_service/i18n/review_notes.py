"""Notes for people who read a language, to look its texts over: `make translations` writes them.

`python -m survey_service.i18n.review_notes` writes docs/languages/<code>.md: each text in English, its
translation, and what the translation says, put back into English word for word. All three come from the
catalogue, where the last stands in the comments of a text: `# back: …` and, if need be, `# remark: …`.
For work in a checkout only.
"""

import html
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from survey_service.i18n.extract import (
    catalogue_path,
    collect,
    read_catalogue,
    root,
    text_of,
    translated_locales,
)
from survey_service.i18n.locales import KNOWN_LOCALES, Locale

_introduction = """# {name}: what respondents read

Written by `make translations` from `locales/{code}/LC_MESSAGES/messages.po`; change it there. What to do with
this page: [for people who look a language over](README.md).

Words in braces are filled in when the page is shown. Where a number decides the form of a word, the forms
stand one under the other.
"""


def read_comment(message: Message, kind: str) -> str:
    """What stands behind `# back:` or `# remark:`; a long line was wrapped into several when written."""
    found: list[str] = []
    is_inside = False
    for line in message.user_comments:
        begins = line.startswith(("back:", "remark:"))
        is_inside = line.startswith(f"{kind}:") or (is_inside and not begins)
        if is_inside:
            found.append(line.removeprefix(f"{kind}:").strip())
    return " ".join(found)


def write_note(locale: Locale, catalogue: Catalog, places: dict[object, str]) -> str:
    """The page of one language, in the order in which the texts stand in the code."""
    parts = [_introduction.format(name=locale.name, code=locale.code)]
    place = None
    for message in catalogue:
        if not message.id:
            continue
        here = places.get(text_of(message))
        if here != place:
            place = here
            parts.append(f"\n## {here}\n\n| English | {locale.name} | Put back into English | Remark |")
            parts.append("|---|---|---|---|")
        cells = (
            _cell(message.id),
            _cell(message.string or "", locale),
            _cell(read_comment(message, "back")),
            _cell(read_comment(message, "remark")),
        )
        parts.append(f"| {' | '.join(cells)} |")
    return "\n".join(parts) + "\n"


def note_path(locale: str) -> Path:
    return root / "docs" / "languages" / f"{locale}.md"


def up_to_date_notes() -> dict[Path, str]:
    """What the pages should hold."""
    places: dict[object, str] = {
        text_of(message): message.locations[0][0] for message in collect("messages") if message.id
    }
    return {
        note_path(code): write_note(KNOWN_LOCALES[code], read_catalogue(catalogue_path(code), code), places)
        for code in translated_locales()
    }


def _cell(text: str | tuple[str, ...] | list[str], locale: Locale | None = None) -> str:
    forms = [text] if isinstance(text, str) else list(dict.fromkeys(text))
    written = "<br>".join(html.escape(form, quote=False).replace("|", "\\|") for form in forms)
    written = re.sub(r"%\((\w+)\)s", r"{\1}", written)
    if locale and locale.direction == "rtl":
        return f'<span lang="{locale.tag}" dir="rtl">{written}</span>'
    return written


def main() -> int:
    for path, content in up_to_date_notes().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
