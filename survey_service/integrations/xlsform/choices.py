"""The choices sheet: lists of choices, and the list a question uses."""

import re

import msgspec

from survey_service.domain.errors import RowError
from survey_service.domain.questionnaire import Choice
from survey_service.integrations.xlsform.columns import Row, Table
from survey_service.integrations.xlsform.types import RowType

other_name = "other"
most_points = 20
_parameter = re.compile(r"([A-Za-z]+)=(-?[0-9]{1,4})")
yes_words = {"yes", "true", "true()", "1"}
no_words = {"", "no", "false", "false()", "0"}


class ChoiceList(msgspec.Struct):
    """The choices of one list, and the row each stands in."""

    choices: tuple[Choice, ...]
    rows: tuple[int, ...]


def read_lists(table: Table, errors: list[RowError]) -> dict[str, list[Row]]:
    """The rows of each list."""
    lists: dict[str, list[Row]] = {}
    for row in table.rows:
        if not row.texts:
            continue
        if row.text("list_name"):
            lists.setdefault(row.text("list_name"), []).append(row)
        else:
            reason = "The choice belongs to no list."
            errors.append(RowError(row.number, reason, column=table.heading("list_name"), sheet=table.sheet))
    return lists


def read_choices(
    rows: list[Row],
    table: Table,
    row_type: RowType,
    languages: tuple[str, ...],
    question_row: int,
    errors: list[RowError],
) -> ChoiceList:
    """The choices of a list as the question in `question_row` of the survey sheet uses it."""
    choices = tuple(_read_choice(row, table, row_type, errors) for row in rows)
    numbers = tuple(row.number for row in rows)
    if row_type.has_other and other_name not in {choice.name for choice in choices}:
        # XLSForm's or_other adds a choice in English. In any other language its text would be missing.
        other = Choice(name=other_name, label={"en": "Other"}, takes_text=True)
        if languages == ("en",):
            return ChoiceList((*choices, other), (*numbers, 0))
        errors.append(
            RowError(
                question_row,
                f"or_other adds a choice in English, but the questionnaire is in {', '.join(languages)}.",
                column="type",
                sheet="survey",
                hint=f"Add a choice named {other_name} to the list {row_type.list_name}, with a label "
                "in every language and yes in a column takes_text.",
            )
        )
    return ChoiceList(choices, numbers)


def read_flag(row: Row, field: str, table: Table, errors: list[RowError]) -> bool:
    """True for yes; an empty cell is no, and anything else is reported."""
    word = row.text(field).lower()
    if word not in yes_words | no_words:
        reason = "The cell says neither yes nor no."
        errors.append(
            RowError(row.number, reason, column=table.heading(field), sheet=table.sheet, got=word[:60])
        )
    return word in yes_words


def _read_choice(row: Row, table: Table, row_type: RowType, errors: list[RowError]) -> Choice:
    name = row.text("name")
    takes_text = read_flag(row, "takes_text", table, errors)
    return Choice(
        name=name,
        label=row.translations("label"),
        takes_text=takes_text or (row_type.has_other and name == other_name),
        is_exclusive=read_flag(row, "is_exclusive", table, errors),
    )


def read_range(parameters: str, languages: tuple[str, ...]) -> tuple[Choice, ...] | str:
    """The points of a range (start, end and step, 1 to 10 by 1 unless told), or why it is none."""
    numbers = {"start": 1, "end": 10, "step": 1}
    for part in parameters.replace(",", " ").replace(";", " ").split():
        found = _parameter.fullmatch(part)
        if found is None or found[1].lower() not in numbers:
            return f"The parameter {part[:40]!r} is not supported; a range has start, end and step."
        numbers[found[1].lower()] = int(found[2])
    start, end, step = numbers["start"], numbers["end"], abs(numbers["step"])
    if step == 0 or not 1 <= abs(end - start) // step <= most_points:
        return f"A range has 2 to {most_points + 1} points."
    if (end - start) % step:
        return f"The steps of the range lead past its end {end}."
    points = range(start, end + (1 if end > start else -1), step if end > start else -step)
    return tuple(Choice(name=str(point), label=dict.fromkeys(languages, str(point))) for point in points)
