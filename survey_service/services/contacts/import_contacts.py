"""Take a file of contacts into the register: all of it, or nothing with every reason.

Rows stream through a check of their own into a table of the transaction; what no row can show by itself
(duplicates in the file or the register, people of one household in two audiences) is found there as one
set. The same file a second time changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from sampling.tickets import place_tickets
from survey_service.db import (
    audit_event,
    cell,
    incoming_contact,
    incoming_contact_apply,
    register,
    suppression,
)
from survey_service.db.engine import transaction
from survey_service.domain.errors import FileRefused, RowError, SurveyServiceError
from survey_service.services.contacts.contact_file import ContactFile, Progress
from survey_service.services.contacts.contact_intake import MOST_ERRORS, Intake, Surroundings
from survey_service.services.contacts.contact_rows import KNOWN_AUDIENCES, is_audience
from survey_service.services.contacts.move_contacts import move_units
from survey_service.services.contacts.place_units import place_units
from survey_service.settings import Settings, load_secret_key

_CLASHES = {
    "reference": ("reference", "The reference is in row {other} already."),
    "email": ("email", "The address is in row {other} already."),
    "mobile": ("mobile", "The number is in row {other} already."),
    "audience": ("audience", "Row {other} puts the same unit into another audience."),
    "email in register": ("email", "The address belongs to another contact of the register."),
    "mobile in register": ("mobile", "The number belongs to another contact of the register."),
    "audience in register": ("audience", "Others of the unit are in another audience, and not in this file."),
}


class ContactsRefused(FileRefused):
    """A contact file was refused; `count` is the number of reasons, `rows` holds the first of them."""

    def __init__(self, file: str, rows: list[RowError], count: int) -> None:
        told = "1 reason" if count == 1 else f"{count} reasons"
        first = f"; these are the first {len(rows)}" if count > len(rows) else ""
        super().__init__(
            f"{file} was not taken, for {told}{first}.",
            rows,
            hint="Nothing of it was kept. Correct the rows and import the file again.",
        )
        self.count = count


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or with `dry_run` would do."""

    file: str
    dry_run: bool
    rows: int
    new: int
    changed: int
    unchanged: int
    moved: int
    """Of the changed: those who went to another audience or unit."""


async def import_contacts(
    path: Path,
    settings: Settings,
    *,
    dry_run: bool = False,
    new_audiences: Sequence[str] = (),
    progress: Progress | None = None,
) -> ImportResult:
    """Take the file, or raise `ContactsRefused` and leave the register as it was.

    An audience the register does not know is refused as a slip unless named in `new_audiences`.
    """
    for name in new_audiences:
        if not is_audience(name):
            expected = "lower-case letters, digits, - and _"
            raise SurveyServiceError("This cannot be an audience.", expected=expected, got=repr(name))
    async with transaction():
        await register.lock_register()
        definition = await cell.get_definition()
        intake = Intake(ContactFile(path, progress), await look_around(settings, new_audiences))
        await incoming_contact.open_incoming()
        await incoming_contact.copy_incoming(intake.records())
        await _refuse_clashes(path.name, intake)
        compared = await incoming_contact.compare_incoming(intake.attributes)
        result = ImportResult(
            file=path.name, dry_run=dry_run, rows=compared.rows, new=compared.new,
            changed=compared.changed, unchanged=compared.unchanged, moved=compared.moved,
        )  # fmt: skip
        if not dry_run and result.new + result.changed:
            await take_incoming(
                definition, intake.attributes, has_organisation="organisation" in intake.header
            )
            await _note(result)
    return result


async def look_around(settings: Settings, new_audiences: Sequence[str] = ()) -> Surroundings:
    """Read what rows are checked against and placed by."""
    zone = ZoneInfo(settings.time_zone)
    clocks = {one.key: one.clock for one in await cell.list_cells()}
    known = {key.partition("|")[0] for key in clocks}
    return Surroundings(
        seed=await register.get_seed(),
        clocks=clocks,
        audiences={*KNOWN_AUDIENCES, *known, *new_audiences},
        arm_share=settings.random_arm_percent / 100,
        suppressed=await suppression.list_suppressed(),
        secret_key=load_secret_key(settings),
        today=datetime.now(zone).date(),
        zone=zone,
    )


async def _refuse_clashes(file: str, intake: Intake) -> None:
    """Add what only the whole set shows to what the rows showed, and refuse the file if that is anything."""
    count, clashes = await incoming_contact.list_clashes(MOST_ERRORS)
    rows = list(intake.errors)
    for clash in clashes:
        column, message = _CLASHES[clash.field]
        rows.append(RowError(clash.row, message.format(other=clash.other), column=column))
    if rows:
        rows.sort(key=lambda error: error.row)
        raise ContactsRefused(file, rows[:MOST_ERRORS], intake.error_count + count)


async def take_incoming(definition: int, attributes: Sequence[str], *, has_organisation: bool) -> None:
    """Bring compared rows into the register: units, people, consents, and everybody's place in the queue."""
    await incoming_contact_apply.add_cells_and_units(definition)
    await incoming_contact_apply.take_contacts(attributes, has_organisation=has_organisation)
    await incoming_contact_apply.move_contacts()
    newcomers = await incoming_contact_apply.read_newcomers()
    if newcomers["id"].size:
        tickets = place_tickets(newcomers["prn"], newcomers["clock"])
        await incoming_contact_apply.place_newcomers(newcomers["id"].tolist(), tickets.tolist())
    await move_units(await incoming_contact_apply.list_concerned_units())
    await place_units()


async def _note(result: ImportResult) -> None:
    detail: dict[str, str | int | None] = {
        "file": result.file,
        "rows": result.rows,
        "new": result.new,
        "changed": result.changed,
    }
    await audit_event.add_audit_event(
        staff=None, action="contacts.import", object_kind="register", object_id="1", detail=detail
    )
