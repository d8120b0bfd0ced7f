"""The staff's page of response likelihood; and that no address of the service tells one person's."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jinja2
import msgspec
import numpy as np
import pytest

from models.features import align
from survey_service.app import create_app
from survey_service.jobs.app import job_app
from survey_service.services.contacts.manage_contacts import show_contact
from survey_service.services.likelihood.current_model import find_model_in_use
from survey_service.services.likelihood.explain_likelihood import OwnLikelihood
from survey_service.services.likelihood.gather_history import gather_history, look_at_people
from survey_service.services.likelihood.judge_likelihood import switch_likelihood
from survey_service.services.likelihood.review_likelihood import review_likelihood
from survey_service.services.likelihood.train_likelihood import train_likelihood
from survey_service.services.planning.approve_survey import approve_survey
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.make import make_survey
from tests.support.make_waves import make_waves
from tests.support.rows import fetch
from tests.support.staff import csrf_of, make_staff, sign_in_as

SAME_SITE = {"sec-fetch-site": "same-origin"}


async def test_the_page_shows_pictures_with_tables_and_an_administrator_switches(
    client: CheckingClient,
) -> None:
    await make_staff("root@example.org", role="admin")
    await sign_in_as(client, "root@example.org")
    assert "There is no model yet" in (await client.get("/staff/likelihood")).text
    await make_waves(waves=4)
    await train_likelihood()
    trained = await train_likelihood(seed=1)
    page = (await client.get("/staff/likelihood")).text
    assert "What changed since the model before" in page
    assert "0 more invitations have taught it" in page
    assert "It is in use" in page
    assert trained.reason.replace("'", "&#39;") in page
    assert page.count('class="chart"') == 2
    assert page.count("<circle") == 10
    assert "The past does not tell: all forms were about as long." in page
    assert "No attribute of people is among it" in page
    refused = await client.post(
        "/staff/likelihood/switch", data={"csrf_token": csrf_of(page), "do": "off"}, headers=SAME_SITE
    )
    assert refused.status_code == 422
    data = {"csrf_token": csrf_of(page), "do": "off", "reason": "The pilot is over."}
    done = await client.post("/staff/likelihood/switch", data=data, headers=SAME_SITE)
    assert done.status_code == 303
    review = await review_likelihood()
    assert review.newest is not None
    assert (review.newest.is_on, review.newest.reason) == (False, "The pilot is over.")
    assert "It is not in use" in (await client.get("/staff/likelihood")).text


async def test_an_administrator_orders_a_training_and_reads_what_came_of_it(
    client: CheckingClient, settings: Settings
) -> None:
    await make_staff("root@example.org", role="admin")
    await sign_in_as(client, "root@example.org")

    async def order(expected: int) -> str:
        token = csrf_of((await client.get("/staff/surveys")).text)
        done = await client.post("/staff/likelihood/train", data={"csrf_token": token}, headers=SAME_SITE)
        assert done.status_code == expected
        return done.text if expected != 303 else (await client.get("/staff/likelihood")).text

    assert "There is nothing to learn from yet." in await order(422)
    await make_waves(people=40, waves=1, asked=12)
    assert "A training was ordered on" in await order(303)
    async with job_app(settings.database_url).open_async() as jobs:
        await jobs.run_worker_async(wait=False, additional_context={"settings": settings})
        page = (await client.get("/staff/likelihood")).text
        assert "Nothing was learned:" in page
        await make_waves(waves=3)
        assert "Load this page again" in await order(303)
        await jobs.run_worker_async(wait=False, additional_context={"settings": settings})
    page = (await client.get("/staff/likelihood")).text
    assert "A training was ordered" not in page
    assert "Trained on" in page
    assert [
        row["state"] for row in await fetch("SELECT DISTINCT status AS state FROM procrastinate_jobs")
    ] == ["succeeded"]


async def test_who_does_not_govern_cannot_switch(client: CheckingClient) -> None:
    await make_waves(waves=2)
    await train_likelihood()
    await make_staff()
    await sign_in_as(client)
    page = (await client.get("/staff/likelihood")).text
    assert 'action="/staff/likelihood/switch"' not in page
    data = {"csrf_token": csrf_of(page), "do": "off", "reason": "No."}
    refused = await client.post("/staff/likelihood/switch", data=data, headers=SAME_SITE)
    assert refused.status_code == 403


def numbers_in(value: Any, seen: set[int]) -> Iterator[float]:
    """Every number anywhere in what a page was given, and nobody's own likelihood as a struct."""
    assert not isinstance(value, OwnLikelihood)
    if isinstance(value, bool) or value is None or id(value) in seen:
        return
    if isinstance(value, float):
        yield value
        return
    seen.add(id(value))
    if isinstance(value, msgspec.Struct):
        value = {name: getattr(value, name) for name in value.__struct_fields__}
    elif hasattr(value, "__dataclass_fields__"):
        value = {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, np.ndarray):
        yield from np.asarray(value, dtype=np.float64).ravel().tolist() if value.dtype.kind == "f" else ()
    elif isinstance(value, dict):
        for one in value.values():
            yield from numbers_in(one, seen)
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from numbers_in(one, seen)


