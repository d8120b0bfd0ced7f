"""The survey sheet: rows to questions, groups to blocks, and which of them is the core."""

from dataclasses import dataclass, field

import msgspec

from survey_service.domain.errors import RowError, SurveyServiceError
from survey_service.domain.expressions import parse_expression
from survey_service.domain.questionnaire import Block, Question
from survey_service.integrations.xlsform.choices import ChoiceList, read_choices, read_flag, read_range
from survey_service.integrations.xlsform.columns import Row
from survey_service.integrations.xlsform.grid import OpenGrid, begin_grid, end_grid
from survey_service.integrations.xlsform.sheet_reader import SheetReader
from survey_service.integrations.xlsform.types import (
    RowType,
    grid_appearances,
    read_look,
    read_type,
    supported,
)

core_name = "core"
group_appearance = "field-list"
"""ODK shows a group with this appearance on one page, as we show every block."""


class PlacedQuestion(msgspec.Struct):
    """A question, its row on the survey sheet, and the rows of its choices on theirs."""

    question: Question
    row: int
    choice_rows: tuple[int, ...] = ()
    grid_rows: tuple[int, ...] = ()
    """Of a grid: the row of each of its rows."""


class PlacedBlock(msgspec.Struct):
    name: str
    label: dict[str, str]
    row: int
    relevant: str = ""
    questions: list[PlacedQuestion] = []

    def to_block(self) -> Block:
        questions = tuple(placed.question for placed in self.questions)
        return Block(name=self.name, label=self.label, questions=questions)


@dataclass
class SurveyReader(SheetReader):
    """Walks the rows of a survey sheet once; what is wrong is added to `errors`."""

    groups: list[PlacedBlock] = field(default_factory=list)
    outside: PlacedBlock = field(default_factory=lambda: PlacedBlock(core_name, {}, 1))
    open_groups: list[PlacedBlock] = field(default_factory=list)
    open_grid: OpenGrid | None = None
    facts: dict[str, int] = field(default_factory=dict)
    """Facts about the person that texts and conditions read, and the row of each."""
    refused_names: set[str] = field(default_factory=set)
    """Names of rows that were refused, so that a condition on one is not reported a second time."""

    def read_blocks(self) -> list[PlacedBlock]:
        """The core and the other blocks, in this order."""
        for row in self.survey.rows:
            if row.texts:
                self.read_row(row)
        if self.open_grid is not None:
            self.refuse(self.open_grid.row, "The grid is not ended.", "type")
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
            self.end_group(row)
        elif row_type.kind == "fact":
            self.read_fact(row)
        elif self.open_grid is not None:
            self.open_grid.rows.append((row, row_type))
        else:
            block = self.find_block(row)
            block.questions.append(self.read_question(row, row_type, block))

    def find_block(self, row: Row) -> PlacedBlock:
        """The block that a question or a grid belongs to."""
        block = self.open_groups[-1] if self.open_groups else self.outside
        if block is self.outside and self.groups and core_name not in {g.name for g in self.groups}:
            self.refuse(row, "The question stands outside the groups, after a group.", "type", hint=_hint)
        return block

    def read_fact(self, row: Row) -> None:
        if len(row.texts) > 2 or not row.text("name"):
            self.refuse(
                row, "A hidden row has a name and nothing else: it names a fact of the person.", "type"
            )
        if row.text("name") in self.facts:
            self.refuse(row, f"The fact {row.text('name')} is named twice.", "name")
        self.facts.setdefault(row.text("name"), row.number)

    def end_group(self, row: Row) -> None:
        if self.open_grid is not None:
            grid, self.open_grid = self.open_grid, None
            block = self.find_block(grid.row)
            relevant = _join_conditions(block.relevant, grid.row.text("relevant"))
            question, choice_rows = end_grid(grid, relevant, self)
            rows = tuple(row.number for row, _ in grid.rows)
            block.questions.append(PlacedQuestion(question, grid.row.number, choice_rows, rows))
        elif self.open_groups:
            self.open_groups.pop()
        else:
            self.refuse(row, "No group is open that could be ended here.", "type")

    def begin_group(self, row: Row) -> None:
        if self.open_grid is None and row.text("appearance").lower() in grid_appearances:
            self.open_grid = begin_grid(row, self)
            return
        if self.open_groups or self.open_grid is not None:
            self.refuse(row, "A group inside a group is not supported.", "type")
        for name in _question_fields:
            if row.text(name) or row.translations(name):
                self.refuse(row, f"A group cannot have a {name.replace('_', ' ')}.", name)
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
        look = read_look(row_type, row.text("appearance"))
        if look is None:
            self.refuse(row, f"The appearance {row.text('appearance')!r} is not supported.", "appearance")
        chosen = self.read_choices(row, row_type)
        question = Question(
            name=row.text("name"),
            type=look[0] if look else row_type.question_type,
            appearance=look[1] if look else "",
            label=row.translations("label"),
            hint=row.translations("hint"),
            choices=chosen.choices,
            is_required=read_flag(row, "required", self.survey, self.errors),
            may_decline=read_flag(row, "may_decline", self.survey, self.errors),
            required_message=row.translations("required_message"),
            relevant=_join_conditions(block.relevant, row.text("relevant")),
            constraint=row.text("constraint"),
            constraint_message=row.translations("constraint_message"),
            list_name=row.text("name") if row_type.is_range else self.name_list(row_type),
            concept=row.text("concept"),
            remember_as=row.text("remember_as"),
        )
        return PlacedQuestion(question, row.number, chosen.rows)

    def read_choices(self, row: Row, row_type: RowType) -> ChoiceList:
        if row_type.is_range:
            points = read_range(row.text("parameters"), self.languages)
            if not isinstance(points, str):
                return ChoiceList(points, (0,) * len(points))
            self.refuse(row, points, "parameters")
            self.refused_names.add(row.text("name"))
        elif row.text("parameters"):
            self.refuse(row, "Only a range has parameters.", "parameters")
        if row_type.list_name in self.lists:
            rows = self.lists[row_type.list_name]
            return read_choices(rows, self.choices, row_type, self.languages, row.number, self.errors)
        if row_type.list_name:
            self.refuse(row, f"The list {row_type.list_name} is not on the choices sheet.", "type")
        return ChoiceList((), ())

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
    "may_decline",
    "parameters",
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
