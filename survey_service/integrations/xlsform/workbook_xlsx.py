"""The cells of an .xlsx file."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

from survey_service.domain.errors import FileRefused, RowError
from survey_service.integrations.xlsform.cells import Cell, CellKind

largest_unpacked = 20_000_000
most_parts = 1_000
most_elements = 500_000
deepest_element = 50
_kinds: dict[str, CellKind] = {"f": "formula", "e": "error", "d": "date"}


def check_archive(data: bytes) -> None:
    """An .xlsx file is an archive of XML files: see that it is not a trap before it is read.

    Python unpacks no more than the declared size of a part, so a false declaration gains nothing. The
    elements are counted as they stream by, because a tree of them takes two hundred times their text.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > most_parts or sum(part.file_size for part in parts) > largest_unpacked:
            raise _too_large()
        counter = _ElementCounter()
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                counter.count(archive.read(part))


def _too_large() -> FileRefused:
    return FileRefused(
        "The file unpacks to far more than a questionnaire needs, so it was not opened.",
        [],
        hint="Copy the survey, choices and settings sheets into a new workbook.",
    )


class _ElementCounter:
    """Counts elements over all parts, and refuses definitions of entities, which can multiply."""

    def __init__(self) -> None:
        self.elements = 0
        self.depth = 0

    def count(self, content: bytes) -> None:
        self.depth = 0
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.EntityDeclHandler = self.refuse_entity
        parser.Parse(content, True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > most_elements or self.depth > deepest_element:
            raise _too_large()

    def end(self, name: str) -> None:
        self.depth -= 1

    def refuse_entity(self, *declaration: object) -> None:
        raise _too_large()


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
