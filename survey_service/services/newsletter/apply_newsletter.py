"""Bring what members say into the register: consents first, then language, topics, audience; newcomers join.

One transaction under the register's lock, so that a draw sees all of it or nothing.
"""

from collections.abc import Sequence

import msgspec

from sampling.prn import permanent_numbers
from sampling.tickets import place_tickets
from survey_service.db import (
    cell,
    frame_partition,
    incoming_contact,
    incoming_contact_apply,
    newsletter_connection,
    newsletter_intake,
    newsletter_signal,
    register,
)
from survey_service.db.engine import transaction
from survey_service.db.incoming_contact import Record
from survey_service.db.newsletter_connection import Connection
from survey_service.db.newsletter_intake import FreshMember, Newcomer
from survey_service.domain.newsletter_mapping import Mapping, map_member
from survey_service.services.contacts.contact_rows import is_language
from survey_service.services.contacts.move_contacts import move_units
from survey_service.services.contacts.place_units import place_units
from survey_service.settings import Settings

AT_ONCE = 5_000


async def apply_newsletter(settings: Settings) -> int:
    """Apply whatever is new; return how many joined the register."""
    found = await newsletter_connection.find_connection()
    if found is None:
        return 0
    async with transaction():
        await register.lock_register()
        await newsletter_intake.link_members(found.id)
        await newsletter_intake.open_mapped()
        count = await _copy_mapped(found)
        if not count:
            return 0
        await _apply_consents(found.mapping)
        await newsletter_intake.apply_facts()
        await _move(await cell.get_definition())
        units = await newsletter_intake.list_units()
        joined = await _take_newcomers(found, settings) if found.mapping.takes_newcomers else 0
        await move_units(units)
        await place_units(units)
        await newsletter_signal.remove_unwanted()
        await newsletter_intake.settle()
    return joined


async def _apply_consents(mapping: Mapping) -> None:
    await newsletter_intake.apply_consents(
        with_surveys=bool(mapping.survey_permission), with_signals=bool(mapping.signal_permission)
    )


async def _copy_mapped(found: Connection) -> int:
    after = count = 0
    while fresh := await newsletter_intake.list_fresh(found.id, after, AT_ONCE):
        await newsletter_intake.copy_mapped([_to_record(found.mapping, one) for one in fresh])
        after = fresh[-1].id
        count += len(fresh)
    return count


def _to_record(mapping: Mapping, one: FreshMember) -> tuple[object, ...]:
    said = map_member(
        mapping,
        fields=one.merge_fields,
        language=one.language,
        ticked=frozenset({*one.interests, *one.permissions}),
    )
    return (
        one.id,
        said.audience,
        said.language if said.language and is_language(said.language) else "",
        said.name,
        msgspec.json.encode(said.topics).decode(),
        said.consents_to_surveys,
        said.consents_to_signals,
        said.problem,
    )


async def _move(definition: int) -> None:
    moving = await newsletter_intake.find_moving(definition)
    if moving["unit"].size:
        tickets = place_tickets(moving["prn"], moving["clock"])
        await frame_partition.move_units(moving["unit"].tolist(), moving["cell"].tolist(), tickets.tolist())


async def _take_newcomers(found: Connection, settings: Settings) -> int:
    """Let subscribers who consent to surveys join, by the way every contact comes in."""
    newcomers = await newsletter_intake.list_newcomers()
    if not newcomers:
        return 0
    await incoming_contact.open_incoming()
    for start in range(0, len(newcomers), AT_ONCE):
        part = newcomers[start : start + AT_ONCE]
        await incoming_contact.copy_incoming(await _to_incoming(part, start, settings))
    await incoming_contact.compare_incoming([])
    await incoming_contact_apply.add_cells_and_units(await cell.get_definition())
    await incoming_contact_apply.take_contacts([], has_organisation=False)
    units = await incoming_contact_apply.list_concerned_units()
    await move_units(units)
    await place_units(units)
    await newsletter_intake.link_members(found.id)
    await _apply_consents(found.mapping)
    await newsletter_intake.apply_facts()
    return len(newcomers)


async def _to_incoming(newcomers: Sequence[Newcomer], start: int, settings: Settings) -> list[Record]:
    seed = await register.get_seed()
    clocks = {one.key: one.clock for one in await cell.list_cells()}
    references = [one.reference for one in newcomers]
    unit_prn = permanent_numbers(seed, references)
    prn = permanent_numbers(seed, (f"person|{one}" for one in references))
    lots = permanent_numbers(seed, (f"arm|{one}" for one in references))
    clock = unit_prn * 0.0
    clock[:] = [clocks.get(one.audience, 0.0) for one in newcomers]
    tickets = place_tickets(unit_prn, clock)
    share = settings.random_arm_percent / 100
    return [
        (
            start + place, one.reference, one.audience, one.reference, "person", one.name, one.email,
            one.email_key, None, None, one.language or "en", "email", "{}", True, True,
            "Mailchimp permission", one.opted_at, unit, ticket, person, lot < share,
        )
        for place, (one, unit, ticket, person, lot) in enumerate(
            zip(newcomers, unit_prn.tolist(), tickets.tolist(), prn.tolist(), lots.tolist(), strict=True)
        )
    ]  # fmt: skip
