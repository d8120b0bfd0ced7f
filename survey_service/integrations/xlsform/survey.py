"""The survey sheet: rows to questions, groups to blocks, and which of them is the core."""

import msgspec

from survey_service.domain.errors import RowError, SurveyServiceError
from survey_service.domain.expressions import parse_expression
from survey_service.domain.questionnaire import Block, Question
from survey_service.integrations.xlsform.choices import no_words, read_choices, yes_words
from survey_service.integrations.xlsform.columns import Row, Table
from survey_service.integrations.xlsform.types import RowType, read_type, supported

core_name = "core"
group_appearance = "field-list"
"""ODK shows a group with this appearance on one page, as we show every block."""


class PlacedQuestion(msgspec.Struct):
    """A question, its row on the survey sheet, and the rows of its choices on theirs."""

    question: Question
    row: int
    choice_rows: tuple[int, ...] = ()


class PlacedBlock(msgspec.Struct):
    name: str
    label: dict[str, str]
    row: int
    relevant: str = ""
    questions: list[PlacedQuestion] = []

    def to_block(self) -> Block:
        questions = tuple(placed.question for placed in self.questions)
        return Block(name=self.name, label=self.label, questions=questions)


class SurveyReader:
    """Walks the rows of a survey sheet once; what is wrong is added to `errors`."""

    def __init__(
        self,
        survey: Table,
        choices: Table,
        lists: dict[str, list[Row]],
        languages: tuple[str, ...],
        errors: list[RowError],
    ) -> None:
        self.survey = survey
        self.choices = choices
        self.lists = lists
        self.languages = languages
        self.errors = errors
        self.groups: list[PlacedBlock] = []
        self.outside = PlacedBlock(core_name, {}, 1)
        self.open_groups: list[PlacedBlock] = []
        self.refused_names: set[str] = set()
        """Names of rows that were refused, so that a condition on one is not reported a second time."""

    def refuse(self, row: Row, reason: str, field: str, *, hint: str | None = None) -> None:
        heading = self.survey.heading(field)
        self.errors.append(RowError(row.number, reason, column=heading, sheet=self.survey.sheet, hint=hint))

    def read_blocks(self) -> list[PlacedBlock]:
        """The core and the other blocks, in this order."""
        for row in self.survey.rows:
            if row.texts:
                self.read_row(row)
        for group in self.open_groups:
            reason = f"The group {group.name} is not ended."
            self.errors.append(RowError(group.row, reason, column="type", sheet=self.survey.sheet))
        return self.order_blocks()

    def read_row(self, row: Row) -> None:
        row_type = read_type(row.text("type")) if row.text("type") else "The row has no type."
        if isinstance(row_type, str):
            self.refused_names.add(row.text("name"))
            self.refuse(row, row_type, "type", hint=f"Supported: {supported}.")
        elif row_type.kind == "begin_group":
            self.begin_group(row)
        elif row_type.kind == "end_group":
            if not self.open_groups:
                self.refuse(row, "No group is open that could be ended here.", "type")
            else:
                self.open_groups.pop()
        else:
            block = self.open_groups[-1] if self.open_groups else self.outside
            if block is self.outside and self.groups and core_name not in {g.name for g in self.groups}:
                self.refuse(row, "The question stands outside the groups, after a group.", "type", hint=_hint)
            block.questions.append(self.read_question(row, row_type, block))

    def begin_group(self, row: Row) -> None:
        if self.open_groups:
            self.refuse(row, "A group inside a group is not supported.", "type")
        for field in _question_fields:
            if row.text(field) or row.translations(field):
                self.refuse(row, f"A group cannot have a {field.replace('_', ' ')}.", field)
        if row.text("appearance") not in ("", group_appearance):
            self.refuse(row, f"The appearance {row.text('appearance')!r} is not supported.", "appearance")
        relevant = row.text("relevant")
        if relevant:
            try:
                parse_expression(relevant)
            except SurveyServiceError as error:
                self.refuse(row, str(error), "relevant")
                relevant = ""
        group = PlacedBlock(row.text("name"), row.translations("label"), row.number, relevant)
        self.groups.append(group)
        self.open_groups.append(group)

    def read_question(self, row: Row, row_type: RowType, block: PlacedBlock) -> PlacedQuestion:
        if row.text("appearance"):
            self.refuse(row, f"The appearance {row.text('appearance')!r} is not supported.", "appearance")
        required = row.text("required").lower()
        if required not in yes_words | no_words:
            self.refuse(row, "The cell says neither yes nor no.", "required")
        chosen = None
        if row_type.list_name in self.lists:
            rows = self.lists[row_type.list_name]
            chosen = read_choices(rows, self.choices, row_type, self.languages, row.number, self.errors)
        elif row_type.list_name:
            self.refuse(row, f"The list {row_type.list_name} is not on the choices sheet.", "type")
        question = Question(
            name=row.text("name"),
            type=row_type.question_type,
            label=row.translations("label"),
            hint=row.translations("hint"),
            choices=chosen.choices if chosen else (),
            is_required=required in yes_words,
            required_message=row.translations("required_message"),
            relevant=_join_conditions(block.relevant, row.text("relevant")),
            constraint=row.text("constraint"),
            constraint_message=row.translations("constraint_message"),
            list_name=self.name_list(row_type),
            concept=row.text("concept"),
            remember_as=row.text("remember_as"),
        )
        return PlacedQuestion(question, row.number, chosen.rows if chosen else ())

    def name_list(self, row_type: RowType) -> str:
        """With or_other the list gets one more choice, so it becomes a list of its own."""
        name = row_type.list_name
        if row_type.has_other:
            name += "_or_other"
            while name in self.lists:
                name += "_"
        return name

    def order_blocks(self) -> list[PlacedBlock]:
        named = [at for at, group in enumerate(self.groups) if group.name == core_name]
        if named and named[0] > 0:
            group = self.groups[named[0]]
            reason = "The group core is not the first one, but its questions are asked first."
            self.errors.append(RowError(group.row, reason, column="name", sheet=self.survey.sheet))
        if named:
            for placed in self.outside.questions:
                reason = "The question stands outside the groups, though there is a group named core."
                self.errors.append(
                    RowError(placed.row, reason, column="type", sheet=self.survey.sheet, hint=_hint)
                )
        if named or (self.groups and not self.outside.questions):
            return self.groups
        return [self.outside, *self.groups]


_question_fields = (
    "required",
    "constraint",
    "hint",
    "constraint_message",
    "required_message",
    "concept",
    "remember_as",
)
_hint = "Move it into a group, or before the first group."


def _join_conditions(of_group: str, of_question: str) -> str:
    if of_group and of_question:
        return f"({of_group}) and ({of_question})"
    return of_group or of_question
