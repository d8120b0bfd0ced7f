"""A survey written in the browser: every step kept, nobody overwritten unseen, answers tied to a version."""

import asyncio
import re

import httpx
import msgspec

from survey_service.db import draft as draft_table
from survey_service.db.staff import find_staff
from survey_service.domain.draft_changes import add_question as add_question_to
from survey_service.domain.drafts import Draft, change_questionnaire
from survey_service.domain.questionnaire import Questionnaire
from survey_service.services.questionnaires.edit_draft import Step, change_draft
from survey_service.services.results.review_survey import get_survey_for
from tests.support.make_questionnaire import make_question
from tests.support.rows import fetch
from tests.support.staff import audited, make_staff, sign_in_as
from tests.support.writing import add_question, becomes, current_base, post, start_writing


async def written(slug: str) -> Questionnaire:
    """The questionnaire of the draft."""
    (row,) = await fetch("SELECT id FROM survey WHERE slug = $1", slug)
    newest = await draft_table.find_newest_edit(row["id"])
    assert newest is not None
    return newest.draft.questionnaire


def names(questionnaire: Questionnaire) -> list[str]:
    return [question.name for question in questionnaire.questions()]


async def test_from_nothing_to_an_answer(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    page = await client.get(f"/staff/surveys/{slug}/questions")
    assert "The questionnaire asks no question." in page.text
    refused = await add_question(client, slug, "", "Yes", "")
    assert refused.status_code == 422
    assert "Write the question" in refused.text
    await add_question(client, slug, "How safe do you feel after dark?", "Safe", "", "Not safe")
    await add_question(
        client, slug, "How old are you?", kind="integer", least="16", most="120", is_required="yes"
    )
    questionnaire = await written(slug)
    assert [choice.name for choice in questionnaire.questions()[0].choices] == ["safe", "not_safe"]
    assert questionnaire.questions()[1].constraint == ". >= 16 and . <= 120"
    opened = await post(client, f"/staff/surveys/{slug}/launch", step="open", open_link="yes")
    assert opened.status_code == 303
    form = await client.get(f"/o/{slug}/en")
    assert "How safe do you feel after dark?" in form.text
    assert [
        action
        for action in dict.fromkeys(await audited())
        if action.startswith("survey.") and "link" not in action
    ] == ["survey.start", "survey.edit", "survey.publish", "survey.open"]


async def test_steps_at_questions_and_back_again(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    path = f"/staff/surveys/{slug}/questions"
    for label in ("First?", "Second?", "Third?", "Third?"):
        # The last one is a second press of the button.
        assert (await add_question(client, slug, label, "Yes", "No")).status_code == 303
    assert names(await written(slug)) == ["first", "second", "third"]
    await post(client, path, step="up:third")
    assert names(await written(slug)) == ["first", "third", "second"]
    await post(client, path, step="copy:first")
    assert names(await written(slug)) == ["first", "first_2", "third", "second"]
    await post(client, path, step="block_add", heading="More")
    await post(client, path, step="down:second")
    assert [question.name for question in (await written(slug)).blocks[0].questions] == ["second"]
    await post(client, path, step="remove:first_2")
    assert names(await written(slug)) == ["first", "third", "second"]
    await post(client, path, step="undo")
    await post(client, path, step="undo")
    assert (await written(slug)).blocks[0].questions == ()
    assert names(await written(slug)) == ["first", "first_2", "third", "second"]
    history = await client.get(f"/staff/surveys/{slug}/history")
    edit = re.findall(r'name="edit" value="(\d+)"', history.text)[-1]
    await post(client, f"/staff/surveys/{slug}/history", edit=edit)
    assert names(await written(slug)) == []
    await post(client, path, step="undo")
    await post(client, path, step="block_remove:more")
    assert (await written(slug)).blocks == ()


async def test_two_people_at_one_survey(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    await add_question(client, slug, "Second?", "Yes", "No")
    base = await current_base(client, slug)
    edit = f"/staff/surveys/{slug}/questions/first/edit"
    values = {
        "type": "select_one",
        "name": "first",
        "choice_name": ["yes", "no"],
        "choice_label": ["Yes", "No"],
        "choice_mark": ["", ""],
        "step": "save",
    }
    await make_staff("ben@example.org")
    await sign_in_as(client, "ben@example.org")
    assert (await post(client, edit, base=base, label="Theirs?", **values)).status_code == 303
    # What they changed elsewhere is no obstacle and stays.
    await sign_in_as(client)
    other = edit.replace("first", "second")
    assert (
        await post(client, other, base=base, label="Mine?", **(values | {"name": "second"}))
    ).status_code == 303
    refused = await post(client, edit, base=base, label="Also mine?", **values)
    assert refused.status_code == 409
    assert "Theirs?" in refused.text
    assert "Also mine?" in refused.text
    assert "Ann Example" in refused.text
    labels = [question.label["en"] for question in (await written(slug)).questions()]
    assert labels == ["Theirs?", "Mine?"]
    again = re.search(r'name="base" value="(\d+)"', refused.text)
    assert again
    saved = await post(client, edit, base=again.group(1), label="Also mine?", **values)
    assert saved.status_code == 303
    assert (await written(slug)).questions()[0].label["en"] == "Also mine?"
    rows = await fetch("SELECT definition FROM draft_edit ORDER BY number")
    assert any("Theirs?" in row["definition"] for row in rows), "nothing is lost"


async def test_a_new_version_leaves_the_answers_of_the_old_one(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    await post(client, f"/staff/surveys/{slug}/launch", step="open", open_link="yes")
    before = await client.get(f"/o/{slug}/en")
    hidden = dict(re.findall(r'name="([a-z-]+)" value="([^"]*)"', before.text))
    await add_question(client, slug, "Second?", "Yes", "No", is_required="yes")
    assert "Second?" not in (await client.get(f"/o/{slug}/en")).text, "a draft is not served"
    published = await post(client, f"/staff/surveys/{slug}/launch", step="publish")
    assert published.status_code == 303

    async def is_served() -> bool:
        return "Second?" in (await client.get(f"/o/{slug}/en")).text

    assert await becomes(is_served)
    # A page that was got before is answered as what it was.
    action = re.search(r'action="(/o/[^"]+)"', before.text).group(1)  # type: ignore[union-attr]
    answer = await client.post(
        action, data=hidden | {"first": "yes"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 303, answer.text
    (row,) = await fetch(
        """SELECT version.number FROM response
           JOIN questionnaire_version version ON version.id = response.questionnaire_version"""
    )
    assert row["number"] == 1
    assert len(await fetch("SELECT id FROM questionnaire_version")) == 2


async def test_a_trial_is_the_real_page_and_keeps_nothing(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No", is_required="yes")
    page = (await client.get(f"/staff/surveys/{slug}/questions")).text
    path = re.search(r'src="(/t/[^"]+)"', page).group(1)  # type: ignore[union-attr]
    await client.post("/staff/sign-out", data={})
    client.cookies.clear()
    trial = await client.get(path)
    assert "This is a trial." in trial.text
    assert "set-cookie" not in trial.headers
    assert trial.headers["x-frame-options"] == "SAMEORIGIN"
    same_site = {"sec-fetch-site": "same-origin"}
    assert (await client.post(path, data={"open-channel": "all"}, headers=same_site)).status_code == 422
    tried = await client.post(path, data={"open-channel": "all", "first": "yes"}, headers=same_site)
    assert tried.status_code == 303
    assert "Nothing you entered was kept." in (await client.get(tried.headers["location"])).text
    assert await fetch("SELECT id FROM response") == []
    assert (await client.get(path.replace("/t/", "/t/x"))).status_code == 404
    assert (await client.get(path[:-4] + "x/en")).status_code == 404


async def test_the_preview_shows_what_is_typed(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    shown = await post(
        client,
        f"/staff/surveys/{slug}/questions/preview",
        page=f"/staff/surveys/{slug}/questions/first/edit",
        name="first",
        type="select_one",
        label="Not saved?",
        relevant="${nonsense",
        preview_language="ar",
    )
    assert shown.status_code == 200
    assert "Not saved?" in shown.text
    assert shown.headers["x-frame-options"] == "SAMEORIGIN"
    assert (await written(slug)).questions()[0].label == {"en": "First?"}


async def test_only_those_who_may_write_it(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await make_staff("view@example.org", role="viewer")
    await sign_in_as(client, "view@example.org")
    for page in ("questions", "details", "history", "launch", "translations", "workbook"):
        assert (await client.get(f"/staff/surveys/{slug}/{page}")).status_code == 403
    assert (await client.get("/staff/surveys/new")).status_code == 403
    await make_staff("other@example.org", department="Parks")
    await sign_in_as(client, "other@example.org")
    assert (await client.get(f"/staff/surveys/{slug}/questions")).status_code == 404


async def test_length_is_a_gate(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    for number in range(8):
        await add_question(
            client, slug, f"What about number {number}?", kind="long_text", appearance="multiline"
        )
    path = f"/staff/surveys/{slug}/launch"
    for _ in range(3):
        await post(client, f"/staff/surveys/{slug}/questions", step="copy:what_about_number_0")
    refused = await post(client, path, step="open")
    assert refused.status_code == 422
    assert "longer than most people put up with" in refused.text
    assert (await post(client, path, step="open", reason="The committee asked.")).status_code == 303
    (event,) = await fetch("SELECT detail, staff FROM audit_event WHERE action = 'survey.open'")
    assert msgspec.json.decode(event["detail"])["reason"] == "The committee asked."
    assert event["staff"] is not None


async def test_ten_people_at_once_lose_nothing(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    (staff,) = await fetch("SELECT id FROM staff")
    member = await find_staff("ann@example.org")
    assert member is not None
    assert member.id == staff["id"]
    survey = await get_survey_for(member, slug)

    async def add(number: int) -> None:
        def apply(draft: Draft) -> Draft:
            changed = add_question_to(draft.questionnaire, "core", make_question(f"q{number}"))
            return change_questionnaire(draft, changed)

        await change_draft(member, survey, Step(change="question_added", apply=apply), base=1)

    await asyncio.gather(*(add(number) for number in range(10)))
    assert sorted(names(await written(slug))) == sorted(f"q{number}" for number in range(10))
    numbers = [row["number"] for row in await fetch("SELECT number FROM draft_edit ORDER BY number")]
    assert numbers == list(range(1, 12))


async def test_pages_that_need_published_questions_say_so(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    answer = await client.get(f"/staff/surveys/{slug}")
    assert answer.status_code == 303
    assert "Nothing is published yet." in (await client.get(answer.headers["location"])).text
    assert "has no questionnaire" in (await client.get(f"/staff/surveys/{slug}/price")).text
    await post(client, f"/staff/surveys/{slug}/launch", step="publish")
    assert (await client.get(f"/staff/surveys/{slug}")).status_code == 200


async def test_remarks_and_answers_in_another_order_save_nothing_yet(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    page = f"/staff/surveys/{slug}/questions/new?kind=scale"
    values = {
        "type": "scale",
        "block": "core",
        "name": "",
        "label": "How safe and welcome do you feel?",
        "choice_name": ["1", "2", "3"],
        "choice_label": ["Low", "Middle", "High"],
    }
    path = f"/staff/surveys/{slug}/questions/new"
    checked = await post(client, path, page=page, step="check", **values)
    assert "May ask two things at once." in checked.text
    moved = await post(client, path, page=page, step="choices:up:2", **values)
    order = re.findall(r'name="choice_label" value="(\w+)"', moved.text)
    assert order == ["Low", "High", "Middle"]
    assert names(await written(slug)) == []
    another = values | {"choice_name": ["1", "3", "2"], "choice_label": order}
    assert (await post(client, path, page=page, step="save", **another)).status_code == 303
    (question,) = (await written(slug)).questions()
    assert [(choice.name, choice.label["en"]) for choice in question.choices] == [
        ("1", "Low"),
        ("2", "High"),
        ("3", "Middle"),
    ]


async def test_what_an_author_types_is_text_everywhere(client: httpx.AsyncClient) -> None:
    """The client refuses a page whose mark-up is not sound or whose scripts are not ours."""
    nasty = "</textarea></title><script>x()</script>\"'><b>&amp;{{ 7*7 }}"
    slug = await start_writing(client, nasty)
    await add_question(client, slug, nasty, nasty, f"{nasty}2", hint=nasty, required_message=nasty)
    await post(client, f"/staff/surveys/{slug}/questions", step="block_add", heading=nasty)
    (question,) = (await written(slug)).questions()
    pages = ["questions", f"questions/{question.name}/edit", "details", "history", "launch", "translations"]
    for page in pages:
        html = (await client.get(f"/staff/surveys/{slug}/{page}")).text
        assert "<script>x()" not in html
    html = (await client.get(f"/staff/surveys/{slug}/questions")).text
    trial = await client.get(re.search(r'src="(/t/[^"]+)"', html).group(1))  # type: ignore[union-attr]
    assert "&lt;script&gt;x()&lt;/script&gt;" in trial.text
