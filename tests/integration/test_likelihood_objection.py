"""The person's side of response likelihood: explained plainly, objected to, and told when asked for."""

from datetime import UTC, datetime

import httpx
import pytest

from survey_service.db import engine
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.services.contacts.manage_contacts import show_contact
from survey_service.services.likelihood.gather_history import gather_history, look_at_people
from survey_service.services.likelihood.judge_likelihood import switch_likelihood
from survey_service.services.likelihood.train_likelihood import train_likelihood
from survey_service.settings import Settings
from tests.support.make_waves import make_waves
from tests.support.own_page import make_person, path_of
from tests.support.rows import fetch
from tests.support.staff import audited

SAME_SITE = {"sec-fetch-site": "same-origin"}


async def test_the_page_explains_in_every_language_and_is_linked(client: httpx.AsyncClient) -> None:
    plain = await client.get("/likelihood", headers={"accept-language": "fr"})
    assert plain.headers["location"] == "/likelihood/fr"
    for code in KNOWN_LOCALES:
        assert (await client.get(f"/likelihood/{code}")).status_code == 200
    english = (await client.get("/likelihood/en")).text
    assert "It never decides who is asked." in english
    assert "You can object on your own page." in english
    assert 'href="/likelihood/en"' in (await client.get("/privacy/en")).text


async def test_objecting_on_the_own_page_takes_a_person_out(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    person = await make_person(settings)
    path = f"{await path_of(person, settings)}/en"
    shown = await client.get(path)
    assert "Leave my past out" in shown.text
    assert await fetch("SELECT id FROM likelihood_objection") == []  # looking changes nothing
    for _ in range(2):  # twice is once
        answer = await client.post(path, data={"do": "object"}, headers=SAME_SITE)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?saved")
    shown = await client.get(path)
    assert "Your past is left out of our estimates." in shown.text
    assert len(await fetch("SELECT id FROM likelihood_objection WHERE contact = $1", person.id)) == 1
    async with engine.connection():
        people = await look_at_people([person.cell], datetime.now(UTC), planned_seconds=180, each=1000)
    assert person.id not in people.contact.tolist()
    await client.post(path, data={"do": "end_objection"}, headers=SAME_SITE)
    people = await look_at_people([person.cell], datetime.now(UTC), planned_seconds=180, each=1000)
    assert person.id in people.contact.tolist()
    assert (await audited()).count("own_page.objection") == 2


@pytest.mark.usefixtures("database")
async def test_who_asks_what_is_held_is_told_their_own_and_nothing_is_kept(settings: Settings) -> None:
    made = await make_waves(waves=3)
    [row] = await fetch("SELECT reference FROM contact WHERE id = $1", made.contacts[0])
    reference = str(row["reference"])
    assert (await show_contact(reference, settings)).likelihood.likelihood is None
    await train_likelihood()
    await switch_likelihood(is_on=True, reason="for this test")
    told = (await show_contact(reference, settings)).likelihood
    assert told.likelihood is not None
    assert 0 < told.likelihood < 1
    assert not told.is_kept
    assert told.looked_at["stratum"] in ("resident", "worker", "visitor")
    gathered = await gather_history(datetime.now(UTC), contacts=[made.contacts[0]])
    assert told.looked_at["invitations_365"] == gathered.answered.size
    # Another past gives another answer: it is this person's own.
    others = {
        (await show_contact(str(one["reference"]), settings)).likelihood.likelihood
        for one in await fetch("SELECT reference FROM contact ORDER BY id LIMIT 12")
    }
    assert len(others) > 4
    async with engine.connection() as lent:
        await lent.execute("INSERT INTO likelihood_objection (contact) VALUES ($1)", made.contacts[0])
    silent = (await show_contact(reference, settings)).likelihood
    assert silent.objects
    assert silent.likelihood is None
