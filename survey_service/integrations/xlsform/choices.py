"""The choices sheet: lists of choices, and the list a question uses."""

import msgspec

from survey_service.domain.errors import RowError
from survey_service.domain.questionnaire import Choice
from survey_service.integrations.xlsform.columns import Row, Table
from survey_service.integrations.xlsform.types import RowType

other_name = "other"
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


def _read_choice(row: Row, table: Table, row_type: RowType, errors: list[RowError]) -> Choice:
    takes_text = row.text("takes_text").lower()
    if takes_text not in yes_words | no_words:
        heading = table.heading("takes_text")
        errors.append(
            RowError(
                row.number,
                "The cell says neither yes nor no.",
                column=heading,
                sheet=table.sheet,
                got=row.text("takes_text")[:60],
            )
        )
    name = row.text("name")
    return Choice(
        name=name,
        label=row.translations("label"),
        takes_text=takes_text in yes_words or (row_type.has_other and name == other_name),
    )
