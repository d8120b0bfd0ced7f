"""Carry the fieldwork of a wave on: release the next part, remind, or stop when it is enough.

Every step is one transaction under the register's lock and looks anew at how things stand, so a job that was
killed, or two that run at once, do nothing twice.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from sampling.prn import permanent_numbers
from survey_service.db import audit_event, draw, fieldwork, ledger_event, message, register
from survey_service.db.engine import transaction
from survey_service.db.fieldwork import FieldworkFacts, Remindable
from survey_service.db.ledger_event import LedgerEntry
from survey_service.db.message import NewMessage
from survey_service.domain.burden import reminder_seconds
from survey_service.domain.contact_gate import Allow
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.domain.fieldwork import Step, choose_step, hold_out
from survey_service.services.fieldwork.follow_fieldwork import FieldworkStatus, follow_fieldwork
from survey_service.services.gate.contact_gate import Purpose, may_contact
from survey_service.services.messages.send_invitations import choose_wave, send_invitations
from survey_service.services.planning.survey_plan import Plan
from survey_service.services.questionnaires.manage_survey import get_survey
from survey_service.services.rotation.cancel_invitations import cancel_invitations
from survey_service.settings import Settings

DAYS_BETWEEN = 4
MARGIN = 0.05


class StepDone(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a wave led to."""

    survey: str
    wave: int
    step: Step
    count: int = 0
    """Messages sent, or invitations given back."""


async def start_fieldwork(
    slug: str,
    settings: Settings,
    *,
    wave: int | None = None,
    margin: float | None = None,
    days_between: int = DAYS_BETWEEN,
    staff: int | None = None,
) -> FieldworkFacts:
    """Begin the fieldwork of a wave (the newest). Aims are the approved plan's, unless a margin is given."""
    async with transaction():
        await register.lock_register()
        found = await get_survey(slug)
        if found.state != "open":
            raise Conflict(f"The survey {slug} is not open.", hint="Open it first.")
        chosen = choose_wave(await draw.list_waves(found.id), slug, wave)
        if margin is not None and not 0.0 < margin < 1.0:
            raise SurveyServiceError(
                "This precision does not exist.", expected="between 0 and 100 points", got=f"{margin * 100:g}"
            )
        if not 0 <= days_between <= 60:
            raise SurveyServiceError(
                "The pause makes no sense.", expected="0 to 60 days", got=str(days_between)
            )
        aims = await _aims(chosen.id, margin)
        await fieldwork.start_fieldwork(
            chosen.id, margin=aims[0], confidence=aims[1], groups=aims[2], days_between=days_between,
            staff=staff,
        )  # fmt: skip
        await audit_event.add_audit_event(
            staff=staff, action="fieldwork.start", object_kind="wave", object_id=str(chosen.id),
            detail={"survey": slug, "margin": f"{aims[0]:.4f}"},
        )  # fmt: skip
        return await get_fieldwork(chosen.id)


async def _aims(wave: int, margin: float | None) -> tuple[float, float, tuple[tuple[str, ...], ...]]:
    """Margin, confidence and reported groups: of the approved plan if there is one.

    All strata that are not exempt make one group; one that is to be reported alone is a group, too.
    """
    stored = await fieldwork.find_plan(wave)
    names = tuple(one.name for one in await fieldwork.count_strata(wave, datetime.now(UTC)))
    if stored is None:
        return margin or MARGIN, 0.95, (names,)
    plan = msgspec.json.decode(stored, type=Plan)
    whole = tuple(name for name in names if name not in plan.exempt)
    alone = tuple((name,) for name in whole if plan.by_stratum[name].reported == "alone")
    groups = (whole, *(one for one in alone if one != whole))
    return margin or plan.target_margin or MARGIN, plan.confidence, groups


async def get_fieldwork(wave: int) -> FieldworkFacts:
    """Return the fieldwork of a wave or say that there is none."""
    facts = await fieldwork.find_fieldwork(wave)
    if facts is None:
        raise NotFound("This wave has no fieldwork.", hint="Run: survey-service fieldwork start SURVEY")
    return facts


async def run_step(wave: int, settings: Settings, *, at: datetime) -> StepDone:
    """Look at a wave and do what comes next, in one transaction."""
    async with transaction():
        await register.lock_register()
        facts = await get_fieldwork(wave)
        if facts.state != "running":
            return StepDone(survey=facts.survey, wave=facts.number, step="ended")
        status = await follow_fieldwork(facts, settings, at=at)
        worth = [name for name, one in status.reminders.items() if one.is_worth_it]
        step = choose_step(
            status.progress, at=at, days_between=facts.days_between, worth_reminding=bool(worth)
        )
        count = await _do(step, facts, status, worth, settings, at)
        return StepDone(survey=facts.survey, wave=facts.number, step=step, count=count)


