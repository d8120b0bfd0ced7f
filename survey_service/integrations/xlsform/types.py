"""The `type` column: what a row of the survey sheet is."""

import re
from typing import Literal

import msgspec

from survey_service.domain.questionnaire import QuestionType

RowKind = Literal["question", "begin_group", "end_group"]

_select = re.compile(
    r"(?:add )?(?P<kind>select[_ ]one|select1|select[_ ]multiple|select all that apply)(?: from)? "
    r"(?P<list>\S+)(?P<other> or_other| or specify other| or other)?",
    re.IGNORECASE,
)
_simple: dict[str, QuestionType] = {
    "integer": "integer",
    "int": "integer",
    "text": "text",
    "string": "text",
    "note": "note",
}
_unsupported = {
    "begin repeat": "Questions that repeat",
    "end repeat": "Questions that repeat",
    "begin loop": "Questions that repeat",
    "end loop": "Questions that repeat",
    "calculate": "Calculated values",
    "include": "Parts from other files",
    "hidden": "Hidden values",
}
supported = "select_one, select_multiple, integer, text, note, begin_group or end_group"


class RowType(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: RowKind
    question_type: QuestionType = "note"
    list_name: str = ""
    has_other: bool = False


def read_type(text: str) -> RowType | str:
    """What a type stands for, or why it is not supported."""
    words = " ".join(text.split())
    lower = words.lower().replace("_", " ")
    if lower in ("begin group", "end group"):
        return RowType(kind="begin_group" if lower == "begin group" else "end_group")
    if words.lower() in _simple:
        return RowType(kind="question", question_type=_simple[words.lower()])
    if found := _select.fullmatch(words):
        is_one = found["kind"].lower() in ("select_one", "select one", "select1")
        return RowType(
            kind="question",
            question_type="select_one" if is_one else "select_multiple",
            list_name=found["list"],
            has_other=found["other"] is not None,
        )
    for start, what in _unsupported.items():
        if lower.startswith(start):
            return f"{what} ({words[:40]}) are not supported."
    return f"The type {words[:60]!r} is not supported."
