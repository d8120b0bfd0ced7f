"""Texts of a personal form that repeat a known fact: masked, of today, and of nobody else."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from survey_service.db.engine import connection
from survey_service.domain.answer_fields import Answer
from survey_service.domain.known_facts import RememberedAnswer
from survey_service.domain.questionnaire import Block, Choice, Question
from tests.support.client import CheckingClient
from tests.support.make import (
    MadeContact,
    make_contact,
    make_invitation,
    make_question,
    make_questionnaire,
    make_survey,
    texts,
)

WARD = make_question(
    "ward", choices=tuple(Choice(name=name, label=texts(name.title())) for name in ("aldgate", "portsoken"))
)


async def remember(contact: MadeContact, question: Question, value: str, survey: int, days: int = 9) -> None:
    answer = RememberedAnswer(rows=(Answer(question=question.name, option=value),), value=value)
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO known_fact (contact, fact, question, answer, survey, valid_until)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (contact, fact) DO UPDATE SET answer = $4, valid_until = $6""",
            contact.id,
            question.name,
            msgspec.json.encode(question).decode(),
            msgspec.json.encode(answer).decode(),
            survey,
            (datetime.now(UTC) + timedelta(days=days)).date(),
        )


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_fact_is_repeated_masked_and_as_it_is_now(client: CheckingClient, language: str) -> None:
    why = make_question("why", type="text", label=texts("Why do you like ${ward}?"), is_required=True)
    questionnaire = make_questionnaire(
        core=Block(name="core", label=texts("Core"), questions=(why,)), blocks=(), facts=("ward",)
    )
    survey = await make_survey(questionnaire=questionnaire)
    knows, stranger = await make_contact(), await make_contact()
    known = await make_invitation(survey=survey, contact=knows)
    unknown = await make_invitation(survey=survey, contact=stranger)
    await remember(knows, WARD, "aldgate", survey.id)

    for _ in range(2):  # the second time everything else comes from memory
        page = (await client.get(f"/s/{known.token}/{language}")).text
        assert "Why do you like <bdi>A•••</bdi>?" in page
        assert "aldgate" not in page.lower()
        other = (await client.get(f"/s/{unknown.token}/{language}")).text
        assert "A•••" not in other
        assert "Why do you like <bdi>(" in other

    wrong = await client.post(f"/s/{known.token}/{language}", data={"why": ""})
    assert wrong.status_code == 422
    assert "Why do you like <bdi>A•••</bdi>?" in wrong.text
    await remember(knows, WARD, "portsoken", survey.id)
    assert await becomes(client, f"/s/{known.token}/{language}", "<bdi>P•••</bdi>", True)
    await remember(knows, WARD, "portsoken", survey.id, days=-1)
    assert await becomes(client, f"/s/{known.token}/{language}", "•••", False)


async def test_the_open_link_knows_nobody(client: CheckingClient) -> None:
    why = make_question("why", type="text", label=texts("Why do you like ${ward}?"))
    questionnaire = make_questionnaire(
        core=Block(name="core", label=texts("Core"), questions=(why,)), blocks=(), facts=("ward",)
    )
    survey = await make_survey(questionnaire=questionnaire)

    page = await client.get(f"/o/{survey.slug}/en")

    assert "Why do you like <bdi>(not known)</bdi>?" in page.text


async def becomes(client: CheckingClient, address: str, text: str, is_there: bool) -> bool:
    """Every process hears of a change within moments."""
    for _ in range(600):
        if (text in (await client.get(address)).text) == is_there:
            return True
        await asyncio.sleep(0.05)
    return False
