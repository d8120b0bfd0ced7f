"""The contact gate: the only door. Whatever is sent to a person was allowed here and carries a receipt.

Nothing passed to it can relax a person's rest, cap or promise: it takes people, a kind and a moment.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from survey_service.db import contact_freeze, newcomer, newsletter_issue, receipt, register
from survey_service.db.contact_standing import IN_FRAME, LEFT
from survey_service.db.invitation import (
    PersonFacts,
    PersonStanding,
    list_person_facts,
    list_person_standings,
)
from survey_service.domain.contact_gate import (
    Allow,
    Decision,
    Deny,
    Kind,
    check_kind,
    is_near_issue,
    most_reminders,
    most_service_messages,
    most_service_messages_to_newcomer,
)
from survey_service.domain.errors import Conflict
from survey_service.services.gate.explain_standing import judge_unit
from survey_service.services.gate.unit_standing import ELIGIBLE, REASONS, load_rules, read_standing
from survey_service.settings import Settings

DAY = timedelta(days=1)


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """What a message is for: the survey and, for what it reserved, the wave and the longest form."""

    survey: int | None = None
    wave: int | None = None
    form_seconds: int = 0
    issue: date | None = None
    """Of the newsletter, when it rides inside one: then it is no second contact."""


async def may_contact(
    contacts: Sequence[int], kind: Kind, at: datetime, settings: Settings, purpose: Purpose | None = None
) -> list[Decision]:
    """Decide for each of these people, in order, and write the receipts of those who may be contacted.

    In the transaction that also writes the messages: either both are there or neither.
    """
    check_kind(kind)
    if kind != "service":
        # A service message moves no place and spends nothing: nobody waits for a draw to get a code.
        await register.lock_register()
    purpose = purpose or Purpose()
    reasons = await judge_contacts(contacts, kind, at, settings, purpose)
    allowed = [contact for contact, reason in zip(contacts, reasons, strict=True) if reason is None]
    given = iter(await receipt.give_receipts(allowed, kind=kind, survey=purpose.survey, at=at))
    until = await _find_until(contacts, kind, at, settings, purpose)
    return [
        Allow(receipt=next(given)) if reason is None else Deny(reason=reason, until=until)
        for reason in reasons
    ]


async def may_serve_newcomer(person: int, at: datetime) -> Decision:
    """Decide about a service message to somebody who is not in the register, and write its receipt.

    In the transaction that also writes the message. Few a day to one address: anybody can type it in.
    """
    found = await newcomer.find_newcomer(person, at - DAY)
    reason = None
    if await contact_freeze.find_active("service", None):
        reason = "frozen"
    elif found is None:
        reason = "unknown"
    elif found.email is None or found.expires_at <= at:
        reason = "no_channel"
    elif found.messages_today >= most_service_messages_to_newcomer:
        reason = "too_many"
    if reason is not None:
        return Deny(reason=reason)
    return Allow(receipt=await receipt.give_newcomer_receipt(person, at=at))


async def refuse_frozen(kind: Kind, survey: int | None) -> None:
    """Refuse to begin what a freeze holds."""
    active = await contact_freeze.find_active(kind, survey)
    if active is not None:
        scope = "Everything" if active.kind is None else f"Every {active.kind}"
        if active.purpose:
            scope = f"{scope} for {active.purpose}"
        raise Conflict(
            f"{scope} is frozen since {active.starts_at:%Y-%m-%d %H:%M}: {active.reason}.",
            hint="When it is over, run: survey-service thaw",
        )


async def judge_contacts(
    contacts: Sequence[int], kind: Kind, at: datetime, settings: Settings, purpose: Purpose
) -> list[str | None]:
    """Return each person's reason why not, None where there is none. Writes nothing."""
    if await contact_freeze.find_active(kind, purpose.survey):
        return ["frozen"] * len(contacts)
    day = local_day(at, settings)
    if kind != "service" and kind != "newsletter" and await _is_near_issue(day, settings, purpose.issue):
        return ["near_issue"] * len(contacts)
    if purpose.issue is not None:
        return await _judge_riders(contacts, kind, at, settings, purpose)
    return await _judge_kind(contacts, kind, at, settings, purpose)


async def _judge_kind(
    contacts: Sequence[int], kind: Kind, at: datetime, settings: Settings, purpose: Purpose
) -> list[str | None]:
    day = local_day(at, settings)
    if kind == "invitation":
        people = {one.contact: one for one in await list_person_standings(contacts)}
        units = await _judge_units(people, day, settings, purpose)
        return [_judge_invitation(people.get(one), units, day) for one in contacts]
    found = await list_person_facts(contacts, purpose.survey, at - DAY)
    facts = {one.contact: one for one in found}
    judge = _JUDGES[kind]
    return [judge(facts[one], at, day, settings) if one in facts else "unknown" for one in contacts]


