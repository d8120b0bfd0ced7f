"""Why one person may or may not be invited on a day: the reason a draw would give, and until when."""

from datetime import date

import msgspec

from survey_service.db import contact_history
from survey_service.db.contact import ContactFacts
from survey_service.services.gate.unit_standing import (
    ELIGIBLE,
    OUTSIDE,
    REASONS,
    UnitStanding,
    load_rules,
    read_standing,
)
from survey_service.settings import Settings


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`reason` is one of REASONS where the person may not be invited; `until` the first day it is over."""

    may: bool
    reason: str = ""
    until: date | None = None


async def explain_standing(contact: ContactFacts, settings: Settings, *, day: date) -> Standing:
    """Say how a person stands before the shortest of surveys."""
    own, paused_until = await contact_history.find_standing(contact.id)
    is_paused = REASONS[own] == "paused" if own < OUTSIDE else False
    if own < OUTSIDE and not (is_paused and paused_until and paused_until <= day):
        return Standing(may=False, reason=REASONS[own], until=paused_until if is_paused else None)
    rules = await load_rules(settings, survey=None, form_seconds=1)
    return judge_unit(await read_standing(rules, day, settings, units=[contact.unit]), day)


def judge_unit(unit: UnitStanding, day: date) -> Standing:
    """Say how the only unit of `unit` stands on a day, and from when it may be asked again."""
    today = day.toordinal()
    reason = int(unit.reasons(today)[0])
    if reason == ELIGIBLE:
        return Standing(may=True)
    free = (one for one in unit.days_of_change(today).tolist() if unit.reasons(one)[0] == ELIGIBLE)
    first = next(free, None)
    return Standing(may=False, reason=REASONS[reason], until=first and date.fromordinal(first))
