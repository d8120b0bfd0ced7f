"""Answers to several versions of an open survey: codes keep their meaning, results never mix two of them."""

import re
from typing import Any

import httpx
import msgspec

from survey_service.services.results.review_survey import export_results
from tests.integration.test_write_survey import names, written
from tests.support.rows import fetch
from tests.support.writing import SAME_SITE, add_question, becomes, post, start_writing

COPY = """
WITH newest AS (SELECT * FROM response ORDER BY id DESC LIMIT 1),
copied AS (
    INSERT INTO response (survey, questionnaire_version, form, origin, channel, language, disposition,
                          privacy_notice_version, submission)
    SELECT survey, questionnaire_version, form, origin, channel, language, disposition,
           privacy_notice_version, submission
    FROM newest, generate_series(2, $1) RETURNING id
)
INSERT INTO answer (response, question, option, text_value, number_value)
SELECT copied.id, answer.question, answer.option, answer.text_value, answer.number_value
FROM copied, answer JOIN newest ON newest.id = answer.response
"""


async def answer(client: httpx.AsyncClient, slug: str, **typed: str) -> None:
    """Answer the open form as it is served now; nine others answer in the same way."""
    page = (await client.get(f"/o/{slug}/en")).text
    hidden = dict(re.findall(r'name="([a-z-]+)" value="([^"]*)"', page))
    action = re.search(r'action="(/o/[^"]+)"', page)
    assert action
    sent = await client.post(action.group(1).replace("&amp;", "&"), data=hidden | typed, headers=SAME_SITE)
    assert sent.status_code == 303, sent.text
    await fetch(COPY, 10)
    # Whoever is as fast as a test is set aside; these are people.
    await fetch("UPDATE response SET flags = ''")


async def open_survey(client: httpx.AsyncClient) -> str:
    """An open survey with a list, a scale, and a question that depends on the list."""
    slug = await start_writing(client)
    await add_question(client, slug, "How safe?", "Safe", "Not safe", "Unsure")
    await add_question(client, slug, "How clean?", "Bad", "Fair", "Good", kind="scale")
    await add_question(client, slug, "Why?", kind="short_text", shown_by=["how_safe not_safe"])
    await post(client, f"/staff/surveys/{slug}/launch", step="open", open_link="yes")
    return slug


async def edit(
    client: httpx.AsyncClient, slug: str, name: str, *choices: tuple[str, str], **fields: Any
) -> httpx.Response:
    """Save a question with these answers: (code, label) each."""
    values: dict[str, Any] = {
        "type": "select_one", "name": name, "label": "How safe?", "step": "save",
        "choice_name": [code for code, _ in choices],
        "choice_label": [label for _, label in choices],
        "choice_mark": [""] * len(choices),
    }  # fmt: skip
    return await post(client, f"/staff/surveys/{slug}/questions/{name}/edit", **(values | fields))


async def served(client: httpx.AsyncClient, slug: str, text: str) -> bool:
    async def is_served() -> bool:
        return text in (await client.get(f"/o/{slug}/en")).text

    return await becomes(is_served)


async def shown_results(client: httpx.AsyncClient, slug: str) -> dict[str, Any]:
    """The open link's questions as they may be shown, by name."""
    results = await export_results(slug, small_cell=1, by=None)
    return {one.name: one for one in results.open_questions}


async def test_an_answer_taken_out_keeps_its_people_and_its_code(client: httpx.AsyncClient) -> None:
    slug = await open_survey(client)
    await answer(client, slug, how_safe="not_safe", how_clean="1", why="It is dark.")
    await answer(client, slug, how_safe="safe")
    await answer(client, slug, how_safe="unsure")
    # Taken out and another one added: no code is given away again.
    assert (
        await edit(client, slug, "how_safe", ("safe", "Safe"), ("unsure", "Unsure"), ("", "Hardly safe"))
    ).status_code == 303
    codes = [choice.name for choice in (await written(slug)).questions()[0].choices]
    assert codes == ["safe", "unsure", "hardly_safe"]
    launch = f"/staff/surveys/{slug}/launch"
    page = (await client.get(launch)).text
    assert "Answer taken out." in page
    assert "New answer to choose." in page
    assert "It cannot be published yet" in page, "what reads the code is named"
    await edit(
        client,
        slug,
        "why",
        label="Why?",
        type="text",
        choice_name=[],
        choice_label=[],
        choice_mark=[],
        shown_by=["how_safe safe"],
    )
    refused = await post(client, launch, step="publish")
    assert refused.status_code == 409
    assert "Look at what changes" in refused.text
    published = await post(client, launch, step="publish", confirmed="yes")
    assert published.status_code == 303
    (event,) = await fetch(
        "SELECT detail FROM audit_event WHERE action = 'survey.publish' ORDER BY id DESC LIMIT 1"
    )
    assert msgspec.json.decode(event["detail"])["confirmed"] == "choice_removed how_safe:not_safe"
    assert await served(client, slug, "Hardly safe")
    await answer(client, slug, how_safe="hardly_safe")
    found = (await shown_results(client, slug))["how_safe"]
    told = {one.option: (one.label, one.n, one.retired) for one in found.estimates}
    assert told == {
        "safe": ("Safe", 10, False),
        "unsure": ("Unsure", 10, False),
        "hardly_safe": ("Hardly safe", 10, False),
        "not_safe": ("Not safe", 10, True),
    }
    results = (await client.get(f"/staff/surveys/{slug}")).text
    assert "No longer offered" in results
    # It comes back under the code it had, and is the same answer again.
    await edit(client, slug, "how_safe", ("safe", "Safe"), ("unsure", "Unsure"), ("", "Not safe"))
    codes = [choice.name for choice in (await written(slug)).questions()[0].choices]
    assert codes == ["safe", "unsure", "not_safe"]


