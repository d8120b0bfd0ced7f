"""Texts for a translator as a workbook or as a gettext file, out and in.

Each text goes out under its path with the text it is to be translated from, and comes back with both: so a
file that was begun before the text was changed is told from one that fits.
"""

import io

import msgspec
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from survey_service.domain.errors import FileRefused, RowError
from survey_service.integrations.xlsform.cells import read_cell
from survey_service.integrations.xlsform.workbook_xlsx import read_xlsx

largest_file = 2_000_000
SHEET = "translation"
HEADINGS = ("path", "about", "text", "translation", "state")
_WIDTHS = (28, 22, 60, 60, 14)
_TO_DO = PatternFill("solid", fgColor="FFF2CC")


class TextToTranslate(msgspec.Struct, frozen=True, kw_only=True):
    """One text as it goes out."""

    path: str
    about: str
    """Where it stands, for the translator."""
    text: str
    translation: str
    is_stale: bool


class TranslatedText(msgspec.Struct, frozen=True, kw_only=True):
    """One text as it comes back."""

    path: str
    text: str
    """What it was translated from."""
    translation: str


def write_translation_workbook(texts: list[TextToTranslate]) -> bytes:
    """An .xlsx workbook; what is to be done is coloured."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True), start=1):
        sheet.cell(1, column, heading).font = Font(bold=True)
        sheet.column_dimensions["ABCDE"[column - 1]].width = width
    for row, one in enumerate(texts, start=2):
        state = "out of date" if one.is_stale else ("" if one.translation else "missing")
        for column, value in enumerate((one.path, one.about, one.text, one.translation, state), start=1):
            if value:
                cell = sheet.cell(row, column, value)
                cell.data_type = "s"  # a text that begins with = is still a text
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        if state:
            sheet.cell(row, 4).fill = _TO_DO
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def write_translation_po(texts: list[TextToTranslate], language: str) -> bytes:
    """A gettext file; the path is the context, and what is out of date is marked fuzzy."""
    catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for one in texts:
        catalogue.add(
            one.text,
            one.translation,
            context=one.path,
            flags=("fuzzy",) if one.is_stale else (),
            auto_comments=(one.about,) if one.about else (),
        )
    target = io.BytesIO()
    write_po(target, catalogue, width=100)
    return target.getvalue()


def read_translations(content: bytes, name: str) -> list[TranslatedText]:
    """What a translator sent back; raises `FileRefused` for anything that is neither format."""
    if len(content) > largest_file:
        raise FileRefused(f"The file has more than {largest_file:,} bytes.", [])
    if content.startswith(b"PK"):
        return _read_workbook(content)
    return _read_po(content, name)


def _read_workbook(content: bytes) -> list[TranslatedText]:
    try:
        sheets = list(read_xlsx(content, (SHEET,)))
    except FileRefused:
        raise
    except Exception as error:
        # The parsers raise whatever they stumble over in a damaged file, as in xlsform/workbook.py.
        raise FileRefused("The workbook cannot be read.", [], hint="Save it as .xlsx.") from error
    if not sheets:
        raise FileRefused(f"The workbook has no sheet named {SHEET}.", [])
    _, cells, errors = sheets[0]
    rows: dict[int, dict[int, str]] = {}
    for cell in cells:
        text = read_cell(cell, SHEET)
        if isinstance(text, RowError):
            errors.append(text)
        elif text:
            rows.setdefault(cell.row, {})[cell.column] = text
    columns = {heading: column for column, heading in rows.pop(1, {}).items()}
    missing = [heading for heading in ("path", "text", "translation") if heading not in columns]
    if missing:
        errors.append(RowError(1, f"The column {missing[0]} is missing.", sheet=SHEET))
    if errors:
        raise FileRefused("The workbook was not taken in.", errors)
    return [
        TranslatedText(
            path=row.get(columns["path"], ""),
            text=row.get(columns["text"], ""),
            translation=row.get(columns["translation"], ""),
        )
        for _, row in sorted(rows.items())
        if row.get(columns["translation"])
    ]


def _read_po(content: bytes, name: str) -> list[TranslatedText]:
    try:
        text = content.decode("utf-8-sig")
        if "msgid_plural" in text:
            # No text of a survey has plurals, and a header that promises 99,999,999,999 eats all memory.
            raise FileRefused("The file holds plural forms, which no text of a survey has.", [])
        catalogue = read_po(io.StringIO(text), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError, LookupError) as error:
        raise FileRefused(
            f"The file {name[:60]} is neither a workbook (.xlsx) nor a gettext file (.po).", []
        ) from error
    found = [
        TranslatedText(
            path=message.context or "",
            text=str(message.id),
            translation=str(message.string).replace("\r\n", "\n").strip(),
        )
        for message in catalogue
        if message.id and isinstance(message.id, str) and message.string and not message.fuzzy
    ]
    if not found:
        raise FileRefused("The file holds no translation.", [])
    return found
