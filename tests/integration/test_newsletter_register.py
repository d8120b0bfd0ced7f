"""What members say, brought into the register: by a mapping, and never past what a person chose here."""

from pathlib import Path

from survey_service.db import newsletter_connection
from survey_service.domain.newsletter_mapping import Mapping
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.contacts.manage_contacts import erase_contact
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.settings import Settings
from tests.support.register import contact_rows, fill_register
from tests.support.rows import fetch

MAPPING = Mapping(
    audience_field="AUDIENCE",
    audiences={"i live here": "resident", "i work here": "worker"},
    topics={"i1": "fraud"},
    survey_permission="p1",
    signal_permission="i2",
    takes_newcomers=True,
)


async def test_members_and_register_agree(linked: Settings, skyline: SandboxServer, tmp_path: Path) -> None:
    rows = contact_rows(8, audience="worker", consent_newsletter="yes", consent_date="2024-01-01")
    rows[2] |= {"unit": "H1"}
    rows[3] |= {"unit": "H1"}
    await fill_register(tmp_path, linked, rows)
    skyline.people.make_field("AUDIENCE", "You")
    skyline.sandbox.permissions = {"p1": "Surveys"}
    skyline.sandbox.interests = [
        {"id": "i1", "name": "Fraud", "group": "Topics"}, {"id": "i2", "name": "Clicks", "group": "Privacy"},
    ]  # fmt: skip
    lives = {"AUDIENCE": " I live  here"}
    skyline.people.seed(
        [
            {"email": "Person1@example.org", "merge_fields": lives, "language": "pt-pt",
             "interests": {"i1": True}},
            {"email": "person2@example.org", "status": "unsubscribed"},
            {"email": "person3@example.org", "merge_fields": lives},
            {"email": "person5@example.org", "merge_fields": {"AUDIENCE": "Martian"}},
            {"email": "new@example.org", "merge_fields": lives | {"FNAME": "Zoë", "SECRET": "x"},
             "permissions": {"p1": True}, "interests": {"i2": True}},
            {"email": "shy@example.org", "merge_fields": lives},
        ]
    )  # fmt: skip
    connection = await newsletter_connection.find_connection()
    assert connection is not None
    await newsletter_connection.set_mapping(connection.id, MAPPING)
    result = await sync_newsletter(linked)
    assert result.joined == 1
    people = await fetch(
        """SELECT c.reference, split_part(k.key, '|', 1) AS audience, c.language, c.topics, d.name,
               (SELECT string_agg(purpose, ' ' ORDER BY purpose) FROM consent
                WHERE contact = c.id AND is_granted) AS consents
           FROM contact c JOIN unit u ON u.id = c.unit JOIN cell k ON k.id = u.cell
           JOIN contact_detail d ON d.contact = c.id ORDER BY c.id"""
    )
    found = {row["reference"]: row for row in people}
    assert (found["R00001"]["audience"], found["R00001"]["language"]) == ("resident", "pt_PT")
    assert found["R00001"]["topics"] == '["fraud"]'
    assert (found["R00002"]["audience"], found["R00002"]["consents"]) == ("worker", "survey")
    assert found["R00003"]["audience"] == "worker"
    assert found["R00005"]["audience"] == "worker"
    [joined] = [row for row in people if row["reference"].startswith("mc-")]
    assert (joined["audience"], joined["name"], joined["consents"]) == (
        "resident",
        "Zoë",
        "newsletter signals survey",
    )
    refused = await fetch("SELECT refused_for FROM newsletter_member WHERE refused_for <> '' ORDER BY id")
    assert [row["refused_for"] for row in refused] == [
        "Others of the unit are in another audience.",
        "AUDIENCE says 'martian', which no audience is mapped to.",
    ]
    assert await fetch("SELECT id FROM newsletter_member WHERE merge_fields ? 'SECRET'") == []
    units = await fetch("SELECT count(*) AS n FROM unit WHERE is_active")
    assert units[0]["n"] == 8

    # Who is erased here does not come back by any pull, and who takes the permission back is asked no more.
    await erase_contact("R00001", linked)
    skyline.people.change("new@example.org", permissions={}, interests={})
    await sync_newsletter(linked, kind="full")
    [left] = await fetch(
        "SELECT string_agg(purpose, ' ') AS p FROM consent s JOIN contact c ON c.id = s.contact "
        "WHERE c.reference LIKE 'mc-%' AND s.is_granted"
    )
    assert left["p"] == "newsletter"
    gone = await fetch("SELECT state FROM contact WHERE reference LIKE 'erased-%'")
    assert [row["state"] for row in gone] == ["erased"]
