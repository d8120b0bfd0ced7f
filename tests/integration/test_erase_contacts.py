"""The register written out; somebody shown everything that is held of them, erased, not taken in again."""

import csv
import dataclasses
from pathlib import Path

import pytest

from survey_service.domain.errors import NotFound
from survey_service.services.contacts.import_contacts import ContactsRefused, import_contacts
from survey_service.services.contacts.manage_contacts import erase_contact, export_contacts, show_contact
from survey_service.settings import Settings
from tests.integration.test_import_contacts import EVERYTHING, count_contacts
from tests.support.register import contact_row, contact_rows, fill_register
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


async def test_no_name_is_a_formula_in_a_spreadsheet_and_all_come_back_as_they_were(
    settings: Settings, tmp_path: Path
) -> None:
    """People give names and addresses themselves; staff open the export in a spreadsheet program."""
    odd = {1: "=HYPERLINK(1)", 2: "-2+3", 3: "'tis me", 4: "@SUM(A1)"}
    rows = [contact_row(number, name=name, mobile="+447700900123") for number, name in odd.items()]
    rows[0]["attribute.ward"] = "=1+1"
    await fill_register(tmp_path, settings, rows)
    path = tmp_path / "export.csv"
    assert await export_contacts(path) == 4
    with path.open(encoding="utf-8", newline="") as file:
        written = {row["reference"]: row for row in csv.DictReader(file)}
    names = [written[f"R{number:05d}"]["name"] for number in odd]
    assert names == ["'=HYPERLINK(1)", "'-2+3", "'tis me", "'@SUM(A1)"]
    assert (written["R00001"]["attribute.ward"], written["R00001"]["mobile"]) == ("'=1+1", "+447700900123")
    again = await import_contacts(path, settings)
    assert (again.rows, again.unchanged) == (4, 4)


async def test_who_was_erased_is_gone_and_stays_out(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(4))
    await fetch("""UPDATE contact SET attributes = '{"ward":"Aldgate"}' WHERE reference = 'R00002'""")
    await fetch("""UPDATE contact SET attributes = '{"ward":"Tower"}' WHERE reference = 'R00002'""")
    shown = await show_contact("R00002", settings)
    before = shown.contact
    # The answer to a request for access: also what an attribute was, wishes, asks and facts.
    assert [old for _, old in shown.attributes_before] == [{"ward": None}, {"ward": "Aldgate"}]
    assert (shown.wishes.surveys_a_year, shown.invitations, shown.ledger) == (None, [], [])
    await erase_contact("R00002", settings)
    assert await fetch("SELECT * FROM contact_attribute_past") == []
    everything = str(await fetch(EVERYTHING)) + str(await fetch("SELECT * FROM suppression, audit_event"))
    for trace in (before.reference, before.name, before.email or "-", str(before.pseudonym)):
        assert trace not in everything
    assert await count_contacts() == 4
    with pytest.raises(NotFound):
        await show_contact("R00002", settings)
    for row in (contact_row(2, reference="new"), contact_row(2, email="other@example.org")):
        with pytest.raises(ContactsRefused, match="1 reason"):
            await fill_register(tmp_path, settings, [row])
    other_key = dataclasses.replace(settings, secret_key="another key of more than forty characters")
    assert (await fill_register(tmp_path, other_key, [contact_row(2)])).new == 1
