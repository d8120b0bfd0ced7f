"""One question after the survey: in turn, of whoever answered, as a mean of ten people at least."""

import pytest

from survey_service.db.experience import list_means
from survey_service.domain.experience import choose_item, items, read_score
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.make import make_invitation, make_survey
from tests.support.rows import fetch

QUESTIONS = {
    "burden": "How much effort was this survey for you?",
    "enjoyment": "How much did you like taking part in this survey?",
}


async def post(client: CheckingClient, address: str, **fields: str) -> str:
    answer = await client.post(address, data=fields, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_whoever_answered_is_asked_one_of_two_and_may_say_it_once_more(
    client: CheckingClient, settings: Settings
) -> None:
    survey = await make_survey()
    invitation = await make_invitation(survey=survey)
    address = f"/s/{invitation.token}/en/experience"
    assert (await post(client, address, score="4")).endswith("/thanks"), "nothing was answered yet"
    assert await fetch("SELECT FROM experience") == []
    assert (await post(client, f"/s/{invitation.token}/en", q1="yes")).endswith("/thanks")
    page = (await client.get(f"/s/{invitation.token}/en/thanks")).text
    asked = choose_item(invitation.token_hash)
    assert QUESTIONS[asked] in page
    assert sum(question in page for question in QUESTIONS.values()) == 1
    for wrong in ("0", "6", "x", ""):
        assert (await post(client, address, score=wrong)).endswith("/thanks")
    assert (await post(client, address, score="4")).endswith("/thanks?rated")
    assert "That helps us to ask less" in (await client.get(f"/s/{invitation.token}/en/thanks?rated")).text
    await post(client, address, score="2")
    rows = await fetch("SELECT item, score FROM experience")
    assert [(row["item"], row["score"]) for row in rows] == [(asked, 2)]
    assert await list_means(10) == []
    [mean] = await list_means(1)
    assert (mean.item, mean.people, mean.mean) == (asked, 1, 2.0)


async def test_the_open_link_asks_nothing_more(client: CheckingClient) -> None:
    survey = await make_survey()
    page = (await client.get(f"/o/{survey.slug}/en/thanks")).text
    assert not any(question in page for question in QUESTIONS.values())


def test_each_question_is_for_half_of_all_links() -> None:
    chosen = [choose_item(bytes([first]) + b"rest") for first in range(256)]
    assert {item: chosen.count(item) for item in items} == dict.fromkeys(items, 128)


@pytest.mark.parametrize(("text", "score"), [("1", 1), ("5", 5), ("٣", None), ("10", None), ("", None)])
def test_scores_are_read_strictly(text: str, score: int | None) -> None:
    assert read_score(text) == score