async def test_no_address_tells_one_persons_likelihood(
    client: CheckingClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make_waves(waves=4, last_sent=70)
    await train_likelihood()
    await switch_likelihood(is_on=True, reason="for this test")
    survey = await make_survey()
    await approve_survey(survey.slug, settings, PlanRequest(margin=0.12), by="Ann Example")
    likelihoods = await everybodys_likelihood(settings)
    assert likelihoods.size > 800

    given: list[dict[str, Any]] = []
    render = jinja2.Template.render

    def remember(template: jinja2.Template, *arguments: Any, **values: Any) -> str:
        given.append(values)
        return render(template, *arguments, **values)

    monkeypatch.setattr(jinja2.Template, "render", remember)
    await make_staff("root@example.org", role="admin")
    await sign_in_as(client, "root@example.org")
    pages = 0
    for route in create_app(settings).routes:
        if "GET" not in getattr(route, "methods", ()):
            continue
        for slug in (made.survey.slug, survey.slug):
            path = fill(route.path_format, slug, made.contacts[0])
            answer = await client.get(path, follow_redirects=False)
            pages += answer.status_code == 200
            told = [float(one) for one in re.findall(r"\d\.\d{6,}", answer.text)]
            assert not tells(told, likelihoods), path
    assert pages > 30
    shown = [value for values in given for value in numbers_in(values, set())]
    assert len(shown) > 300
    assert not tells(shown, likelihoods)
    # The net would catch one: the person's own answer, which the command line gives, is in it.
    [row] = await fetch("SELECT reference FROM contact WHERE id = $1", made.contacts[0])
    own = (await show_contact(str(row["reference"]), settings)).likelihood.likelihood
    assert own is not None
    assert np.abs(likelihoods - own).min() < 1e-4
    assert tells([likelihoods[0]], likelihoods)
    with pytest.raises(AssertionError):
        list(numbers_in({"page": [OwnLikelihood(objects=False)]}, set()))


def tells(numbers: list[float], likelihoods: np.ndarray) -> bool:
    """Whether a number is somebody's likelihood, as written with all its digits."""
    values = np.asarray([one for one in numbers if 0.0 < one < 1.0])
    if not values.size:
        return False
    nearest = likelihoods[np.clip(np.searchsorted(likelihoods, values), 0, likelihoods.size - 1)]
    before = likelihoods[np.clip(np.searchsorted(likelihoods, values) - 1, 0, likelihoods.size - 1)]
    return bool((np.minimum(np.abs(nearest - values), np.abs(before - values)) < 1e-12).any())


async def everybodys_likelihood(settings: Settings) -> np.ndarray:
    """Everybody's, in order: as of today for each length of form, and as of each past invitation."""
    model = await find_model_in_use()
    assert model is not None
    cells = [int(str(row["id"])) for row in await fetch("SELECT id FROM cell")]
    found = []
    for row in await fetch("SELECT DISTINCT planned_seconds FROM form UNION SELECT 180"):
        seconds = int(str(row["planned_seconds"]))
        people = await look_at_people(cells, datetime.now(UTC), planned_seconds=seconds, each=10**9)
        found.append(align(people.features, model.card.features, model.card.categories))
    past = await gather_history(datetime.now(UTC))
    found.append(align(past.features, model.card.features, model.card.categories))
    return np.sort(model.likelihood.predict(np.concatenate(found)))


def fill(path: str, slug: str, contact: int) -> str:
    """An address with its places filled: the survey's, a wave's, a person's."""
    path = path.replace("{language}", "en").replace("{slug}", slug).replace("{survey}", slug)
    path = re.sub(r"\{wave(:int)?\}", "1", path)
    path = re.sub(r"/staff/contacts/\{[^}]+\}", f"/staff/contacts/{contact}", path)
    return re.sub(r"\{[^}]+\}", "1", path)
