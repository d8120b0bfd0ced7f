"""Whether a reminder is worth it: what it brings against what it costs, and against inviting others instead.

Gains of a first, second and third reminder are those of a randomised trial with 10,000 people (Gothenburg
Citizen Panel) until the service's own hold-out has measured them.
"""

from typing import Literal

import msgspec

from survey_service.domain.burden import invitation_seconds, reminder_seconds

FIRST_GAINS = (0.11, 0.04, 0.025)
"""Share of those reminded who answer because of it."""

Verdict = Literal[
    "worth_it", "target_met", "cannot_be_met", "costs_more_than_it_brings", "inviting_costs_less"
]


class ReminderWorth(msgspec.Struct, frozen=True, kw_only=True):
    """What a reminder to everybody who has not answered would bring and cost in one stratum."""

    verdict: Verdict
    brings: float
    """Answers now."""
    loses: float
    """Answers of the year ahead, by people who would leave because of it."""
    seconds_an_answer: float | None
    """Of reading reminders, for each answer more; null where it brings none."""
    inviting_seconds_an_answer: float | None
    """Of reading invitations, for each answer, if others were invited instead; null where nobody is left."""

    @property
    def is_worth_it(self) -> bool:
        """Whether to remind."""
        return self.verdict == "worth_it"


def judge_reminder(
    *,
    needed: int,
    answered: int,
    waiting: int,
    gain: float,
    response: float,
    left_to_invite: int,
    opt_out: float = 0.0,
    invitations_a_year: float = 2.0,
) -> ReminderWorth:
    """Judge a reminder in one stratum; `response` is expected of an invitation there.

    `waiting` were asked and have not answered, `left_to_invite` may still be asked, `opt_out` is the share of
    those reminded who leave for good because of it. A stratum that cannot meet its precision is not chased.
    """
    brings = waiting * gain
    loses = waiting * opt_out * response * invitations_a_year
    net = brings - loses
    reminding = waiting * reminder_seconds / net if net > 0 else None
    inviting = invitation_seconds / response if left_to_invite > 0 and response > 0 else None
    missing = needed - answered
    verdict: Verdict = "worth_it"
    if missing <= 0:
        verdict = "target_met"
    elif reminding is None:
        verdict = "costs_more_than_it_brings"
    elif brings + left_to_invite * response < missing:
        verdict = "cannot_be_met"
    elif inviting is not None and left_to_invite * response >= missing and inviting < reminding:
        verdict = "inviting_costs_less"
    return ReminderWorth(
        verdict=verdict,
        brings=brings,
        loses=loses,
        seconds_an_answer=reminding,
        inviting_seconds_an_answer=inviting,
    )
