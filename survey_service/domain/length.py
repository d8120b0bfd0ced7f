"""How long a form takes, before anybody answered it: points per question, seconds, and what follows.

Points: Pew Research Center plans its online surveys in points, a stand-alone question counting one and
85 points making 15 minutes, so a point is 900/85 = 10.6 seconds ("How we keep our online surveys from
running too long", Decoded, 8 December 2022). That open questions cost several points is theirs, that it
is three here, and one for a note, is our assumption until the measured times replace it.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from survey_service.domain.questionnaire import Question, QuestionType

points_of_type: dict[QuestionType, int] = {
    "select_one": 1,
    "select_multiple": 1,
    "integer": 1,
    "text": 3,
    "note": 1,
}
seconds_per_point = 15 * 60 / 85
target_seconds = 3 * 60
soft_limit_seconds = 5 * 60
hard_limit_seconds = 10 * 60

LengthLevel = Literal["on_target", "over_target", "needs_reason", "cannot_launch"]


class LengthVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the planned length means for the launch."""

    planned_seconds: int
    planned_minutes: int
    """Full minutes as told to respondents: rounded up, at least one."""
    level: LengthLevel


def count_points(questions: Iterable[Question]) -> int:
    return sum(points_of_type[question.type] for question in questions)


def plan_seconds(points: int) -> int:
    return round(points * seconds_per_point)


def judge_length(
    planned_seconds: int,
    *,
    target: int = target_seconds,
    soft_limit: int = soft_limit_seconds,
    hard_limit: int = hard_limit_seconds,
) -> LengthVerdict:
    """Compare a planned length with the limits, all in seconds; a length equal to a limit keeps it."""
    level: LengthLevel = "on_target"
    if planned_seconds > hard_limit:
        level = "cannot_launch"
    elif planned_seconds > soft_limit:
        level = "needs_reason"
    elif planned_seconds > target:
        level = "over_target"
    minutes = max(1, -(-planned_seconds // 60))
    return LengthVerdict(planned_seconds=planned_seconds, planned_minutes=minutes, level=level)