async def test_a_scale_in_another_order_is_a_new_question_or_none(client: httpx.AsyncClient) -> None:
    slug = await open_survey(client)
    await answer(client, slug, how_safe="safe", how_clean="3")
    await answer(client, slug, how_clean="2")
    await answer(client, slug, how_clean="1")
    scale = {"type": "scale", "label": "How clean?"}
    turned = [("1", "Bad"), ("3", "Good"), ("2", "Fair")]
    before = await written(slug)
    refused = await edit(client, slug, "how_clean", *turned, **scale)
    assert refused.status_code == 422
    assert "An answer would move to another code" in refused.text
    assert "Ask this as a new question" in refused.text
    assert await written(slug) == before, "nothing was saved"
    for fewer in ([("1", "Bad"), ("3", "Good")], [*turned, ("", "Top")]):
        assert (await edit(client, slug, "how_clean", *fewer, **scale)).status_code == 422
    saved = await edit(client, slug, "how_clean", ("1", "Bad"), ("3", "Good"), is_new_question="yes", **scale)
    assert saved.status_code == 303
    assert names(await written(slug)) == ["how_safe", "how_clean_2", "why"]
    assert [choice.name for choice in (await written(slug)).questions()[1].choices] == ["1", "2"]
    launch = f"/staff/surveys/{slug}/launch"
    assert "Answers so far stay in the results" in (await client.get(launch)).text
    assert (await post(client, launch, step="publish", confirmed="yes")).status_code == 303
    assert await served(client, slug, "how_clean_2")
    await answer(client, slug, how_safe="safe", how_clean_2="2")
    await answer(client, slug, how_clean_2="1")
    found = await shown_results(client, slug)
    assert list(found) == ["how_safe", "how_clean_2", "why", "how_clean"]
    assert found["how_clean"].retired
    assert {one.option: one.n for one in found["how_clean"].estimates} == {"1": 10, "2": 10, "3": 10}
    assert {one.option: one.n for one in found["how_clean_2"].estimates} == {"1": 10, "2": 10}
    assert "No longer asked" in (await client.get(f"/staff/surveys/{slug}")).text


async def test_no_way_round_by_history_or_workbook(client: httpx.AsyncClient) -> None:
    """What cannot be saved in the editor cannot be published either, wherever it came from."""
    slug = await start_writing(client)
    await add_question(client, slug, "How clean?", "Good", "Fair", "Bad", kind="scale")
    values: dict[str, Any] = {"type": "scale", "label": "How clean?"}
    await edit(client, slug, "how_clean", ("1", "Bad"), ("2", "Fair"), ("3", "Good"), **values)
    await post(client, f"/staff/surveys/{slug}/launch", step="open", open_link="yes")
    await post(client, f"/staff/surveys/{slug}/questions", step="undo")
    launch = f"/staff/surveys/{slug}/launch"
    page = (await client.get(launch)).text
    assert "These cannot be published" in page
    refused = await post(client, launch, step="publish", confirmed="yes")
    assert refused.status_code == 409
    assert "Answers given so far would get another meaning." in refused.text
    assert len(await fetch("SELECT id FROM questionnaire_version")) == 1


async def test_while_nobody_can_answer_a_scale_is_turned_with_what_reads_it(
    client: httpx.AsyncClient,
) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "How clean?", "Bad", "Fair", "Good", kind="scale")
    await add_question(client, slug, "Why good?", kind="short_text", shown_by=["how_clean 3"])
    values: dict[str, Any] = {"type": "scale", "label": "How clean?"}
    saved = await edit(client, slug, "how_clean", ("3", "Good"), ("1", "Bad"), ("2", "Fair"), **values)
    assert saved.status_code == 303
    scale, why = (await written(slug)).questions()
    assert [(one.name, one.label["en"]) for one in scale.choices] == [
        ("1", "Good"),
        ("2", "Bad"),
        ("3", "Fair"),
    ]
    assert why.relevant == "${how_clean} = '1'"