async def run_all(settings: Settings, *, at: datetime) -> list[StepDone]:
    """Carry on every wave whose fieldwork runs; what a freeze or an issue holds up is tried again later."""
    done = []
    for facts in await fieldwork.list_running():
        try:
            done.append(await run_step(facts.wave, settings, at=at))
        except Conflict:
            done.append(StepDone(survey=facts.survey, wave=facts.number, step="wait"))
    return done


async def stop_now(wave: int, settings: Settings, *, at: datetime, staff: int | None = None) -> int:
    """Give back what was not sent and end the fieldwork; links that are out go on working."""
    async with transaction():
        await register.lock_register()
        facts = await get_fieldwork(wave)
        count = await cancel_invitations(facts.survey, settings, wave=facts.number, staff=staff)
        await fieldwork.end_fieldwork(wave, "ended", at)
        return count


async def _do(
    step: Step,
    facts: FieldworkFacts,
    status: FieldworkStatus,
    worth: Sequence[str],
    settings: Settings,
    at: datetime,
) -> int:
    if step == "enough":
        count = await cancel_invitations(facts.survey, settings, wave=facts.number)
        await fieldwork.end_fieldwork(facts.wave, "enough", at)
        return count
    if step == "release":
        number = status.progress.unreleased[0]
        sent = await send_invitations(facts.survey, settings, wave=facts.number, replicates=[number], at=at)
        return sent.sent
    if step == "remind":
        return await _remind(facts, status.progress.reminders_sent + 1, worth, settings, at)
    if step == "ended":
        await fieldwork.end_fieldwork(facts.wave, "ended", at)
    return 0


async def _remind(
    facts: FieldworkFacts, number: int, strata: Sequence[str], settings: Settings, at: datetime
) -> int:
    """Remind who has not answered, but for those held out by lot; the gate is asked about each."""
    people = await fieldwork.list_remindable(facts.wave, number, strata, at)
    held = hold_out(await _lots(people, number)) if number == 1 else set()
    asked = [one for one in people if one.invitation not in held]
    found = await get_survey(facts.survey)
    purpose = Purpose(survey=found.id, wave=facts.wave)
    decisions = await may_contact([one.contact for one in asked], "reminder", at, settings, purpose)
    receipts = {
        one.invitation: decision.receipt
        for one, decision in zip(asked, decisions, strict=True)
        if isinstance(decision, Allow)
    }
    if asked and not receipts and all(getattr(one, "reason", "") in _HELD_UP for one in decisions):
        raise Conflict("Reminders are held up: something is frozen, or an issue of the newsletter is near.")
    await fieldwork.note_choices(
        [(one.invitation, one.invitation in held, one.invitation in receipts) for one in people],
        number=number,
        at=at,
    )
    allowed = [one for one in asked if one.invitation in receipts]
    await _queue(allowed, receipts, facts.survey, at)
    await audit_event.add_audit_event(
        staff=None, action="fieldwork.remind", object_kind="wave", object_id=str(facts.wave),
        detail={"survey": facts.survey, "sent": len(allowed), "held_out": len(held)},
    )  # fmt: skip
    return len(allowed)


_HELD_UP = ("frozen", "near_issue")


async def _lots(people: Sequence[Remindable], number: int) -> dict[int, float]:
    """A lot for each person, from the register's seed: nobody chooses who is held out."""
    seed = await register.get_seed()
    lots = permanent_numbers(seed, (f"reminder|{number}|{one.invitation}" for one in people))
    return {one.invitation: lot for one, lot in zip(people, lots.tolist(), strict=True)}


async def _queue(
    allowed: Sequence[Remindable], receipts: dict[int, int], survey_slug: str, at: datetime
) -> None:
    pseudonyms = await fieldwork.list_pseudonyms([one.contact for one in allowed])
    entries = [
        LedgerEntry(
            pseudonym=pseudonyms[one.contact],
            seconds=reminder_seconds,
            planned_seconds=0,
            receipt=receipts[one.invitation],
        )
        for one in allowed
    ]
    await ledger_event.copy_entries(entries, kind="reminder", survey_slug=survey_slug, at=at)
    messages = [
        NewMessage(
            receipt=receipts[one.invitation], contact=one.contact, invitation=one.invitation,
            channel=one.channel,
        )
        for one in allowed
    ]  # fmt: skip
    await message.queue_messages(messages, kind="reminder", at=at)
