"""The `type` column: what a row of the survey sheet is."""

import re
from typing import Literal

import msgspec

from survey_service.domain.questionnaire import Appearance, Question, QuestionType

RowKind = Literal["question", "begin_group", "end_group", "fact"]

_select = re.compile(
    r"(?:add )?(?P<kind>select[_ ]one|select1|select[_ ]multiple|select all that apply|rank)(?: from)? "
    r"(?P<list>\S+)(?P<other> or_other| or specify other| or other)?",
    re.IGNORECASE,
)
_simple: dict[str, QuestionType] = {
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "text": "text",
    "string": "text",
    "acknowledge": "consent",
    "trigger": "consent",
    "range": "scale",
    "note": "note",
}
_looks: dict[tuple[QuestionType, str], tuple[QuestionType, Appearance]] = {
    ("text", "multiline"): ("text", "multiline"),
    ("text", "postcode"): ("postcode", ""),
    ("text", "postcode area"): ("postcode", "area"),
    ("select_one", "likert"): ("scale", ""),
    ("select_one", "likert numbers"): ("scale", "numbers"),
    ("select_one", "likert smileys"): ("scale", "smileys"),
}
"""What a type with an appearance stands for. Other programs leave a word aside that they do not know."""
_written = {ours: theirs for theirs, ours in _looks.items()}
_written_types = {"consent": "acknowledge"}
grid_appearances: dict[str, Appearance] = {"table-list": "", "table-list scale": "scale"}
_unsupported = {
    "begin repeat": "Questions that repeat",
    "end repeat": "Questions that repeat",
    "begin loop": "Questions that repeat",
    "end loop": "Questions that repeat",
    "calculate": "Calculated values",
    "include": "Parts from other files",
}
supported = (
    "select_one, select_multiple, rank, range, integer, decimal, date, text, acknowledge, note, hidden, "
    "begin_group or end_group"
)


_select_types: dict[str, QuestionType] = {
    "select one": "select_one",
    "select1": "select_one",
    "rank": "rank",
}


class RowType(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: RowKind
    question_type: QuestionType = "note"
    list_name: str = ""
    has_other: bool = False
    is_range: bool = False


def read_type(text: str) -> RowType | str:
    """What a type stands for, or why it is not supported."""
    words = " ".join(text.split())
    lower = words.lower().replace("_", " ")
    if lower in ("begin group", "end group"):
        return RowType(kind="begin_group" if lower == "begin group" else "end_group")
    if lower == "hidden":
        return RowType(kind="fact")
    if words.lower() in _simple:
        return RowType(kind="question", question_type=_simple[words.lower()], is_range=lower == "range")
    if found := _select.fullmatch(words):
        kind = found["kind"].lower().replace("_", " ")
        if kind == "rank" and found["other"]:
            return "A ranking cannot have an answer that is written by hand (or_other)."
        return RowType(
            kind="question",
            question_type=_select_types.get(kind, "select_multiple"),
            list_name=found["list"],
            has_other=found["other"] is not None,
        )
    for start, what in _unsupported.items():
        if lower.startswith(start):
            return f"{what} ({words[:40]}) are not supported."
    return f"The type {words[:60]!r} is not supported."


def read_look(row_type: RowType, appearance: str) -> tuple[QuestionType, Appearance] | None:
    """The type and the look of a question, or None where it cannot look like this."""
    words = " ".join(appearance.lower().split())
    if row_type.is_range:
        return None if words else ("scale", "numbers")
    if not words:
        return row_type.question_type, ""
    return _looks.get((row_type.question_type, words))


def write_look(question: Question) -> tuple[str, str]:
    """The type without its list, and the appearance, that `read_look` understands."""
    kind, appearance = _written.get((question.type, question.appearance), (question.type, ""))
    return _written_types.get(kind, kind), appearance
