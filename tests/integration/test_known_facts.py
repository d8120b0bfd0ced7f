"""What a person let us remember: shown to them alone, corrected, forgotten, gone with an erasure."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from survey_service.db import contact as contact_table
from survey_service.domain.answer_fields import Answer
from survey_service.domain.known_facts import RememberedAnswer
from survey_service.domain.questionnaire import Choice, Question
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.make import MadeContact, insert, make_survey
from tests.support.make_questionnaire import texts
from tests.support.own_page import make_person, path_of
from tests.support.rows import fetch
from tests.support.staff import audited

WARD = Question(
    name="ward",
    type="select_one",
    label=texts("Which ward?"),
    choices=tuple(Choice(name=name, label=texts(name.title())) for name in ("bridge", "tower")),
    remember_as="ward",
)
BORN = Question(name="born", type="date", label=texts("When were you born?"), remember_as="born")


async def remember(contact: MadeContact, question: Question, value: str) -> None:
    survey = await make_survey()
    answer = RememberedAnswer(rows=(Answer(question=question.name, option=value),), value=value)
    await insert(
        "known_fact",
        {
            "contact": contact.id,
            "fact": question.remember_as,
            "question": msgspec.json.encode(question).decode(),
            "answer": msgspec.json.encode(answer).decode(),
            "survey": survey.id,
            "given_at": datetime(2026, 5, 1, 12, tzinfo=UTC),
            "valid_until": date(2028, 4, 30),
        },
    )


@pytest.fixture
async def person(client: CheckingClient, settings: Settings) -> MadeContact:
    contact = await make_person(settings)
    await remember(contact, WARD, "tower")
    await remember(contact, BORN, "1980-03-07")
    return contact


async def post(client: CheckingClient, path: str, **fields: str) -> int:
    answer = await client.post(path, data=fields, headers={"sec-fetch-site": "same-origin"})
    return answer.status_code


async def test_everything_known_is_shown_filled_in(
    client: CheckingClient, settings: Settings, person: MadeContact
) -> None:
    path = await path_of(person, settings)
    assert f'href="{path}/en/facts"' in (await client.get(f"{path}/en")).text
    page = (await client.get(f"{path}/en/facts")).text
    assert "You told us on 1 May 2026" in page
    assert "We may ask again after 30 April 2028." in page
    assert 'value="tower" checked' in page
    assert 'value="1980"' in page
    assert "Question 1 of" not in page
    assert "Which ward? (ar)" in (await client.get(f"{path}/ar/facts")).text


async def test_a_fact_is_corrected_and_a_wrong_answer_is_not_taken(
    client: CheckingClient, settings: Settings, person: MadeContact
) -> None:
    path = f"{await path_of(person, settings)}/en/facts"
    assert await post(client, path, do="correct", fact="ward", ward="bridge") == 303
    for wrong in ({"ward": "moon"}, {"ward": ""}):
        assert await post(client, path, do="correct", fact="ward", **wrong) == 422
    assert await post(client, path, do="correct", fact="born", **{"born": "31", "born--month": "2"}) == 422
    assert await post(client, path, do="nonsense", fact="ward") == 400
    [row] = await fetch("SELECT answer, given_at > now() - interval '1 hour' AS is_new FROM known_fact "
                        "WHERE fact = 'ward'")  # fmt: skip
    assert msgspec.json.decode(str(row["answer"]))["value"] == "bridge"
    assert row["is_new"]
    assert "own_page.correct_fact" in await audited()


async def test_a_fact_is_forgotten_once_and_for_all(
    client: CheckingClient, settings: Settings, person: MadeContact
) -> None:
    path = f"{await path_of(person, settings)}/en/facts"
    for _ in range(2):
        assert await post(client, path, do="forget", fact="ward") == 303
    assert [row["fact"] for row in await fetch("SELECT fact FROM known_fact")] == ["born"]
    assert (await audited()).count("own_page.forget_fact") == 1
    assert await post(client, path, do="correct", fact="ward", ward="bridge") == 303, "gone in another window"
    assert len(await fetch("SELECT FROM known_fact")) == 1


async def test_other_pages_and_strangers_see_nothing(
    client: CheckingClient, settings: Settings, person: MadeContact
) -> None:
    other = await make_person(settings)
    assert "Nothing so far." in (await client.get(f"{await path_of(other, settings)}/en/facts")).text
    assert (await client.get("/me/" + "0" * 26 + "/en/facts")).status_code == 404


async def test_erasure_takes_the_facts_with_it(person: MadeContact) -> None:
    await contact_table.erase_contact(person.id)
    assert await fetch("SELECT FROM known_fact") == []
