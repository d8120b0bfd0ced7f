"""A workbook as texts with their places; files that could do harm are refused before they are opened."""

import msgspec

from survey_service.domain.errors import FileRefused, RowError
from survey_service.integrations.xlsform.cells import Cell, column_name, read_cell
from survey_service.integrations.xlsform.compound import signature
from survey_service.integrations.xlsform.workbook_xls import read_xls
from survey_service.integrations.xlsform.workbook_xlsx import read_xlsx

largest_file = 5_000_000
most_rows = 2_000
most_columns = 256
most_errors = 500

known_sheets = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_readers = {b"PK": read_xlsx, signature: read_xls}


class Sheet(msgspec.Struct):
    """The cells of one sheet that hold something: row number, then column number, both from 1, to text."""

    name: str
    rows: dict[int, dict[int, str]]


def read_workbook(data: bytes, errors: list[RowError]) -> dict[str, Sheet]:
    """The sheets that XLSForm knows, by their names in small letters.

    Cells that cannot be relied on are left out and added to `errors`; a file that is no workbook at all
    raises `FileRefused`.
    """
    if len(data) > largest_file:
        raise FileRefused(
            f"The file has {len(data):,} bytes, more than {largest_file:,}.",
            [],
            hint="Remove pictures and sheets that are not part of the questionnaire.",
        )
    sheets = _read_sheets(data, errors)
    if "survey" not in sheets and len(sheets) == 1 and not sheets.keys() & set(known_sheets):
        only = next(iter(sheets.values()))
        sheets = {"survey": Sheet("survey", only.rows)}
    if "survey" not in sheets:
        raise FileRefused(
            "The workbook has no sheet named survey.", [], hint="Name the sheet with the questions: survey."
        )
    return sheets


def _read_sheets(data: bytes, errors: list[RowError]) -> dict[str, Sheet]:
    read = next((reader for start, reader in _readers.items() if data.startswith(start)), None)
    if read is None:
        raise FileRefused(
            "The file is not an Excel workbook (.xlsx or .xls).", [], hint="Save it as .xlsx and try again."
        )
    sheets: dict[str, Sheet] = {}
    try:
        for name, cells, merged in read(data, known_sheets):
            if name in sheets:
                raise FileRefused(f"The workbook has two sheets named {name}.", [])
            for error in merged:
                error.sheet = name
            errors.extend(merged)
            sheets[name] = Sheet(name, _to_rows(name, cells, errors))
    except FileRefused:
        raise
    except Exception as error:
        # The parsers raise whatever they stumble over in a damaged file (KeyError, struct.error, an XML
        # error, an assertion): to whoever reads the message these are all one thing.
        raise FileRefused(
            "The file is damaged or protected and cannot be read as an Excel workbook.",
            [],
            hint="Open it in a spreadsheet program, remove any password, and save it again as .xlsx.",
        ) from error
    return sheets


def _to_rows(sheet: str, cells: list[Cell], errors: list[RowError]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for cell in cells:
        text = read_cell(cell, sheet)
        if isinstance(text, RowError):
            errors.append(text)
        elif text and (cell.row > most_rows or cell.column > most_columns):
            errors.append(
                RowError(
                    cell.row,
                    f"The sheet is larger than {most_rows} rows and {most_columns} columns.",
                    column=column_name(cell.column),
                    sheet=sheet,
                    hint="Delete what does not belong to the questionnaire.",
                )
            )
            break
        elif text:
            rows.setdefault(cell.row, {})[cell.column] = text
    return dict(sorted(rows.items()))
