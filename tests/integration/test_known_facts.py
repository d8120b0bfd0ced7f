"""What a person let us remember: shown to them alone, corrected, forgotten, gone with an erasure."""

import asyncio
from datetime import UTC, date, datetime

import msgspec
import pytest

from survey_service.db import contact as contact_table
from survey_service.domain.answer_fields import Answer
from survey_service.domain.known_facts import RememberedAnswer
from survey_service.domain.questionnaire import Block, Choice, Question, Questionnaire
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.make import MadeContact, insert, make_invitation, make_survey
from tests.support.make_questionnaire import make_question, make_questionnaire, texts
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


def asking(*questions: Question) -> Questionnaire:
    return make_questionnaire(core=Block(name="core", label={}, questions=questions), blocks=())


SAFE = make_question("safe", label=texts("Do you feel safe?"))


async def send(client: CheckingClient, token: str, **fields: str) -> int:
    answer = await client.post(f"/s/{token}/en", data=fields, headers={"sec-fetch-site": "same-origin"})
    return answer.status_code


async def answers_of(slug: str) -> list[tuple[object, object]]:
    rows = await fetch(
        """SELECT a.question, a.option FROM answer a JOIN response r ON r.id = a.response
           JOIN survey s ON s.id = r.survey WHERE s.slug = $1 ORDER BY a.question""",
        slug,
    )
    return [(row["question"], row["option"]) for row in rows]


async def test_what_is_remembered_is_not_asked_again_and_counts_as_answered(
    client: CheckingClient, settings: Settings
) -> None:
    person = await make_person(settings)
    first = await make_invitation(
        survey=await make_survey(slug="one", questionnaire=asking(WARD, SAFE)), contact=person
    )
    page = (await client.get(f"/s/{first.token}/en")).text
    assert "Remember what I said about myself" in page
    assert await send(client, first.token, ward="tower", safe="yes", **{"remember-answers": "yes"}) == 303
    where = msgspec.structs.replace(WARD, name="where", label=texts("Your ward?"))
    second = await make_survey(slug="two", questionnaire=asking(where, SAFE))
    invitation = await make_invitation(survey=second, contact=person)
    page = (await client.get(f"/s/{invitation.token}/en")).text
    assert "You told us this before, so we do not ask it again:" in page
    assert "Your ward?" in page
    assert 'name="where"' not in page
    assert "tower" not in page.lower(), "a link that was passed on shows nothing"
    assert await send(client, invitation.token, safe="no") == 303
    assert await answers_of("two") == [("safe", "no"), ("where", "tower")]
    [response] = await fetch("SELECT disposition FROM response ORDER BY id DESC LIMIT 1")
    assert response["disposition"] == "complete"


async def test_without_the_box_nothing_is_kept_nor_from_an_open_link(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_survey(questionnaire=asking(WARD, SAFE))
    invitation = await make_invitation(survey=survey, contact=await make_person(settings))
    assert await send(client, invitation.token, ward="tower", safe="yes") == 303
    page = (await client.get(f"/o/{survey.slug}/en")).text
    assert "Remember what I said about myself" not in page
    assert await fetch("SELECT FROM known_fact") == []


async def test_a_correction_is_heard_by_every_open_link_at_once(
    client: CheckingClient, settings: Settings
) -> None:
    person = await make_person(settings)
    await remember(person, WARD, "tower")
    invitation = await make_invitation(
        survey=await make_survey(questionnaire=asking(WARD, SAFE)), contact=person
    )
    assert 'name="ward"' not in (await client.get(f"/s/{invitation.token}/en")).text
    own = f"{await path_of(person, settings)}/en/facts"
    assert await post(client, own, do="forget", fact="ward") == 303
    for _ in range(600):
        page = (await client.get(f"/s/{invitation.token}/en")).text
        if 'name="ward"' in page:
            return
        await asyncio.sleep(0.05)
    pytest.fail("the link still leaves out what was forgotten")


async def test_a_question_others_depend_on_is_asked_although_it_is_known(
    client: CheckingClient, settings: Settings
) -> None:
    person = await make_person(settings)
    await remember(person, WARD, "tower")
    why = Question(name="why", type="text", label=texts("Why?"), relevant="${ward} = 'tower'")
    invitation = await make_invitation(
        survey=await make_survey(questionnaire=asking(WARD, why)), contact=person
    )
    assert 'name="ward"' in (await client.get(f"/s/{invitation.token}/en")).text


async def test_two_surveys_answered_at_once_remember_one_answer(
    client: CheckingClient, settings: Settings
) -> None:
    person = await make_person(settings)
    tokens = [
        (
            await make_invitation(survey=await make_survey(questionnaire=asking(WARD, SAFE)), contact=person)
        ).token
        for _ in range(2)
    ]
    fields = {"ward": "bridge", "safe": "yes", "remember-answers": "yes"}
    assert await asyncio.gather(*(send(client, token, **fields) for token in tokens)) == [303, 303]
    assert len(await fetch("SELECT FROM known_fact")) == 1
