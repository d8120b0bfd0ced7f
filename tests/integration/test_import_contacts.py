"""Contacts in: right files wholly, wrong files not at all, each reason with its row."""

from pathlib import Path

import pytest

from survey_service.demo.community import write_community
from survey_service.domain.errors import FileRefused, SurveyServiceError
from survey_service.services.contacts.import_contacts import ContactsRefused, import_contacts
from survey_service.services.contacts.manage_contacts import export_contacts, show_contact
from survey_service.settings import Settings
from tests.support.register import contact_row, contact_rows, fill_register, write_contacts
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")

EVERYTHING = """
    SELECT c.reference, c.unit, u.reference AS unit_reference, u.prn, u.ticket, u.is_active,
        k.key, c.prn AS inner, c.inner_ticket, c.pseudonym, c.language, c.channel, c.attributes,
        d.name, d.email, d.mobile,
        array_agg((s.purpose, s.is_granted, s.source, s.at)::text ORDER BY s.purpose) AS consents
    FROM contact c JOIN unit u ON u.id = c.unit JOIN cell k ON k.id = u.cell
    LEFT JOIN contact_detail d ON d.contact = c.id LEFT JOIN consent s ON s.contact = c.id
    GROUP BY c.id, u.id, k.id, d.id ORDER BY c.reference
"""


async def count_contacts() -> int:
    return (await fetch("SELECT count(*) AS n FROM contact"))[0]["n"]


async def test_the_community_comes_in_whole_and_once(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "community.csv"
    write_community(path)
    first = await import_contacts(path, settings)
    assert (first.rows, first.new, first.changed, first.unchanged) == (6409, 6409, 0, 0)
    by_audience = await fetch(
        """SELECT k.key, count(*) AS n FROM unit u JOIN cell k ON k.id = u.cell
           WHERE u.is_active GROUP BY k.key"""
    )
    assert {row["key"]: row["n"] for row in by_audience} == {
        "business": 3741, "worker": 2264, "resident": 308, "visitor": 96,
    }  # fmt: skip
    before = await fetch(EVERYTHING)
    again = await import_contacts(path, settings)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 6409)
    assert await fetch(EVERYTHING) == before


async def test_permanent_numbers_do_not_depend_on_the_others(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(40))
    before = {row["reference"]: row["prn"] for row in await fetch(EVERYTHING)}
    await fill_register(tmp_path, settings, list(reversed(contact_rows(60))))
    after = {row["reference"]: row["prn"] for row in await fetch(EVERYTHING)}
    assert len(after) == 60
    assert {reference: after[reference] for reference in before} == before


BAD_ROWS = {
    "reference missing": ({"reference": ""}, "reference"),
    "unknown audience": ({"audience": "residnt"}, "audience"),
    "no such channel": ({"channel": "pigeon"}, "channel"),
    "no address for e-mail": ({"email": ""}, "email"),
    "no number for text": ({"channel": "text"}, "mobile"),
    "not an address": ({"email": "person at example.org"}, "email"),
    "not a number": ({"mobile": "call me"}, "mobile"),
    "not a language": ({"language": "klingon"}, "language"),
    "neither yes nor no": ({"consent_survey": "perhaps"}, "consent_survey"),
    "consent without a day": ({"consent_date": ""}, "consent_date"),
    "consent without a source": ({"consent_source": ""}, "consent_source"),
    "no such day": ({"consent_date": "2025-02-30"}, "consent_date"),
    "day to come": ({"consent_date": "2999-01-01"}, "consent_date"),
    "too long": ({"name": "x" * 201}, "name"),
    "control character": ({"name": "a\x07b"}, "name"),
    "reference twice": ({"reference": "R00001"}, "reference"),
    "address twice, in other letters": ({"email": "PERSON1@Example.org"}, "email"),
    "unit in two audiences": ({"unit": "R00001"}, "audience"),
}


@pytest.mark.parametrize(("wrong", "column"), BAD_ROWS.values(), ids=BAD_ROWS)
async def test_one_wrong_row_refuses_the_file(
    settings: Settings, tmp_path: Path, wrong: dict[str, str], column: str
) -> None:
    rows = [*contact_rows(3), contact_row(4, **wrong), contact_row(5)]
    with pytest.raises(ContactsRefused) as refused:
        await fill_register(tmp_path, settings, rows)
    assert [(error.row, error.column) for error in refused.value.rows] == [(5, column)]
    assert refused.value.count == 1
    assert await count_contacts() == 0


