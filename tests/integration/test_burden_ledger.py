"""The ledger equals its events; nothing that is deleted or erased lowers a burden; nobody is named."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_service.domain.burden import answering_seconds, message_seconds
from survey_service.services.contacts.manage_contacts import erase_contact
from survey_service.services.contacts.recompute_burden import recompute_burden
from survey_service.services.contacts.review_burden import review_burden
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings
from tests.support.live_server import run_program
from tests.support.make import MadeContact, MadeSurvey, insert, make_contact, make_invitation, make_survey
from tests.support.register import contact_row, contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")

SUMS = "SELECT pseudonym, sum(seconds) AS seconds, count(*) AS n FROM ledger_event GROUP BY pseudonym"


async def charge(kind: str, contact: MadeContact, survey: MadeSurvey, at: datetime) -> None:
    """One message and what the ledger takes for it."""
    receipt = await insert("receipt", {"contact": contact.id, "kind": kind, "survey": survey.id, "at": at})
    await insert(
        "ledger_event",
        {
            "pseudonym": contact.pseudonym, "kind": kind, "seconds": message_seconds[kind],
            "survey_slug": survey.slug, "receipt": receipt, "at": at,
        },
    )  # fmt: skip


async def answer(contact: MadeContact, survey: MadeSurvey, active: int | None, at: datetime) -> None:
    """One answered invitation, charged as a post charges it."""
    made = await make_invitation(survey=survey, contact=contact)
    receipt = await fetch("SELECT receipt FROM invitation WHERE id = $1", made.id)
    await insert(
        "ledger_event",
        {
            "pseudonym": contact.pseudonym, "kind": "invitation", "seconds": 15, "at": at,
            "survey_slug": survey.slug, "receipt": receipt[0]["receipt"],
        },
    )  # fmt: skip
    version = await fetch("SELECT questionnaire_version, planned_seconds FROM form WHERE id = $1", made.form)
    planned = int(str(version[0]["planned_seconds"]))
    believed = None if active is None else answering_seconds(active, planned=planned, questions=2)
    await insert(
        "response",
        {
            "survey": survey.id, "questionnaire_version": version[0]["questionnaire_version"],
            "form": made.form, "origin": "sample", "invitation": made.id, "language": "en",
            "disposition": "complete", "privacy_notice_version": "1", "active_seconds": believed,
            "submission": "{}", "submitted_at": at,
        },
    )  # fmt: skip
    await insert(
        "ledger_event",
        {
            "pseudonym": contact.pseudonym, "kind": "answer", "survey_slug": survey.slug, "at": at,
            "seconds": answering_seconds(active, planned=planned, questions=2),
        },
    )  # fmt: skip


async def fill_history(rng: random.Random, people: int = 15) -> tuple[list[MadeContact], list[MadeSurvey]]:
    """Messages of every kind, answers measured and not, over two years."""
    contacts = [await make_contact() for _ in range(people)]
    surveys = [await make_survey() for _ in range(3)]
    now = datetime.now(UTC)
    for contact in contacts:
        for _ in range(rng.randrange(6)):
            at = now - timedelta(days=rng.randrange(700))
            kind = rng.choice([one for one in message_seconds if one != "invitation"])
            await charge(kind, contact, rng.choice(surveys), at)
        for survey in rng.sample(surveys, rng.randrange(3)):
            await answer(contact, survey, rng.choice([None, 0, 41, 9_000]), now)
    return contacts, surveys


@pytest.mark.parametrize("chance", [1, 2])
async def test_the_ledger_is_what_its_events_come_to(chance: int) -> None:
    await fill_history(random.Random(chance))
    found = await recompute_burden()
    assert found.is_equal, found.differences
    assert found.compared.events == (await fetch("SELECT count(*) AS n FROM ledger_event"))[0]["n"]
    assert found.compared.events > 30


@pytest.mark.parametrize("kind", ["answer", "invitation", "reminder"])
@pytest.mark.parametrize("seconds", [1, 0])
async def test_an_event_too_many_is_found(kind: str, seconds: int) -> None:
    """Even one that charges nothing."""
    contacts, surveys = await fill_history(random.Random(3))
    stray = {"pseudonym": contacts[0].pseudonym, "kind": kind, "survey_slug": surveys[0].slug}
    await insert("ledger_event", stray | {"seconds": seconds})
    found = await recompute_burden()
    assert [(one.kind, one.people) for one in found.differences] == [(kind, 1)]
    assert found.differences[0].ledger_seconds - found.differences[0].event_seconds == seconds


async def test_an_event_that_was_not_charged_is_found() -> None:
    contacts, surveys = await fill_history(random.Random(4))
    await insert("receipt", {"contact": contacts[1].id, "kind": "reminder", "survey": surveys[0].id})
    found = await recompute_burden()
    assert [(one.kind, one.people) for one in found.differences] == [("reminder", 1)]
    assert found.differences[0].event_seconds - found.differences[0].ledger_seconds == 10


async def test_a_drawn_and_answered_survey_is_charged_right(settings: Settings, tmp_path: Path) -> None:
    """The product's own events, not a test's."""
    await fill_register(tmp_path, settings, contact_rows(40))
    await draw_wave(await open_new_survey(tmp_path), settings, n=20)
    found = await recompute_burden()
    assert found.is_equal, found.differences
    assert (found.compared.people, found.compared.events) == (20, 20)


async def test_deleting_a_survey_lowers_nobody_s_burden() -> None:
    _, surveys = await fill_history(random.Random(5))
    before = sorted(map(str, await fetch(SUMS)))
    survey = surveys[0].id
    answers = (
        await fetch("SELECT count(*) AS n FROM ledger_event WHERE kind = 'answer' AND survey_slug = $1",
                    surveys[0].slug)
    )[0]["n"]  # fmt: skip
    assert answers
    wave = "(SELECT id FROM wave WHERE survey = $1)"
    draw = f"(SELECT id FROM draw WHERE wave IN {wave})"
    for statement in (
        "DELETE FROM response WHERE survey = $1",
        f"DELETE FROM invitation WHERE wave IN {wave}",
        f"DELETE FROM draw_member WHERE draw IN {draw}",
        f"DELETE FROM replicate WHERE draw IN {draw}",
        f"DELETE FROM draw WHERE wave IN {wave}",
        "DELETE FROM wave WHERE survey = $1",
        "DELETE FROM stratum WHERE survey = $1",
        "DELETE FROM form WHERE questionnaire_version IN "
        "(SELECT id FROM questionnaire_version WHERE survey = $1)",
        "DELETE FROM questionnaire_version WHERE survey = $1",
        "UPDATE receipt SET survey = NULL WHERE survey = $1",
        "DELETE FROM survey WHERE id = $1",
    ):
        await fetch(statement, survey)
    assert sorted(map(str, await fetch(SUMS))) == before
    found = await recompute_burden()
    assert found.is_equal, found.differences
    assert found.compared.of_deleted == answers


async def test_an_erased_person_s_events_stay_and_lead_nowhere(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(40))
    drawn = await draw_wave(await open_new_survey(tmp_path), settings, n=20)
    before = await fetch("SELECT sum(seconds) AS seconds FROM ledger_event")
    await erase_contact(drawn.members[0].contact, settings)
    assert await fetch("SELECT sum(seconds) AS seconds FROM ledger_event") == before
    found = await recompute_burden()
    assert found.is_equal, found.differences
    assert found.compared.of_erased == 1


async def test_the_spread_is_that_of_the_rolling_year(settings: Settings, tmp_path: Path) -> None:
    rows = [*contact_rows(40, audience="worker"), contact_row(41, audience="visitor")]
    await fill_register(tmp_path, settings, rows)
    await draw_wave(await open_new_survey(tmp_path), settings, n=20)
    old = datetime.now(UTC) - timedelta(days=366)
    for row in await fetch("SELECT pseudonym FROM contact"):
        values = {"pseudonym": row["pseudonym"], "kind": "reminder", "seconds": 600, "survey_slug": "old"}
        await insert("ledger_event", values | {"at": old})
    found = await review_burden(settings)
    assert found.everybody is not None
    assert (found.people, found.everybody.invitations_max) == (41, 1)
    assert found.everybody.invitations_mean == round(20 / 41, 3)
    assert found.everybody.minutes_max == 0.25
    worker, visitor = sorted(found.by_cell, key=lambda one: -one.people)
    assert (worker.people, worker.invitations_p95, worker.minutes_p95) == (40, 1, 0.25)
    # One visitor alone: the figures would be that person's.
    assert (visitor.people, visitor.invitations_max, visitor.minutes_mean) == (1, None, None)


async def test_the_commands_tell_the_spread_and_check_the_ledger(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(40))
    await draw_wave(await open_new_survey(tmp_path), settings, n=20)
    told = json.loads(run_program(settings, "contacts", "burden", "--json"))
    assert told["people"] == 40
    assert told["everybody"]["invitations_max"] == 1
    assert "R000" not in json.dumps(told)
    assert "everybody" in run_program(settings, "contacts", "burden")
    assert json.loads(run_program(settings, "contacts", "burden", "--check", "--json"))["is_equal"]
