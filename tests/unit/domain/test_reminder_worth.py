"""Whether a reminder is worth it, by hand."""

import pytest

from survey_service.domain.reminder_worth import FIRST_GAINS, ReminderWorth, judge_reminder


def judge(**overrides: float) -> ReminderWorth:
    """A stratum that lacks 20 of 100 answers; 400 have not answered, 200 were not asked yet."""
    usual: dict[str, float] = {
        "needed": 100, "answered": 80, "waiting": 400, "gain": FIRST_GAINS[0], "response": 0.15,
        "left_to_invite": 200,
    }  # fmt: skip
    return judge_reminder(**(usual | overrides))  # type: ignore[arg-type]


def test_a_first_reminder_brings_an_answer_for_ninety_seconds_and_inviting_for_a_hundred() -> None:
    found = judge()
    assert found.is_worth_it
    assert found.brings == pytest.approx(44.0)
    assert found.seconds_an_answer == pytest.approx(10 / 0.11)
    assert found.inviting_seconds_an_answer == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("overrides", "verdict"),
    [
        ({"answered": 100}, "target_met"),
        ({"gain": FIRST_GAINS[1]}, "inviting_costs_less"),  # 250 seconds an answer
        ({"gain": FIRST_GAINS[1], "left_to_invite": 100}, "worth_it"),  # too few left to invite instead
        ({"gain": FIRST_GAINS[1], "left_to_invite": 0}, "cannot_be_met"),  # 16 of the 20 that are missing
        ({"needed": 200}, "cannot_be_met"),
        ({"gain": 0.0}, "costs_more_than_it_brings"),
        ({"gain": 0.025, "opt_out": 0.1}, "costs_more_than_it_brings"),  # 10 now, 12 lost in the year
        ({"waiting": 0}, "costs_more_than_it_brings"),
    ],
)
def test_why_it_is_not(overrides: dict[str, float], verdict: str) -> None:
    assert judge(**overrides).verdict == verdict
