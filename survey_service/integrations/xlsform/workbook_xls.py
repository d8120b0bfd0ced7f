"""The cells of an .xls file, the format of Excel until 2003.

A formula cannot be told from its value here: the format's reader gives the value that was last shown.
"""

import io
from collections.abc import Iterator

import xlrd

from survey_service.domain.errors import RowError
from survey_service.integrations.xlsform.cells import Cell, CellKind, column_name
from survey_service.integrations.xlsform.compound import read_workbook_stream

_kinds: dict[int, CellKind] = {xlrd.XL_CELL_ERROR: "error", xlrd.XL_CELL_DATE: "date"}
_empty = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


def read_xls(data: bytes, wanted: tuple[str, ...]) -> Iterator[tuple[str, list[Cell], list[RowError]]]:
    """Name, cells that hold something, and merged cells, for each wanted sheet (or the only one)."""
    # Merged cells are known only with the formats; complaints go nowhere instead of to standard output.
    book = xlrd.open_workbook(
        file_contents=read_workbook_stream(data),
        logfile=io.StringIO(),
        formatting_info=True,
        ragged_rows=True,
        on_demand=True,
    )
    with book:
        for index, title in enumerate(book.sheet_names()):
            name = title.strip().lower()
            if name in wanted or book.nsheets == 1:
                yield (name, *_read_sheet(book.sheet_by_index(index)))


def _read_sheet(sheet: xlrd.sheet.Sheet) -> tuple[list[Cell], list[RowError]]:
    cells = [
        Cell(row + 1, column + 1, _value(cell), _kinds.get(cell.ctype, "value"))
        for row in range(sheet.nrows)
        for column, cell in enumerate(sheet.row(row))
        if cell.ctype not in _empty
    ]
    merged = [
        RowError(
            top + 1,
            f"The cells {column_name(left + 1)}{top + 1}:{column_name(right)}{bottom} are merged.",
            hint="Split them.",
        )
        for top, bottom, left, right in sheet.merged_cells
    ]
    return cells, merged


def _value(cell: xlrd.sheet.Cell) -> object:
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value
