"""How long a form takes, before anybody answered it: points per question, seconds, and what follows.

Points: Pew Research Center plans its online surveys in points, a stand-alone question counting one and
85 points making 15 minutes, so a point is 900/85 = 10.6 seconds ("How we keep our online surveys from
running too long", Decoded, 8 December 2022). That open questions cost several points is theirs. That it is
three for a long text, two for a short one, one for each row of a grid (on a phone it is a question of its
own), one for every two things to rank, and one for a note, is our assumption until measured times replace it.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from survey_service.domain.questionnaire import Question, QuestionType

points_of_type: dict[QuestionType, int] = {
    "select_one": 1,
    "select_multiple": 1,
    "scale": 1,
    "grid": 1,
    "rank": 1,
    "integer": 1,
    "decimal": 1,
    "date": 1,
    "text": 2,
    "postcode": 1,
    "consent": 1,
    "note": 1,
}
"""Of the plain kind; `points_of` counts what a question holds."""
seconds_per_point = 15 * 60 / 85
target_seconds = 3 * 60
soft_limit_seconds = 5 * 60
hard_limit_seconds = 10 * 60

LengthLevel = Literal["on_target", "over_target", "needs_reason", "cannot_launch"]


fewest_timed = 30
"""Timed completes of a form after which the time that is told is the measured one."""
told_share = 0.75
"""Three in four are done in the time that is told."""


class LengthVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the planned length means for the launch."""

    planned_seconds: int
    planned_minutes: int
    """Full minutes as told to respondents: rounded up, at least one."""
    level: LengthLevel


def points_of(question: Question) -> int:
    """The points of one question as it stands."""
    points = points_of_type[question.type]
    if question.type == "grid":
        return points * max(1, len(question.rows))
    if question.type == "rank":
        return points * max(1, (len(question.choices) + 1) // 2)
    return points + (question.appearance == "multiline")


def count_points(questions: Iterable[Question]) -> int:
    return sum(map(points_of, questions))


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


def told_minutes(planned_seconds: int, measured_seconds: int | None = None) -> int:
    """Full minutes as told to respondents, rounded up, at least one: the measured time where there is one."""
    seconds = planned_seconds if measured_seconds is None else measured_seconds
    return judge_length(seconds).planned_minutes