def local_day(at: datetime, settings: Settings) -> date:
    """Return the day a moment belongs to where days are counted."""
    return at.astimezone(ZoneInfo(settings.time_zone)).date()


async def _is_near_issue(day: date, settings: Settings, ridden: date | None) -> bool:
    """An issue that the message rides in does not stand in its own way, on its own day."""
    issues = [one for one in await newsletter_issue.list_issues() if not one == ridden == day]
    return is_near_issue(day, issues, settings.issue_distance_days)


async def _judge_riders(
    contacts: Sequence[int], kind: Kind, at: datetime, settings: Settings, purpose: Purpose
) -> list[str | None]:
    """Only people who take the newsletter, too, get what rides inside it; all else is judged as ever."""
    found = await list_person_facts(contacts, purpose.survey, at - DAY)
    takes = {one.contact for one in found if one.wants_newsletter}
    reasons = await _judge_kind(contacts, kind, at, settings, purpose)
    return [
        reason or (None if contact in takes else "no_newsletter_consent")
        for contact, reason in zip(contacts, reasons, strict=True)
    ]


async def _judge_units(
    people: dict[int, PersonStanding], day: date, settings: Settings, purpose: Purpose
) -> dict[int, str | None]:
    units = np.unique(np.array([one.unit for one in people.values()], dtype=np.int64))
    standing = await read_standing(
        await load_rules(settings, survey=purpose.survey, form_seconds=purpose.form_seconds),
        day,
        settings,
        units=units.tolist(),
        sending_wave=purpose.wave,
    )
    reasons = standing.reasons(day.toordinal()).tolist()
    return {
        unit: None if reason == ELIGIBLE else REASONS[reason]
        for unit, reason in zip(standing.ids.tolist(), reasons, strict=True)
    }


def _judge_invitation(one: PersonStanding | None, units: dict[int, str | None], day: date) -> str | None:
    if one is None:
        return "unknown"
    return _outside(one, day) or units.get(one.unit, "unknown")


def _outside(one: PersonStanding, day: date) -> str | None:
    """The person's own reason to stand outside the frame: a unit may stand better than one of its people."""
    if one.standing == IN_FRAME or (one.paused_until is not None and one.paused_until <= day):
        return None
    return REASONS[one.standing]


def _judge_reminder(one: PersonFacts, at: datetime, day: date, settings: Settings) -> str | None:
    if one.invitation_state in (None, "reserved") or one.expires_at is None:
        return "not_invited"
    if one.invitation_state in ("answered", "cancelled"):
        return one.invitation_state
    if one.expires_at <= at:
        return "expired"
    if one.reminders >= min(settings.reminders, most_reminders):
        return "enough_reminders"
    return _outside(one, day)


def _judge_newsletter(one: PersonFacts, at: datetime, day: date, settings: Settings) -> str | None:
    if not one.wants_newsletter:
        return "no_newsletter_consent"
    return None if one.has_address else "no_channel"


def _judge_keep_warm(one: PersonFacts, at: datetime, day: date, settings: Settings) -> str | None:
    last = one.last_contact
    if last is not None and (day - local_day(last, settings)).days < settings.keep_warm_days:
        return "not_quiet"
    return _outside(one, day)


def _judge_outcome(one: PersonFacts, at: datetime, day: date, settings: Settings) -> str | None:
    if one.standing == LEFT:
        return "left"
    return None if one.has_address else "no_channel"


def _judge_service(one: PersonFacts, at: datetime, day: date, settings: Settings) -> str | None:
    if one.service_messages >= most_service_messages:
        return "too_many"
    return None if one.has_address else "no_channel"


_JUDGES = {
    "reminder": _judge_reminder,
    "newsletter": _judge_newsletter,
    "keep_warm": _judge_keep_warm,
    "outcome": _judge_outcome,
    "service": _judge_service,
}


async def _find_until(
    contacts: Sequence[int], kind: Kind, at: datetime, settings: Settings, purpose: Purpose
) -> date | None:
    """From when one person may be invited again; nobody asks that of a whole list."""
    if kind != "invitation" or len(contacts) != 1:
        return None
    people = await list_person_standings(contacts)
    if not people:
        return None
    day = local_day(at, settings)
    rules = await load_rules(settings, survey=purpose.survey, form_seconds=purpose.form_seconds)
    unit = await read_standing(rules, day, settings, units=[people[0].unit], sending_wave=purpose.wave)
    return judge_unit(unit, day).until if unit.ids.size else None
