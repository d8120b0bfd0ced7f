"""A question and its answers under other names, in the browser, until the survey is open."""

import httpx

from tests.integration.test_write_survey import names, written
from tests.support.make import make_survey
from tests.support.rows import fetch
from tests.support.writing import add_question, post, start_writing


async def test_a_question_and_its_codes_are_renamed_and_read_by_all(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "Do you work here?", "Yes", "No")
    await add_question(
        client, slug, "Why ${do_you_work_here}?", kind="short_text", shown_by=["do_you_work_here no"]
    )
    editor = await client.get(f"/staff/surveys/{slug}/questions/do_you_work_here/edit")
    page = f"/staff/surveys/{slug}/questions/do_you_work_here/names"
    assert page in editor.text
    other = await make_survey(slug="asked-before")
    await fetch(
        """INSERT INTO repeat_decision (survey, question, other_survey, other_question, decision, reason)
           SELECT survey.id, 'do_you_work_here', $1, 'q1', 'ask', 'why not' FROM survey WHERE slug = $2""",
        other.id,
        slug,
    )
    taken = await post(client, page, name="why_do_you_work_here", **{"choice:yes": "works"})
    assert taken.status_code == 422
    assert "named" in taken.text
    assert "works" in taken.text, "what was typed stands there again"
    done = await post(client, page, name="works_here", **{"choice:yes": "1", "choice:no": "0"})
    assert done.headers["location"].endswith("#q-works_here")
    first, second = (await written(slug)).questions()
    assert first.name == "works_here"
    assert [choice.name for choice in first.choices] == ["1", "0"]
    assert second.relevant == "${works_here} = '0'"
    assert second.label == {"en": "Why ${works_here}?"}
    assert [row["question"] for row in await fetch("SELECT question FROM repeat_decision")] == ["works_here"]
    assert "do_you_work_here → works_here" in (await client.get(f"/staff/surveys/{slug}/history")).text
    await post(client, f"/staff/surveys/{slug}/questions", step="undo")
    assert names(await written(slug))[0] == "do_you_work_here"


async def test_the_names_of_a_grid_and_of_a_scale(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    grid = {"row_label": ["Streets", "Parks"], "row_name": ["", ""], "appearance": "scale"}
    await add_question(client, slug, "How safe?", "Low", "High", kind="grid", **grid)
    page = f"/staff/surveys/{slug}/questions/how_safe/names"
    shown = await client.get(page)
    assert "The points of a scale are called by their numbers" in shown.text
    assert 'name="choice:1"' not in shown.text
    await post(client, page, name="how_safe", **{"row:streets": "roads", "choice:1": "7"})
    (question,) = (await written(slug)).questions()
    assert [row.name for row in question.rows] == ["roads", "parks"]
    assert [choice.name for choice in question.choices] == ["1", "2"]


async def test_once_it_is_open_the_names_stay(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    page = f"/staff/surveys/{slug}/questions/first/names"
    await post(client, f"/staff/surveys/{slug}/launch", step="open", open_link="yes")
    shown = await client.get(page)
    assert "The survey is open: answers are kept under these names, so they stay." in shown.text
    assert 'name="name"' not in shown.text
    # A page that was got before it was opened.
    refused = await post(client, page, name="other")
    assert refused.status_code == 409
    assert "A copy of the survey can have other names." in refused.text
    assert names(await written(slug)) == ["first"]
