"""What a questionnaire is: a core plus blocks of questions, each text in several languages.

The structs are what is stored (as JSON) with a questionnaire version and what every other layer
reads. They hold authors' texts per language; nothing here is translated by gettext.
"""

from typing import Literal

import msgspec

type_names = ("select_one", "select_multiple", "integer", "text", "note")
QuestionType = Literal["select_one", "select_multiple", "integer", "text", "note"]

Texts = dict[str, str]
"""Locale (as in `locales/`, for example `en`, `fr`, `bn`, `ar`) to the author's text."""


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One option of a select question."""

    name: str
    label: Texts
    takes_text: bool = False
    """True for "other – please say": choosing it offers a short text."""


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question, or a note (a text without an answer)."""

    name: str
    """Also the name of the field in the HTML form: a letter, then letters, digits and underscores."""
    type: QuestionType
    label: Texts
    hint: Texts = {}
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    required_message: Texts = {}
    relevant: str = ""
    """XPath-like condition (XLSForm `relevant`), empty when always shown; see domain/expressions.py."""
    constraint: str = ""
    """XPath-like condition on `.` (XLSForm `constraint`)."""
    constraint_message: Texts = {}
    list_name: str = ""
    """Name of the choice list in the workbook, kept so that export gives back the same list."""

    @property
    def takes_answer(self) -> bool:
        """False for a note, which is only read."""
        return self.type != "note"

    @property
    def takes_choices(self) -> bool:
        return self.type in ("select_one", "select_multiple")


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
    version: str = ""

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

    def questions_of(self, questionnaire: Questionnaire) -> tuple[Question, ...]:
        """The questions this form asks, in the questionnaire's order, core first."""
        chosen = set(self.block_names)
        return questionnaire.core.questions + tuple(
            question for block in questionnaire.blocks if block.name in chosen for question in block.questions
        )
