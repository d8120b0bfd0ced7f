"""A session that is over while somebody writes: nothing typed is lost, and nobody else's page is posted."""

import re
from html import unescape

import httpx

from survey_service.db import engine
from tests.integration.test_write_survey import written
from tests.support.rows import fetch
from tests.support.staff import PASSWORD, csrf_of, sign_in_as
from tests.support.writing import SAME_SITE, add_question, start_writing

TYPED = "How safe & well?\nSay it “plainly”."


async def end_sessions() -> None:
    """As an hour without a click does."""
    async with engine.connection() as lent:
        await lent.execute("UPDATE staff_session SET last_seen_at = last_seen_at - interval '2 hours'")


def hidden(html: str) -> list[tuple[str, str]]:
    """The hidden fields of the page's form, as a browser would post them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    return [(unescape(name), unescape(text)) for name, text in found]


def edited(csrf: str) -> dict[str, object]:
    return {
        "csrf_token": csrf, "base": "2", "type": "select_one", "name": "first", "label": TYPED,
        "step": "save",
        "choice_name": ["yes", "no"], "choice_label": ["Yes", "No"], "choice_mark": ["", ""],
    }  # fmt: skip


async def test_what_was_typed_is_saved_after_signing_in_again(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    edit = f"/staff/surveys/{slug}/questions/first/edit"
    csrf = csrf_of((await client.get(edit)).text)
    await end_sessions()
    asked = await client.post(edit, data=edited(csrf), headers=SAME_SITE)
    assert asked.status_code == 401
    assert "what you typed is kept" in asked.text
    kept = hidden(asked.text)
    assert csrf not in asked.text, "the old token is good for nothing"
    wrong = await post_fields(
        client, "/staff/sign-in", [*kept, ("email", "ann@example.org"), ("password", "x")]
    )
    assert wrong.status_code == 422
    assert sorted(hidden(wrong.text)) == sorted(kept), "a slip at the password loses nothing either"
    entered = await post_fields(
        client, "/staff/sign-in", [*kept, ("email", "ann@example.org"), ("password", PASSWORD)]
    )
    assert entered.status_code == 200
    assert "You are signed in as Ann Example." in entered.text
    assert (await written(slug)).questions()[0].label == {"en": "First?"}, "nothing goes on by itself"
    saved = await post_fields(client, edit, hidden(entered.text))
    assert saved.status_code == 303, saved.text
    (question,) = (await written(slug)).questions()
    assert question.label == {"en": TYPED}
    assert [choice.label["en"] for choice in question.choices] == ["Yes", "No"]


async def test_signed_in_again_in_another_window(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    edit = f"/staff/surveys/{slug}/questions/first/edit"
    csrf = csrf_of((await client.get(edit)).text)
    await sign_in_as(client)
    refused = await client.post(edit, data=edited(csrf), headers=SAME_SITE)
    assert refused.status_code == 403
    assert (await post_fields(client, edit, hidden(refused.text))).status_code == 303
    assert (await written(slug)).questions()[0].label == {"en": TYPED}
    # Another site can neither make use of it nor see it.
    elsewhere = {"sec-fetch-site": "cross-site"}
    strange = await client.post(edit, data=edited(csrf), headers=elsewhere)
    assert strange.status_code == 403
    assert TYPED.split("\n")[0] not in unescape(strange.text)


async def test_the_preview_says_that_the_session_is_over(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    page = f"/staff/surveys/{slug}/questions/first/edit"
    csrf = csrf_of((await client.get(page)).text)
    await end_sessions()
    preview = f"/staff/surveys/{slug}/questions/preview"
    over = await client.post(preview, data=edited(csrf), headers=SAME_SITE)
    assert over.status_code == 401
    assert over.headers["x-frame-options"] == "SAMEORIGIN"
    assert "Nothing you typed is lost." in over.text


async def test_where_a_sign_in_leads(client: httpx.AsyncClient) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "How safe do you feel?", "Yes", "No")
    await end_sessions()
    path = f"/staff/surveys/{slug}/questions/how_safe_do_you_feel/edit"
    asked = await client.get(path)
    assert asked.headers["location"].startswith("/staff/sign-in?next=")
    entered = await sign_in_as(client, next_path=path)
    assert entered.headers["location"] == path
    evil = [
        ("kept-path", "//evil.example"),
        ("kept:a", "b"),
        ("email", "ann@example.org"),
        ("password", PASSWORD),
    ]
    assert "evil" not in (await post_fields(client, "/staff/sign-in", evil)).text
    assert await fetch("SELECT id FROM response") == []


async def post_fields(client: httpx.AsyncClient, path: str, fields: list[tuple[str, str]]) -> httpx.Response:
    """Post fields in their order; a name may come more than once."""
    values: dict[str, list[str]] = {}
    for name, text in fields:
        values.setdefault(name, []).append(text)
    return await client.post(path, data=values, headers=SAME_SITE)
