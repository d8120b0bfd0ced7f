"""What the columns of a sheet mean: a field, for some fields also a language."""

import re

import msgspec

from survey_service.domain.errors import RowError
from survey_service.integrations.xlsform.cells import column_name
from survey_service.integrations.xlsform.languages import read_language
from survey_service.integrations.xlsform.workbook import Sheet

translated_fields = {
    "survey": ("label", "hint", "required_message", "constraint_message"),
    "choices": ("label",),
    "settings": ("form_title",),
}
plain_fields = {
    "survey": (
        "type",
        "name",
        "required",
        "may_decline",
        "relevant",
        "constraint",
        "appearance",
        "parameters",
        "concept",
        "remember_as",
    ),
    "choices": ("list_name", "name", "takes_text", "is_exclusive"),
    "settings": ("form_id", "version", "default_language", "anonymous"),
}
needed_fields = {"survey": ("type", "name"), "choices": ("list_name", "name"), "settings": ()}
_aliases = {
    "caption": "label",
    "command": "type",
    "relevance": "relevant",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "title": "form_title",
    "id_string": "form_id",
}
_heading = re.compile(r"(?:bind::?)?((?:jr:)?[^:]+)(?:::?(.+))?", re.DOTALL)
_title_in = re.compile(r"form_title_([a-z]{2,3}(?:_[A-Za-z0-9]{2,4})*)", re.IGNORECASE)


class Column(msgspec.Struct, frozen=True):
    """A column that is understood."""

    field: str
    language: str
    """Locale, or empty where the heading names no language."""
    heading: str


class Row(msgspec.Struct, frozen=True):
    """One row of a sheet, by field and language, each text with the heading it stood under."""

    number: int
    texts: dict[tuple[str, str], str]

    def text(self, field: str) -> str:
        return self.texts.get((field, ""), "")

    def translations(self, field: str) -> dict[str, str]:
        return {language: text for (name, language), text in self.texts.items() if name == field}


class Table(msgspec.Struct):
    """A sheet whose columns are understood."""

    sheet: str
    columns: dict[int, Column]
    rows: list[Row]

    def heading(self, field: str, language: str = "") -> str:
        """The heading of a field as the file has it, or as it would be written."""
        wanted = [column for column in self.columns.values() if column.field == field]
        if language:
            wanted = [column for column in wanted if column.language == language]
        if wanted:
            return wanted[0].heading
        return f"{field}::{language}" if language else field

    def languages(self) -> list[str]:
        """The languages in which something is written, in the order of the columns."""
        written = {language for row in self.rows for _, language in row.texts if language}
        return [code for code in dict.fromkeys(c.language for c in self.columns.values()) if code in written]


def read_table(sheet: Sheet, base_language: str, errors: list[RowError]) -> Table:
    """Understand the heading row, then the cells under it; what is not understood becomes an error.

    Columns that translate a text but name no language are taken as `base_language`.
    """
    headings = sheet.rows.get(1, {})
    columns: dict[int, Column] = {}
    refused: dict[int, str] = {}
    for at, heading in headings.items():
        column = read_heading(heading, sheet.name, base_language)
        if isinstance(column, Column):
            columns[at] = column
        else:
            refused[at] = column
    for field in needed_fields[sheet.name]:
        if field not in {column.field for column in columns.values()}:
            errors.append(RowError(1, f"The sheet has no column {field}.", column=field, sheet=sheet.name))
    rows = [
        _read_row(number, cells, columns, refused, sheet.name, errors)
        for number, cells in sheet.rows.items()
        if number > 1
    ]
    return Table(sheet.name, columns, rows)


def read_heading(heading: str, sheet: str, base_language: str) -> Column | str:
    """The column a heading stands for, or why it is not understood."""
    found = _heading.fullmatch(" ".join(heading.split()))
    if found is None:
        return f"The column {heading!r} is not supported."
    field = found[1].strip().lower().replace(" ", "_")
    field = _aliases.get(field, field)
    named = (found[2] or "").strip()
    if title := _title_in.fullmatch(field):
        field, named = "form_title", title[1]
    if field in plain_fields[sheet] and not named:
        return Column(field, "", heading)
    if field not in translated_fields[sheet]:
        return f"The column {heading!r} is not supported."
    if not named:
        return Column(field, base_language, heading)
    language = read_language(named)
    if language is None:
        return f"The language {named!r} of the column is not known. Write it with its code: English (en)."
    return Column(field, language, heading)


def _read_row(
    number: int,
    cells: dict[int, str],
    columns: dict[int, Column],
    refused: dict[int, str],
    sheet: str,
    errors: list[RowError],
) -> Row:
    texts: dict[tuple[str, str], str] = {}
    for at, text in cells.items():
        if at in refused:
            errors.append(RowError(number, refused[at], column=column_name(at), sheet=sheet, got=text[:60]))
            continue
        if at not in columns:
            reason = "A text stands in a column without a heading."
            errors.append(RowError(number, reason, column=column_name(at), sheet=sheet, got=text[:60]))
            continue
        place = (columns[at].field, columns[at].language)
        if texts.setdefault(place, text) != text:
            reason = f"Two columns give the {place[0].replace('_', ' ')} in different words."
            errors.append(RowError(number, reason, column=columns[at].heading, sheet=sheet))
    return Row(number, texts)
