"""Send what a draw reserved. Sent is what counts: ticket, rest, promise and ledger move here.

The gate is asked again for each person, since the day of the draw may be past: who may not be asked any
more loses the reservation, and keeps the place in the queue.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from sampling.tickets import advance_clocks, advance_tickets
from survey_service.db import audit_event, cell, draw, invitation, ledger_event, message, register
from survey_service.db.draw import WaveFacts
from survey_service.db.engine import transaction
from survey_service.db.invitation import NewInvitation, Reserved
from survey_service.db.ledger_event import LedgerEntry
from survey_service.db.message import NewMessage
from survey_service.db.survey import Survey
from survey_service.domain.burden import invitation_seconds
from survey_service.domain.contact_gate import Allow, Deny
from survey_service.domain.errors import Conflict, NotFound
from survey_service.domain.tokens import KEY_VERSION
from survey_service.services.gate.contact_gate import Purpose, local_day, may_contact, refuse_frozen
from survey_service.services.questionnaires.manage_survey import get_newest_version, get_survey
from survey_service.settings import Settings

NEWSLETTER = "newsletter"
"""Channel of what went out inside an issue."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the invitations that waited."""

    survey: str
    wave: int
    sent: int
    cancelled: dict[str, int]
    """How many may not be asked any more, by reason."""
    waiting: int
    """Of replicates that were not released."""


async def send_invitations(
    slug: str,
    settings: Settings,
    *,
    wave: int | None = None,
    replicates: Sequence[int] | None = None,
    at: datetime | None = None,
    staff: int | None = None,
) -> Sent:
    """Send the reserved invitations of a wave (the newest), or of some of its replicates, all or none."""
    at = at or datetime.now(UTC)
    async with transaction():
        await register.lock_register()
        found = await get_survey(slug)
        if found.state != "open":
            raise Conflict(f"The survey {slug} is not open, so its links would lead nowhere.")
        chosen = choose_wave(await draw.list_waves(found.id), slug, wave)
        await check_replicates(chosen, replicates)
        version = await get_newest_version(found)
        longest = max(form.planned_seconds for form in version.forms.values())
        sent = await send_wave(found, chosen, settings, at=at, replicates=replicates, form_seconds=longest)
        await audit_event.add_audit_event(
            staff=staff, action="survey.send", object_kind="wave", object_id=str(chosen.id),
            detail={"survey": slug, "sent": sent.sent, "replicates": name_replicates(replicates)},
        )  # fmt: skip
    return sent


def choose_wave(waves: Sequence[WaveFacts], slug: str, number: int | None) -> WaveFacts:
    """Return the wave of that number, or the newest."""
    found = [one for one in waves if number is None or one.number == number]
    if not found:
        wave = "a wave" if number is None else f"wave {number}"
        raise NotFound(f"The survey {slug} has not drawn {wave}.", hint=f"Run: survey-service draw {slug}")
    return found[-1]


async def check_replicates(wave: WaveFacts, numbers: Sequence[int] | None) -> None:
    """Refuse numbers that the wave's draw has no replicate of."""
    known = await draw.list_replicates(wave.id)
    unknown = sorted(set(numbers or ()) - set(known))
    if unknown:
        raise NotFound(
            f"Wave {wave.number} has no replicate {unknown[0]}.",
            expected=f"one of {', '.join(map(str, known))}" if known else None,
        )


def name_replicates(replicates: Sequence[int] | None) -> str:
    """Say for the audit log which parts of a draw something was about."""
    return "all" if replicates is None else ", ".join(map(str, replicates))


async def send_wave(
    found: Survey,
    wave: WaveFacts,
    settings: Settings,
    *,
    at: datetime,
    form_seconds: int,
    replicates: Sequence[int] | None = None,
) -> Sent:
    """Send inside a transaction that holds the register's lock."""
    await refuse_frozen("invitation", found.id)
    waiting = await invitation.list_reserved(wave.id, replicates)
    purpose = Purpose(survey=found.id, wave=wave.id, form_seconds=form_seconds)
    fates = await _ask_gate(found, waiting, settings, at, purpose)
    expires_at = at + timedelta(days=settings.link_days)
    await invitation.mark_sent(
        list(fates.receipts), list(fates.receipts.values()), at=at, expires_at=expires_at
    )
    await invitation.cancel_each(list(fates.reasons), list(fates.reasons.values()), at)
    await _charge_and_move_on(found, waiting, fates, settings, at)
    await draw.release_replicates(wave.id, replicates, at)
    return Sent(
        survey=found.slug,
        wave=wave.number,
        sent=len(fates.receipts),
        cancelled=dict(Counter(fates.reasons.values())),
        waiting=len(await invitation.list_reserved(wave.id)) if replicates is not None else 0,
    )


