"""What a questionnaire is: a core plus blocks of questions, each text in several languages.

The structs are what is stored (as JSON) with a questionnaire version and what every other layer
reads. They hold authors' texts per language; nothing here is translated by gettext.
"""

from typing import Literal, get_args

import msgspec

QuestionType = Literal[
    "select_one",
    "select_multiple",
    "scale",
    "grid",
    "rank",
    "integer",
    "decimal",
    "date",
    "text",
    "postcode",
    "consent",
    "note",
]
type_names: tuple[QuestionType, ...] = get_args(QuestionType)

Appearance = Literal["", "multiline", "numbers", "smileys", "scale", "area"]
appearances_of_type: dict[QuestionType, tuple[Appearance, ...]] = {
    "text": ("multiline",),
    "scale": ("numbers", "smileys"),
    "grid": ("scale",),
    "postcode": ("area",),
}
"""How a question can look beside the plain way: a long text, a scale as a row of numbers or of faces, a grid
whose columns are the points of a scale, a postcode of which only the first half (the area) is asked."""

Texts = dict[str, str]
"""Locale (as in `locales/`, for example `en`, `fr`, `bn`, `ar`) to the author's text.

A label or a hint may repeat an earlier answer or a known fact: `${name}`; see domain/piping.py.
"""

declined_option = "--declined"
"""Stands for "prefer not to say" among the choices of a question and among its answers."""


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One option of a select question, one point of a scale, one column of a grid, one thing to rank."""

    name: str
    """The points of a scale are named by whole numbers, its other choices ("don't know") come after them."""
    label: Texts
    takes_text: bool = False
    """True for "other – please say": choosing it offers a short text."""
    is_exclusive: bool = False
    """True for "none of these": it cannot be chosen together with another answer."""

    @property
    def point(self) -> int | None:
        """The number a point of a scale stands for."""
        digits = self.name.removeprefix("-")
        return int(self.name) if digits.isascii() and digits.isdigit() and len(digits) <= 3 else None


class GridRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a grid; it is answered, counted and named in conditions like a question of its own."""

    name: str
    label: Texts


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question, or a note (a text without an answer)."""

    name: str
    """Also the name of the field in the HTML form: a letter, then letters, digits and underscores."""
    type: QuestionType
    label: Texts
    hint: Texts = {}
    choices: tuple[Choice, ...] = ()
    rows: tuple[GridRow, ...] = ()
    """Of a grid: each row is asked with the same choices."""
    appearance: Appearance = ""
    is_required: bool = False
    required_message: Texts = {}
    may_decline: bool = False
    """Offers "prefer not to say", which also satisfies a required question."""
    relevant: str = ""
    """XPath-like condition (XLSForm `relevant`), empty when always shown; see domain/expressions.py."""
    constraint: str = ""
    """XPath-like condition on `.` (XLSForm `constraint`)."""
    constraint_message: Texts = {}
    list_name: str = ""
    """Name of the choice list in the workbook, kept so that export gives back the same list."""
    concept: str = ""
    """What is measured, by its name in the question bank: questions of one concept measure the same."""
    remember_as: str = ""
    """Name of the fact about a person that the answer gives, for example `age_group`: with consent it is
    kept, and not asked again."""

    @property
    def takes_answer(self) -> bool:
        """False for a note, which is only read."""
        return self.type != "note"

    @property
    def takes_choices(self) -> bool:
        return self.type in ("select_one", "select_multiple", "scale", "grid", "rank")

    @property
    def takes_one_choice(self) -> bool:
        """True when an answer is exactly one of the choices."""
        return self.type in ("select_one", "scale")

    @property
    def takes_number(self) -> bool:
        """True when answers have a mean."""
        return self.type in ("integer", "decimal", "scale")

    @property
    def parts(self) -> tuple["Question", ...]:
        """What is answered and counted one by one: the rows of a grid as questions, else the question."""
        if self.type != "grid":
            return (self,)
        return tuple(
            msgspec.structs.replace(
                self,
                name=row.name,
                label=row.label,
                type="scale" if self.appearance == "scale" else "select_one",
                hint={},
                rows=(),
                appearance="",
            )
            for row in self.rows
        )


class Block(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A group of questions that is served together or not at all."""

    name: str
    label: Texts
    questions: tuple[Question, ...]


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole questionnaire: what everybody is asked (core) and the blocks a form picks from."""

    name: str
    title: Texts
    default_language: str
    languages: tuple[str, ...]
    core: Block
    blocks: tuple[Block, ...] = ()
    facts: tuple[str, ...] = ()
    """Known facts about the person that texts may repeat, masked, by these names (see `remember_as`)."""
    version: str = ""
    is_anonymous: bool = False
    """No link is kept from a person to an answer; for good once anybody was drawn or has answered."""

    def questions(self) -> tuple[Question, ...]:
        """All questions and notes in order, core first."""
        return self.core.questions + tuple(q for block in self.blocks for q in block.questions)


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """The short set of blocks one respondent gets: the core and the named blocks."""

    key: str
    """Stable name of the form inside its questionnaire version, for example `b1+b3`."""
    block_names: tuple[str, ...]
    share: float
    """Share of the released invitations that get this form; the shares of a version add up to 1."""
    points: int
    planned_seconds: int
    measured_seconds: int | None = None
    """What three quarters of those who answered it took at most, once enough were timed."""

    def questions_of(self, questionnaire: Questionnaire) -> tuple[Question, ...]:
        """The questions this form asks, in the questionnaire's order, core first."""
        chosen = set(self.block_names)
        return questionnaire.core.questions + tuple(
            question for block in questionnaire.blocks if block.name in chosen for question in block.questions
        )