async def test_two_people_who_get_texts_have_two_numbers(settings: Settings, tmp_path: Path) -> None:
    text = {"channel": "text", "email": ""}
    rows = [
        contact_row(1, **text, mobile="07700 900001"), contact_row(2, **text, mobile="+44 (7700) 900-001"),
    ]  # fmt: skip
    with pytest.raises(ContactsRefused, match="1 reason") as refused:
        await fill_register(tmp_path, settings, rows)
    assert refused.value.rows[0].row == 3


WRONG_FILES = {
    "UTF-16": ("reference,audience\nR1,resident\n".encode("utf-16"), "UTF-16"),
    "Latin-1": (b"reference,audience,name\nR1,resident,Ren\xe9\n", "has no column"),
    "semicolons": (b"reference;audience\nR1;resident\n", "separated by commas"),
    "empty": (b"", "has no column"),
    "column twice": (b"reference,reference\n", "has no column"),
    "null bytes": (b"\x00" * 100, "has no column"),
}


@pytest.mark.parametrize(("content", "reason"), WRONG_FILES.values(), ids=WRONG_FILES)
async def test_another_kind_of_file_is_refused(
    settings: Settings, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=reason):
        await import_contacts(path, settings)


async def test_bytes_that_are_no_utf8_name_their_row(settings: Settings, tmp_path: Path) -> None:
    path = write_contacts(tmp_path / "contacts.csv", contact_rows(5))
    path.write_bytes(path.read_bytes().replace(b"Person 3", b"Ren\xe9e"))
    with pytest.raises(ContactsRefused) as refused:
        await import_contacts(path, settings)
    assert [error.row for error in refused.value.rows] == [4]
    assert "0xe9" in str(refused.value.rows[0])


@pytest.mark.parametrize("column", ["reference", "email", "consent_survey", "unit"])
async def test_a_missing_column_is_named(settings: Settings, tmp_path: Path, column: str) -> None:
    path = write_contacts(tmp_path / "contacts.csv", contact_rows(2))
    path.write_text(path.read_text().replace(column, "else", 1))
    with pytest.raises(FileRefused, match=f"no column {column}"):
        await import_contacts(path, settings)


async def test_an_unknown_column_is_refused_and_an_attribute_kept(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"attribute\.name"):
        await fill_register(tmp_path, settings, contact_rows(2, ward="Aldgate"))
    await fill_register(
        tmp_path, settings, contact_rows(2, **{"attribute.ward": "Aldgate", "industry": "law"})
    )
    shown = await show_contact("R00001", settings)
    assert shown.contact.attributes == {"ward": "Aldgate", "industry": "law"}


async def test_all_reasons_are_counted_and_the_first_hundred_listed(
    settings: Settings, tmp_path: Path
) -> None:
    rows = contact_rows(300, channel="pigeon")
    with pytest.raises(ContactsRefused, match="300 reasons; these are the first 100") as refused:
        await fill_register(tmp_path, settings, rows)
    assert [error.row for error in refused.value.rows] == list(range(2, 102))


async def test_a_dry_run_tells_and_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(4))
    before = await fetch(EVERYTHING)
    rows = [contact_row(1), contact_row(2, name="Other"), contact_row(3, audience="resident"), contact_row(9)]
    path = write_contacts(tmp_path / "next.csv", rows)
    told = await import_contacts(path, settings, dry_run=True)
    assert (told.rows, told.new, told.changed, told.unchanged, told.moved) == (4, 1, 2, 1, 1)
    assert await fetch(EVERYTHING) == before
    done = await import_contacts(path, settings)
    assert said_the_same(told, done)


def said_the_same(told: object, done: object) -> bool:
    """Equal but for the word that says which of the two was dry."""
    names = [name for name in done.__struct_fields__ if name != "dry_run"]
    return all(getattr(told, name) == getattr(done, name) for name in names)


async def test_an_address_of_the_register_is_not_given_to_another(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(2))
    with pytest.raises(ContactsRefused, match="1 reason") as refused:
        await fill_register(tmp_path, settings, [contact_row(7, email="Person2@example.org")])
    assert refused.value.rows[0].column == "email"


async def test_a_new_audience_must_be_meant(settings: Settings, tmp_path: Path) -> None:
    path = write_contacts(tmp_path / "contacts.csv", contact_rows(3, audience="student"))
    with pytest.raises(ContactsRefused):
        await import_contacts(path, settings)
    assert (await import_contacts(path, settings, new_audiences=["student"])).new == 3
    # Known from now on.
    assert (await fill_register(tmp_path, settings, [contact_row(9, audience="student")])).new == 1
    with pytest.raises(SurveyServiceError, match="cannot be an audience"):
        await import_contacts(path, settings, new_audiences=["a|b"])


