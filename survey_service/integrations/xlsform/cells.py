"""One cell of a workbook, whichever format it came from, and the text it stands for."""

from datetime import date, time, timedelta
from typing import Literal

import msgspec
from openpyxl.utils import get_column_letter

from survey_service.domain.errors import RowError

CellKind = Literal["value", "formula", "error", "date"]


class Cell(msgspec.Struct, frozen=True):
    row: int
    column: int
    value: object
    kind: CellKind = "value"


def column_name(column: int) -> str:
    """`A`, `B` … as spreadsheet programs show them."""
    return str(get_column_letter(column))


def read_cell(cell: Cell, sheet: str) -> str | RowError:
    """The text of a cell, or why it has none that can be relied on."""
    reason, hint = "", ""
    if cell.kind == "formula":
        reason, hint = "The cell holds a formula.", "Replace the formula by its value."
    elif cell.kind == "error":
        reason, hint = "The cell holds an error of the spreadsheet program.", "Write the value itself."
    elif cell.kind == "date" or isinstance(cell.value, date | time | timedelta):
        reason, hint = "The cell holds a date or a time.", "Format the cell as text and write it again."
    if reason:
        return RowError(cell.row, reason, column=column_name(cell.column), sheet=sheet, hint=hint)
    return _to_text(cell.value)


def _to_text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # spreadsheet programs keep 1 as 1.0
    text = str(value).replace("\u00a0", " ")
    # Excel writes a carriage return inside a cell as _x000D_.
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
