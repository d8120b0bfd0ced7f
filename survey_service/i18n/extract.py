"""Collect the texts of code and templates into the catalogues: `make translations`.

`python -m survey_service.i18n.extract` writes locales/*.pot and brings every messages.po up to date;
with `check` it changes nothing and fails where something is out of date. For work in a checkout only.
"""

import io
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from survey_service.i18n.catalogues import DOMAINS
from survey_service.i18n.locales import KNOWN_LOCALES, SOURCE_LOCALE

root = Path(__file__).parents[2]
sources = ("survey_service/i18n/**/*.py", "survey_service/web/**/*.py", "templates/**/*.html")

staff_macros = frozenset({"results.html", "session.html"})
"""Files of templates/macros/ that only staff pages use."""

_keywords = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_template_options = {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}
"""`silent=false`: a template that does not compile fails the extraction instead of losing its texts."""

Text = tuple[str | None, tuple[str, ...]]
"""Context, and the text or its singular and plural."""


def domain_of(path: Path) -> str:
    """The domain a source file's texts belong to: whatever has staff in its path, and `staff_macros`."""
    return "staff" if "staff" in path.with_suffix("").parts or path.name in staff_macros else "messages"


def collect(domain: str) -> Catalog:
    """All texts of one domain as they stand in code and templates now."""
    catalogue = Catalog(domain=domain, charset="utf-8")
    for path in _source_files():
        if domain_of(path.relative_to(root)) != domain:
            continue
        is_template = path.suffix == ".html"
        found = extract_from_file(
            "jinja2" if is_template else "python",
            path,
            keywords=_keywords,
            comment_tags=("Translators:",),
            options=_template_options if is_template else None,
            strip_comment_tags=True,
        )
        name = path.relative_to(root).as_posix()
        for line, message, comments, context in found:
            catalogue.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalogue


def texts_of(catalogue: Catalog) -> set[Text]:
    """The texts of a catalogue in a form that can be compared."""
    return {text_of(message) for message in catalogue if message.id}


def text_of(message: Message) -> Text:
    return message.context, (message.id,) if isinstance(message.id, str) else tuple(message.id)


def template_path(domain: str) -> Path:
    return root / "locales" / f"{domain}.pot"


def catalogue_path(locale: str) -> Path:
    return root / "locales" / locale / "LC_MESSAGES" / "messages.po"


def translated_locales() -> tuple[str, ...]:
    return tuple(code for code in KNOWN_LOCALES if code != SOURCE_LOCALE)


def read_catalogue(path: Path, locale: str | None = None) -> Catalog:
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=locale, ignore_obsolete=True)


def differences() -> list[str]:
    """What `make translations` would change, in words; empty when all is up to date."""
    found: list[str] = []
    for domain in DOMAINS:
        wanted = texts_of(collect(domain))
        targets = [template_path(domain)]
        if domain == "messages":
            targets += [catalogue_path(locale) for locale in translated_locales()]
        for target in targets:
            present = texts_of(read_catalogue(target))
            name = target.relative_to(root)
            found += [f"{name} lacks {text!r}" for _, text in sorted(wanted - present, key=str)]
            found += [f"{name} still has {text!r}" for _, text in sorted(present - wanted, key=str)]
    return found


def up_to_date_files() -> dict[Path, bytes]:
    """What the templates and catalogues should hold; no translation is guessed, a new text has none."""
    files = {template_path(domain): _written(collect(domain), omit_header=True) for domain in DOMAINS}
    found = collect("messages")
    for locale in translated_locales():
        path = catalogue_path(locale)
        catalogue = read_catalogue(path, locale)
        template = deepcopy(found)
        # The date of a run says nothing that git does not, and would change every file every time.
        template.creation_date = catalogue.revision_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.header_comment = f"# What respondents read, in {KNOWN_LOCALES[locale].name}."
        catalogue.project, catalogue.version = "survey-service", ""
        catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = ""
        catalogue.fuzzy = False
        files[path] = _written(catalogue, omit_header=False)
    return files


def _source_files() -> Iterator[Path]:
    for pattern in sources:
        yield from sorted(root.glob(pattern))


def _written(catalogue: Catalog, *, omit_header: bool) -> bytes:
    written = io.BytesIO()
    write_po(written, catalogue, width=100, no_location=True, omit_header=omit_header, ignore_obsolete=True)
    return written.getvalue()


def main(arguments: list[str]) -> int:
    if arguments == ["check"]:
        found = differences()
        sys.stderr.write("".join(f"{line}\n" for line in found))
        sys.stderr.write("Run: make translations\n" if found else "")
        return 1 if found else 0
    if arguments not in ([], ["update"]):
        sys.stderr.write("Usage: python -m survey_service.i18n.extract [update|check]\n")
        return 2
    for path, content in up_to_date_files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
