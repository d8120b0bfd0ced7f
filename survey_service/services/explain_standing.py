"""Why one person may or may not be invited on a day: the reason a draw would give, and until when."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import contact_history
from survey_service.db.contact import ContactFacts
from survey_service.db.contact_history import StandingFacts
from survey_service.services.survey_frame import REASONS
from survey_service.settings import Settings


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`reason` is one of REASONS where the person may not be invited; `until` the first day it is over."""

    may: bool
    reason: str = ""
    until: date | None = None


async def explain_standing(contact: ContactFacts, settings: Settings, *, day: date) -> Standing:
    """Say how a person stands before any particular survey."""
    first = day - timedelta(days=settings.cap_window_days - 1)
    since = datetime.combine(first, datetime.min.time(), ZoneInfo(settings.time_zone))
    facts = await contact_history.find_standing(contact.id, since=since, time_zone=settings.time_zone)
    return judge_standing(facts, settings, day=day)


def judge_standing(facts: StandingFacts, settings: Settings, *, day: date) -> Standing:
    """The first reason that applies, in the order of REASONS."""
    if facts.standing < REASONS.index("over_budget"):
        return Standing(may=False, reason=REASONS[facts.standing])
    window = timedelta(days=settings.cap_window_days)
    days = sorted(past for past, _ in facts.past)
    if len(days) >= settings.invitations_a_year:
        until = days[-settings.invitations_a_year] + window
        return Standing(may=False, reason="over_budget", until=until)
    rested = facts.last_invited_on and facts.last_invited_on + timedelta(days=settings.rest_days)
    if rested and rested > day:
        return Standing(may=False, reason="resting", until=rested)
    planned = sum(seconds for _, seconds in facts.past)
    if planned >= settings.cap_minutes * 60:
        return Standing(may=False, reason="over_cap", until=days[0] + window)
    return Standing(may=True)