async def set_clock(audience: str, clock: float) -> None:
    await fetch("UPDATE cell SET clock = $2 WHERE key = $1", audience, clock)


async def test_newcomers_and_movers_take_their_place_past_the_clock(
    settings: Settings, tmp_path: Path
) -> None:
    await fill_register(tmp_path, settings, contact_rows(40))
    assert all(row["ticket"] == row["prn"] for row in await fetch(EVERYTHING))
    await set_clock("visitor", 2.5)
    moved = [contact_row(number, audience="visitor") for number in range(1, 41, 4)]
    joined = [contact_row(number, audience="visitor") for number in range(50, 70)]
    await fill_register(tmp_path, settings, [*moved, *joined])
    by_reference = {row["reference"]: row for row in await fetch(EVERYTHING)}
    for row in (*moved, *joined):
        found = by_reference[row["reference"]]
        assert found["key"] == "visitor"
        assert 2.5 < found["ticket"] <= 3.5
        assert (found["ticket"] - found["prn"] + 0.5) % 1 == pytest.approx(0.5, abs=1e-12)
    stayed = by_reference["R00004"]
    assert stayed["ticket"] == stayed["prn"]


async def test_who_consents_late_enters_past_the_clock(settings: Settings, tmp_path: Path) -> None:
    silent = {"consent_survey": "no", "consent_source": "", "consent_date": ""}
    await fill_register(tmp_path, settings, [*contact_rows(8), contact_row(12, **silent)])
    outside = next(row for row in await fetch(EVERYTHING) if row["reference"] == "R00012")
    assert not outside["is_active"]
    await set_clock("resident", 4.5)
    await fill_register(tmp_path, settings, [contact_row(12)])
    inside = next(row for row in await fetch(EVERYTHING) if row["reference"] == "R00012")
    assert inside["is_active"]
    assert inside["ticket"] > 4.5


async def test_a_later_word_outweighs_an_older_file(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(1))
    await fetch("UPDATE consent SET is_granted = false, at = now(), source = 'own page'")
    assert (await fill_register(tmp_path, settings, contact_rows(1))).unchanged == 1
    assert {row["is_granted"] for row in await fetch("SELECT is_granted FROM consent")} == {False}


async def test_people_of_one_unit_share_its_ticket(settings: Settings, tmp_path: Path) -> None:
    rows = [contact_row(number, audience="resident", unit="Flat 1") for number in (1, 2, 3)]
    await fill_register(tmp_path, settings, [*rows, contact_row(4)])
    units = await fetch("SELECT reference, kind FROM unit ORDER BY reference")
    assert [(row["reference"], row["kind"]) for row in units] == [
        ("Flat 1", "household"),
        ("R00004", "person"),
    ]
    # One of them moves out and takes the rest along.
    await fetch("UPDATE contact SET last_invited_on = DATE '2026-01-05' WHERE reference = 'R00002'")
    await fill_register(tmp_path, settings, [contact_row(2, audience="visitor")])
    alone = await fetch(
        "SELECT u.last_invited_on, k.key FROM unit u JOIN cell k ON k.id = u.cell "
        "WHERE u.reference = 'R00002'"
    )
    assert [(str(row["last_invited_on"]), row["key"]) for row in alone] == [("2026-01-05", "visitor")]


async def test_the_export_imports_as_the_same(settings: Settings, tmp_path: Path) -> None:
    rows = [
        *contact_rows(6, **{"attribute.ward": "Aldgate"}),
        contact_row(
            7, channel="text", email="", mobile="+447700900007", language="zh-Hant", name='O"Neil, সোহেল'
        ),
        contact_row(8, unit="Shop", audience="business", industry="law", consent_survey="no"),
    ]
    await fill_register(tmp_path, settings, rows)
    before = await fetch(EVERYTHING)
    path = tmp_path / "export.csv"
    assert await export_contacts(path) == 8
    result = await import_contacts(path, settings)
    assert (result.rows, result.unchanged) == (8, 8)
    assert await fetch(EVERYTHING) == before


async def test_imports_and_looks_are_in_the_audit_log(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(2))
    await fill_register(tmp_path, settings, contact_rows(2))
    await show_contact("R00001", settings)
    actions = [row["action"] for row in await fetch("SELECT action FROM audit_event ORDER BY id")]
    assert actions == ["contacts.import", "contacts.show"]
