"""Write a draw down with its members, and make an invitation ready for each; nobody moves on."""

from datetime import timedelta

import msgspec

from sampling.draw import ALGORITHM
from survey_service.db import draw, frame, invitation, sequence
from survey_service.db.frame import Member
from survey_service.db.invitation import NewInvitation, Reserved
from survey_service.domain.tokens import KEY_VERSION, hash_token, make_token
from survey_service.services.rotation.drawing import Drawing, MemberDrawn
from survey_service.services.rotation.frozen_frame import freeze
from survey_service.services.rotation.survey_frame import hash_of


class RecordedDraw(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of what was written for a draw."""

    wave: int
    draw: int
    replicates: list[int]
    """In the order of their numbers."""


async def record_draw(drawing: Drawing) -> RecordedDraw:
    """Write wave, draw, strata and replicates."""
    units, frozen = drawing.selection.units, drawing.frozen
    wave = await draw.add_wave(drawing.found.id, drawing.wave)
    draw_id = await draw.add_draw(
        wave=wave,
        on_day=drawing.day,
        seed=drawing.seed,
        algorithm=ALGORITHM,
        frame_hash=bytes.fromhex(hash_of(drawing.look)),
        frame=freeze(frozen),
        rules=msgspec.json.encode(drawing.rules),
    )
    columns = (units.population, units.asked, units.drawn, units.shortfall)
    counts = zip(*(column.tolist() for column in columns), strict=True)
    rows = [(one.id, *row) for one, row in zip(drawing.rules.strata, counts, strict=True)]
    await draw.add_draw_strata(draw_id, rows)
    replicates = await draw.add_replicates(draw_id, len(drawing.rules.replicates))
    return RecordedDraw(wave=wave, draw=draw_id, replicates=replicates)


class ReadyMembers(msgspec.Struct, frozen=True, kw_only=True):
    """The members of a draw as they were written, each with an invitation that is not written yet."""

    members: list[MemberDrawn]
    invitations: list[tuple[NewInvitation, Reserved]]


async def write_members(drawing: Drawing, recorded: RecordedDraw, *, secret_key: bytes) -> ReadyMembers:
    """Write the members of a draw and make their invitations ready."""
    members = await frame.list_members(drawing.selection.contact.tolist())
    ids = await sequence.take_ids("draw_member", len(members))
    await _write_members(drawing, recorded, ids)
    return ReadyMembers(
        members=_describe(drawing, members),
        invitations=await _make_invitations(drawing, members, ids, secret_key),
    )


async def reserve_members(
    drawing: Drawing, recorded: RecordedDraw, ready: ReadyMembers, *, link_days: int
) -> None:
    """Write the invitations as reserved: somebody sends them later."""
    await invitation.copy_invitations(
        [one for one, _ in ready.invitations],
        wave=recorded.wave,
        key_version=KEY_VERSION,
        at=drawing.at,
        expires_at=drawing.at + timedelta(days=link_days),
    )


def choose_language(wanted: str, offered: tuple[str, ...], default: str) -> str:
    """Return the survey's language nearest to the person's: itself, its base (fr of fr_CA) or its default."""
    return next((code for code in (wanted, wanted.split("_")[0]) if code in offered), default)


async def _write_members(drawing: Drawing, recorded: RecordedDraw, ids: list[int]) -> None:
    chosen, units = drawing.selection, drawing.selection.units
    form_ids = {form.key: one for one, form in drawing.version.forms.items()}
    stratum_ids = [one.id for one in drawing.rules.strata]
    columns = zip(
        ids,
        chosen.position.tolist(),
        drawing.look.frame.ids[units.selected].tolist(),
        chosen.contact.tolist(),
        drawing.look.cell_ids[units.cell].tolist(),
        [stratum_ids[place] for place in units.stratum.tolist()],
        [recorded.replicates[number - 1] for number in chosen.replicate.tolist()],
        [form_ids[form.key] for form in chosen.forms],
        units.ticket_before.tolist(),
        chosen.people.probability.tolist(),
        chosen.people.weight.tolist(),
        strict=True,
    )
    await draw.copy_members([(one, recorded.draw, *rest) for one, *rest in columns])


async def _make_invitations(
    drawing: Drawing, members: list[Member], draw_members: list[int], secret_key: bytes
) -> list[tuple[NewInvitation, Reserved]]:
    asked = drawing.version.questionnaire
    forms = {form.key: (one, form.planned_seconds) for one, form in drawing.version.forms.items()}
    ids = await sequence.take_ids("invitation", len(members))
    made = []
    for one, member, draw_member, form in zip(
        ids, members, draw_members, drawing.selection.forms, strict=True
    ):
        form_id, planned_seconds = forms[form.key]
        new = NewInvitation(
            id=one,
            contact=member.contact,
            draw_member=draw_member,
            form=form_id,
            token_hash=hash_token(make_token(secret_key, one)) or b"",
            language=choose_language(member.language, asked.languages, asked.default_language),
        )
        waiting = Reserved(
            id=one,
            contact=member.contact,
            pseudonym=member.pseudonym,
            channel=member.channel,
            planned_seconds=planned_seconds,
            unit=member.unit,
            unit_prn=member.unit_prn,
            unit_ticket=member.unit_ticket,
            cell=member.cell,
            prn=member.prn,
            inner_ticket=member.inner_ticket,
        )
        made.append((new, waiting))
    return made


def _describe(drawing: Drawing, members: list[Member]) -> list[MemberDrawn]:
    chosen, units = drawing.selection, drawing.selection.units
    return [
        MemberDrawn(
            contact=member.reference,
            unit=member.unit_reference,
            cell=drawing.look.frame.cells[units.cell[place]],
            stratum=drawing.rules.strata[units.stratum[place]].name,
            ticket_before=float(units.ticket_before[place]),
            inclusion_probability=float(chosen.people.probability[place]),
            weight=float(chosen.people.weight[place]),
            replicate=int(chosen.replicate[place]),
            form=chosen.forms[place].key,
        )
        for place, member in enumerate(members)
    ]