async def send_drawn(
    found: Survey,
    wave: int,
    drawn: Sequence[tuple[NewInvitation, Reserved]],
    settings: Settings,
    *,
    at: datetime,
    form_seconds: int,
) -> None:
    """Write the invitations of a draw as sent, where the gate allows: none of them waits in between.

    In the transaction of the draw. Told what `reserve_members` would write, with the same people.
    """
    waiting = [one for _, one in drawn]
    purpose = Purpose(survey=found.id, wave=wave, form_seconds=form_seconds)
    fates = await _ask_gate(found, waiting, settings, at, purpose)
    await invitation.copy_invitations(
        [
            msgspec.structs.replace(
                new, receipt=fates.receipts.get(new.id), cancelled_for=fates.reasons.get(new.id)
            )
            for new, _ in drawn
        ],
        wave=wave,
        key_version=KEY_VERSION,
        at=at,
        expires_at=at + timedelta(days=settings.link_days),
    )
    await _charge_and_move_on(found, waiting, fates, settings, at)
    await draw.release_replicates(wave, None, at)


class _Fates(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate said, by id of the invitation."""

    receipts: dict[int, int]
    reasons: dict[int, str]


async def _ask_gate(
    found: Survey, waiting: Sequence[Reserved], settings: Settings, at: datetime, purpose: Purpose
) -> _Fates:
    decisions = await may_contact([one.contact for one in waiting], "invitation", at, settings, purpose)
    pairs = list(zip(waiting, decisions, strict=True))
    if any(isinstance(one, Deny) and one.reason == "near_issue" for one in decisions):
        raise Conflict(
            "Nothing may be sent so near to an issue of the newsletter: it would be two contacts.",
            hint=f"`survey-service forecast {found.slug}` names the nearest days.",
        )
    return _Fates(
        receipts={one.id: given.receipt for one, given in pairs if isinstance(given, Allow)},
        reasons={one.id: given.reason for one, given in pairs if isinstance(given, Deny)},
    )


async def send_ridden(
    found: Survey, wave: int, receipts: Mapping[int, int], settings: Settings, *, at: datetime
) -> int:
    """Turn invitations (with their receipts) that went out inside an issue into sent ones; return how many.

    In a transaction that holds the register's lock. The gate allowed them before their links were written.
    """
    waiting = [one for one in await invitation.list_reserved(wave) if one.id in receipts]
    fates = _Fates(receipts={one.id: receipts[one.id] for one in waiting}, reasons={})
    await invitation.mark_sent(
        list(fates.receipts),
        list(fates.receipts.values()),
        at=at,
        expires_at=at + timedelta(days=settings.link_days),
    )
    await _charge_and_move_on(found, waiting, fates, settings, at, rode=True)
    await draw.release_sent_replicates(wave, at)
    return len(waiting)


async def _charge_and_move_on(
    found: Survey,
    waiting: Sequence[Reserved],
    fates: _Fates,
    settings: Settings,
    at: datetime,
    *,
    rode: bool = False,
) -> None:
    allowed = [one for one in waiting if one.id in fates.receipts]
    receipts = [fates.receipts[one.id] for one in allowed]
    entries = [
        LedgerEntry(
            pseudonym=one.pseudonym,
            seconds=invitation_seconds,
            planned_seconds=one.planned_seconds,
            receipt=receipt,
        )
        for one, receipt in zip(allowed, receipts, strict=True)
    ]
    await ledger_event.copy_entries(entries, kind="invitation", survey_slug=found.slug, at=at)
    messages = [
        NewMessage(
            receipt=receipt, contact=one.contact, invitation=one.id,
            channel=NEWSLETTER if rode else one.channel,
        )
        for one, receipt in zip(allowed, receipts, strict=True)
    ]  # fmt: skip
    note = message.note_sent if rode else message.queue_messages
    await note(messages, kind="invitation", at=at)
    await _move_on(allowed, settings, at)


async def _move_on(allowed: list[Reserved], settings: Settings, at: datetime) -> None:
    """Give whoever was sent an invitation the place a turn later, and the clocks the tickets taken."""
    day = local_day(at, settings)
    taken = np.array([one.unit_ticket for one in allowed], dtype=np.float64)
    inner = np.array([one.inner_ticket for one in allowed], dtype=np.float64)
    await draw.mark_invited(
        units=[one.unit for one in allowed],
        tickets=advance_tickets(np.array([one.unit_prn for one in allowed]), taken).tolist(),
        contacts=[one.contact for one in allowed],
        inner_tickets_before=inner.tolist(),
        inner_tickets=advance_tickets(np.array([one.prn for one in allowed]), inner).tolist(),
        on_day=day,
        promised_from=day + timedelta(days=settings.rest_days),
    )
    clocks = {one.id: one.clock for one in await cell.list_cells()}
    ids = np.array(sorted(clocks), dtype=np.int64)
    code = np.searchsorted(ids, [one.cell for one in allowed]).astype(np.int64)
    after = advance_clocks(np.array([clocks[one] for one in ids.tolist()], dtype=np.float64), code, taken)
    await cell.set_clocks(ids.tolist(), after.tolist())
