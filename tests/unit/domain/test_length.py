import pytest

from survey_service.domain.length import (
    count_points,
    judge_length,
    plan_seconds,
    points_of,
    points_of_type,
)
from survey_service.domain.questionnaire import Choice, GridRow, Question, type_names
from tests.surveys.load import load_survey


def test_every_type_has_points() -> None:
    assert set(points_of_type) == set(type_names)


def test_eighty_five_points_are_a_quarter_of_an_hour() -> None:
    assert plan_seconds(85) == 15 * 60
    assert plan_seconds(1) == 11
    assert plan_seconds(0) == 0
    assert count_points(load_survey("required").questions()) == 9


@pytest.mark.parametrize(
    ("seconds", "level", "minutes"),
    [
        (0, "on_target", 1),
        (53, "on_target", 1),
        (61, "on_target", 2),
        (180, "on_target", 3),
        (181, "over_target", 4),
        (300, "over_target", 5),
        (301, "needs_reason", 6),
        (600, "needs_reason", 10),
        (601, "cannot_launch", 11),
    ],
)
def test_a_length_is_judged_by_the_three_limits(seconds: int, level: str, minutes: int) -> None:
    verdict = judge_length(seconds)

    assert (verdict.level, verdict.planned_minutes, verdict.planned_seconds) == (level, minutes, seconds)


def test_the_limits_are_settings() -> None:
    assert judge_length(100, target=10, soft_limit=20, hard_limit=90).level == "cannot_launch"


def test_a_question_costs_what_it_holds() -> None:
    rows = tuple(GridRow(name=f"r{at}", label={}) for at in range(4))
    things = tuple(Choice(name=f"c{at}", label={}) for at in range(5))

    assert points_of(Question(name="q", type="grid", label={}, rows=rows, choices=things)) == 4
    assert points_of(Question(name="q", type="rank", label={}, choices=things)) == 3
    assert points_of(Question(name="q", type="text", label={})) == 2
    assert points_of(Question(name="q", type="text", label={}, appearance="multiline")) == 3
