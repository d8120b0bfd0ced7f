"""Grids: a group with the appearance table-list, whose rows are select_one questions over one list."""

import msgspec

from survey_service.domain.questionnaire import Choice, GridRow, Question
from survey_service.integrations.xlsform.choices import read_choices, read_flag
from survey_service.integrations.xlsform.columns import Row
from survey_service.integrations.xlsform.sheet_reader import SheetReader
from survey_service.integrations.xlsform.types import RowType, grid_appearances

_row_cannot_have = (
    "hint",
    "relevant",
    "constraint",
    "appearance",
    "parameters",
    "concept",
    "remember_as",
)
_grid_cannot_have = (
    "required",
    "required_message",
    "may_decline",
    "constraint",
    "constraint_message",
    "parameters",
    "remember_as",
)


class OpenGrid(msgspec.Struct):
    """A grid whose end has not been read yet."""

    row: Row
    rows: list[tuple[Row, RowType]] = []


def begin_grid(row: Row, reader: SheetReader) -> OpenGrid:
    """Start a grid at the row of its group."""
    for field in _grid_cannot_have:
        if row.text(field) or row.translations(field):
            reader.refuse(row, f"The {field.replace('_', ' ')} of a grid stands in its rows.", field)
    return OpenGrid(row)


def end_grid(grid: OpenGrid, relevant: str, reader: SheetReader) -> tuple[Question, tuple[int, ...]]:
    """The grid as one question, and the row of each of its choices."""
    is_first_list = ""
    choices: tuple[Choice, ...] = ()
    choice_rows: tuple[int, ...] = ()
    for row, row_type in grid.rows:
        _check_row(row, row_type, grid.rows[0], reader)
        if not is_first_list and row_type.list_name in reader.lists:
            is_first_list = row_type.list_name
            lists = reader.lists[row_type.list_name]
            read = read_choices(lists, reader.choices, row_type, reader.languages, row.number, reader.errors)
            choices, choice_rows = read.choices, read.rows
    first = grid.rows[0][0] if grid.rows else grid.row
    question = Question(
        name=grid.row.text("name"),
        type="grid",
        appearance=grid_appearances[grid.row.text("appearance").lower()],
        label=grid.row.translations("label"),
        hint=grid.row.translations("hint"),
        choices=choices,
        rows=tuple(GridRow(name=row.text("name"), label=row.translations("label")) for row, _ in grid.rows),
        is_required=read_flag(first, "required", reader.survey, reader.errors),
        may_decline=read_flag(first, "may_decline", reader.survey, reader.errors),
        required_message=first.translations("required_message") if grid.rows else {},
        constraint_message=first.translations("constraint_message") if grid.rows else {},
        relevant=relevant,
        list_name=is_first_list,
        concept=grid.row.text("concept"),
    )
    return question, choice_rows


def _check_row(row: Row, row_type: RowType, first: tuple[Row, RowType], reader: SheetReader) -> None:
    """A row that differs from the first in more than its name and label cannot be kept."""
    if row_type.question_type != "select_one" or row_type.has_other:
        reader.refuse(row, "The row of a grid is a select_one question without or_other.", "type")
    elif row_type.list_name not in reader.lists:
        reader.refuse(row, f"The list {row_type.list_name} is not on the choices sheet.", "type")
    elif row_type.list_name != first[1].list_name:
        reader.refuse(row, "The rows of a grid use different lists.", "type")
    for field in _row_cannot_have:
        if row.text(field) or row.translations(field):
            reader.refuse(row, f"The row of a grid cannot have a {field.replace('_', ' ')}.", field)
    for field in ("required", "may_decline", "required_message", "constraint_message"):
        mine = row.text(field).lower(), row.translations(field)
        if mine != (first[0].text(field).lower(), first[0].translations(field)):
            reader.refuse(row, f"The rows of a grid differ in their {field.replace('_', ' ')}.", field)
