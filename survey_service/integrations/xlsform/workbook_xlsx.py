"""The cells of an .xlsx file."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

from survey_service.domain.errors import FileRefused, RowError
from survey_service.integrations.xlsform.cells import Cell, CellKind

largest_unpacked = 40_000_000
most_parts = 1_000
_kinds: dict[str, CellKind] = {"f": "formula", "e": "error", "d": "date"}


def check_archive(data: bytes) -> None:
    """An .xlsx file is an archive: look at the sizes it declares before anything is unpacked.

    Python unpacks no more than the declared size of a part, so a false declaration gains nothing.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > most_parts or sum(part.file_size for part in parts) > largest_unpacked:
        raise FileRefused(
            "The file unpacks to far more than a questionnaire needs, so it was not opened.",
            [],
            hint="Copy the survey, choices and settings sheets into a new workbook.",
        )


def read_xlsx(data: bytes, wanted: tuple[str, ...]) -> Iterator[tuple[str, list[Cell], list[RowError]]]:
    """Name, cells that hold something, and merged cells, for each wanted sheet (or the only one)."""
    check_archive(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of formats and extensions, which carry no text
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
            for sheet in sheets:
                name = sheet.title.strip().lower()
                if name in wanted or len(sheets) == 1:
                    yield (name, *_read_sheet(sheet))
        finally:
            book.close()


def _read_sheet(sheet: Any) -> tuple[list[Cell], list[RowError]]:
    """Read a sheet through openpyxl's parser, which gives only the cells that are there.

    The public iterator fills every gap up to the last row and column with empty cells, millions of them
    when a format was applied to whole columns, and does not tell which cells are merged.
    """
    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        cells = [
            Cell(cell["row"], cell["column"], cell["value"], _kinds.get(cell["data_type"], "value"))
            for _, row in parser.parse()
            for cell in row
            if cell["value"] is not None
        ]
    merged = parser.merged_cells.mergeCell if parser.merged_cells else ()
    return cells, [
        RowError(area.min_row, f"The cells {area.ref} are merged.", hint="Split them.") for area in merged
    ]
