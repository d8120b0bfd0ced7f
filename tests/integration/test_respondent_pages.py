"""A respondent's walk, page by page; the client checks every page it gets."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import make_contact, make_invitation, make_question, make_questionnaire, make_survey
from tests.support.rows import fetch

LANGUAGES = ["en", "fr", "bn", "ar"]


async def count_responses() -> int:
    [found] = await fetch("SELECT count(*) FROM response")
    return int(str(found["count"]))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_form_is_answered_and_thanked_for(client: CheckingClient, language: str) -> None:
    invitation = await make_invitation()
    form = await client.get(f"/s/{invitation.token}/{language}")
    assert form.status_code == 200
    assert f'lang="{language}"' in form.text
    assert f'action="/s/{invitation.token}/{language}"' in form.text
    sent = await client.post(f"/s/{invitation.token}/{language}", data={"q1": "yes", "q3": "12"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/s/{invitation.token}/{language}/thanks")
    thanks = await client.get(sent.headers["location"])
    assert thanks.status_code == 200
    assert await fetch("SELECT language, disposition FROM response") == [
        {"language": language, "disposition": "break_off"}
    ]
    for page in (form, sent, thanks):
        assert "set-cookie" not in page.headers
        assert page.headers["cache-control"] == "no-store"
        assert "noindex" in page.headers["x-robots-tag"]


async def test_a_second_submit_changes_nothing_and_says_so_kindly(client: CheckingClient) -> None:
    invitation = await make_invitation()
    address = f"/s/{invitation.token}/en"
    await client.post(address, data={"q1": "yes"})
    again = await client.post(address, data={"q1": "no"})
    assert again.status_code == 409
    assert "already answered" in again.text
    assert await fetch("SELECT option FROM answer") == [{"option": "yes"}]
    assert (await client.get(address)).status_code == 200
    assert "already answered" in (await client.get(address)).text


async def test_the_language_is_the_contacts_own_else_the_browsers(client: CheckingClient) -> None:
    french = await make_invitation(contact=await make_contact(language="fr"))
    other = await make_invitation(contact=await make_contact(language="zz"))
    arabic = {"accept-language": "xx, ar;q=0.9, en;q=0.1"}
    assert (await client.get(f"/s/{french.token}", headers=arabic)).headers["location"].endswith("/fr")
    assert (await client.get(f"/s/{other.token}", headers=arabic)).headers["location"].endswith("/ar")
    assert (await client.get(f"/s/{other.token}")).headers["location"].endswith("/en")
    missing = await client.get(f"/s/{french.token}/xx")
    assert (missing.status_code, missing.headers["location"]) == (303, f"/s/{french.token}")


async def test_a_survey_offers_only_its_own_languages(client: CheckingClient) -> None:
    survey = await make_survey(questionnaire=make_questionnaire(languages=("en", "fr")))
    invitation = await make_invitation(survey=survey)
    assert (await client.get(f"/s/{invitation.token}/ar")).status_code == 303
    assert 'value="ar"' not in (await client.get(f"/s/{invitation.token}/en")).text


async def test_switching_the_language_keeps_what_was_typed_and_stores_nothing(client: CheckingClient) -> None:
    invitation = await make_invitation()
    typed = {"q1": "other", "q1--other": "trams & <b>", "q3": "not a number", "switch_language": "ar"}
    switched = await client.post(f"/s/{invitation.token}/en", data=typed)
    assert switched.status_code == 200
    assert 'dir="rtl"' in switched.text
    assert f'action="/s/{invitation.token}/ar"' in switched.text
    assert "trams &amp; &lt;b&gt;" in switched.text
    assert 'value="not a number"' in switched.text
    assert re.search(r'value="other"[^>]*checked', switched.text)
    assert "error-summary" not in switched.text
    assert await count_responses() == 0


@pytest.mark.parametrize("language", LANGUAGES)
async def test_bad_input_is_explained_and_what_was_typed_stays(client: CheckingClient, language: str) -> None:
    invitation = await make_invitation()
    answer = await client.post(f"/s/{invitation.token}/{language}", data={"q3": "200", "q4": "my words"})
    assert answer.status_code == 422
    assert 'href="#q1"' in answer.text
    assert 'href="#q3"' in answer.text
    assert 'value="200"' in answer.text
    assert "my words" in answer.text
    assert await count_responses() == 0


@pytest.mark.parametrize(
    ("token", "heading"),
    [
        ("A" * 22, "We do not know this link"),
        ("A" * 21, "This link is not complete"),
        (quote("é" * 22), "This link is not complete"),
        ("%00" * 3, "This link is not complete"),
        ("x" * 3_000, "This link is not complete"),
        (quote("'; DROP TABLE response; --"), "This link is not complete"),
    ],
)
async def test_a_link_that_leads_nowhere_gets_a_kind_page(
    client: CheckingClient, token: str, heading: str
) -> None:
    for language in LANGUAGES:
        for answer in (
            await client.get(f"/s/{token}/{language}"),
            await client.post(f"/s/{token}/{language}", data={"q1": "yes"}),
            await client.get(f"/s/{token}/{language}/thanks"),
        ):
            assert answer.status_code == 404, language
            assert f'lang="{language}"' in answer.text
            assert language != "en" or heading in answer.text


async def test_an_expired_link_gets_a_kind_page(client: CheckingClient) -> None:
    invitation = await make_invitation(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    for answer in (
        await client.get(f"/s/{invitation.token}/en"),
        await client.post(f"/s/{invitation.token}/en", data={"q1": "yes"}),
    ):
        assert answer.status_code == 410
        assert "no longer valid" in answer.text
    assert await count_responses() == 0


async def test_a_closed_survey_says_so_on_every_link(client: CheckingClient) -> None:
    survey = await make_survey(state="closed", closed_at=datetime.now(UTC))
    invitation = await make_invitation(survey=survey)
    posted = {"q1": "yes", "open-submission": "0" * 32}
    for address in (f"/s/{invitation.token}/en", f"/o/{survey.slug}/en"):
        for answer in (await client.get(address), await client.post(address, data=posted)):
            assert answer.status_code == 410
            assert "has closed" in answer.text
    assert await count_responses() == 0


async def test_thanks_are_only_for_who_has_answered(client: CheckingClient) -> None:
    invitation = await make_invitation()
    thanks = await client.get(f"/s/{invitation.token}/en/thanks")
    assert (thanks.status_code, thanks.headers["location"]) == (303, f"/s/{invitation.token}")


async def test_looking_changes_nothing(client: CheckingClient) -> None:
    """Mail scanners open every link of a message."""
    survey = await make_survey()
    invitation = await make_invitation(survey=survey)
    before = await fetch("SELECT * FROM invitation")
    for address in (f"/s/{invitation.token}", f"/s/{invitation.token}/en", f"/o/{survey.slug}/en"):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = await client.request(method, address)
            assert answer.status_code < 400
    assert (await client.head(f"/s/{invitation.token}/en")).content == b""
    assert await fetch("SELECT * FROM invitation") == before
    assert await fetch("SELECT id FROM ledger_event") == []
    assert await count_responses() == 0


async def open_copy(client: CheckingClient, address: str) -> dict[str, str]:
    """The hidden fields of a freshly served open form."""
    page = await client.get(address)
    assert page.status_code == 200
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))


@pytest.mark.parametrize(
    ("asked", "stored"), [("?from=magazine", "magazine"), ("?from=spam%22%3E", "other"), ("", "other")]
)
async def test_an_open_link_counts_by_channel_and_apart_from_the_sample(
    client: CheckingClient, asked: str, stored: str
) -> None:
    survey = await make_survey()
    copy = await open_copy(client, f"/o/{survey.slug}/fr{asked}")
    sent = await client.post(f"/o/{survey.slug}/fr", data=copy | {"q1": "no"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/o/{survey.slug}/fr/thanks")
    assert (await client.get(sent.headers["location"])).status_code == 200
    assert await fetch("SELECT origin, channel, invitation, language FROM response") == [
        {"origin": "open", "channel": stored, "invitation": None, "language": "fr"}
    ]
    assert await fetch("SELECT id FROM ledger_event") == []


async def test_a_double_click_counts_once_and_another_copy_again(client: CheckingClient) -> None:
    survey = await make_survey()
    address = f"/o/{survey.slug}/en"
    copy = await open_copy(client, address)
    for _ in range(2):
        assert (await client.post(address, data=copy | {"q1": "no"})).status_code == 303
    assert await count_responses() == 1
    await client.post(address, data=await open_copy(client, address) | {"q1": "no"})
    assert await count_responses() == 2


async def test_an_open_form_keeps_copy_and_channel_through_errors_and_languages(
    client: CheckingClient,
) -> None:
    survey = await make_survey(blocks_per_form=1)
    copy = await open_copy(client, f"/o/{survey.slug}/en?from=youtube")
    for more, status in (({}, 422), ({"switch_language": "ar"}, 200)):
        answer = await client.post(f"/o/{survey.slug}/en", data=copy | more)
        assert answer.status_code == status
        assert all(f'value="{value}"' in answer.text for value in copy.values())
    assert f'action="/o/{survey.slug}/ar?version={survey.questionnaire_version}"' in answer.text


async def test_the_open_link_chooses_the_browsers_language(client: CheckingClient) -> None:
    survey = await make_survey()
    answer = await client.get(f"/o/{survey.slug}?from=website", headers={"accept-language": "bn-BD"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/o/{survey.slug}/bn?from=website")
    unknown = await client.get(f"/o/{survey.slug}/xx?from=website")
    assert unknown.headers["location"] == f"/o/{survey.slug}?from=website"


async def test_a_survey_without_an_open_link_has_none(client: CheckingClient) -> None:
    hidden = await make_survey(has_open_link=False)
    draft = await make_survey(state="draft", opened_at=None)
    for slug in (hidden.slug, draft.slug, "no-such-survey"):
        assert (await client.get(f"/o/{slug}/en")).status_code == 404
        posted = {"q1": "yes", "open-submission": "0" * 32}
        assert (await client.post(f"/o/{slug}/en", data=posted)).status_code == 404


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}]
)
async def test_a_post_from_another_site_is_refused(client: CheckingClient, headers: dict[str, str]) -> None:
    survey = await make_survey()
    invitation = await make_invitation(survey=survey)
    for address in (f"/s/{invitation.token}/en", f"/o/{survey.slug}/en"):
        posted = {"q1": "yes", "open-submission": "0" * 32}
        assert (await client.post(address, data=posted, headers=headers)).status_code == 403
    assert await count_responses() == 0


async def test_posts_are_limited_by_link_and_open_ones_by_network(settings: Settings) -> None:
    async with running_client(replace(settings, respondent_rate_limit=2)) as client:
        survey = await make_survey()
        first, second = await make_invitation(survey=survey), await make_invitation(survey=survey)
        for status in (422, 422, 429):
            assert (await client.post(f"/s/{first.token}/en", data={"q3": ""})).status_code == status
        assert (await client.post(f"/s/{second.token}/en", data={"q1": "no"})).status_code == 303
        for status in (422, 422, 429):
            posted = {"open-submission": "0" * 32}
            assert (await client.post(f"/o/{survey.slug}/en", data=posted)).status_code == status


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (FORM, b"", 422),
        (FORM, b"q1=yes&q1=no", 422),
        (FORM, b"q1=maybe", 422),
        (FORM, b"q1=yes&q2=yes&q2=spam", 422),
        (FORM, b"q1=yes&q3=" + b"9" * 5_000, 422),
        (FORM, b"q1=yes&q4=" + b"x" * 2_001, 422),
        (FORM, b"q1=yes&" + b"a=1&" * 2_000, 400),
        (FORM, b"q1=yes&q4=" + b"x" * 300_000, 413),
        ("application/json", b'{"q1": "yes"}', 415),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="q1"\r\n\r\n', 415),
        ("text/plain", b"q1=yes", 415),
        ("", b"q1=yes", 415),
    ],
)
async def test_what_cannot_be_taken_is_refused_and_leaves_the_link_open(
    client: CheckingClient, kind: str, body: bytes, status: int
) -> None:
    invitation = await make_invitation()
    address = f"/s/{invitation.token}/en"
    answer = await client.post(address, content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert await count_responses() == 0
    assert (await client.post(address, data={"q1": "yes"})).status_code == 303


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (b"a%00b", "a\ufffdb"),
        (b"a\x00b", "a\ufffdb"),
        (b"%ff%fe", "\ufffd\ufffd"),
        (b"%ED%A0%80", "\ufffd\ufffd\ufffd"),
        ("zażółć".encode(), "zażółć"),
        (b"'%3B+DROP+TABLE+answer%3B+--", "'; DROP TABLE answer; --"),
        (b"%E2%80%AE" + b"%F0%9F%98%80", "\u202e\U0001f600"),
    ],
)
async def test_whatever_is_typed_is_kept(client: CheckingClient, typed: bytes, stored: str) -> None:
    invitation = await make_invitation()
    answer = await client.post(
        f"/s/{invitation.token}/en", content=b"q1=yes&q4=" + typed, headers={"content-type": FORM}
    )
    assert answer.status_code == 303
    assert await fetch("SELECT text_value FROM answer WHERE question = 'q4'") == [{"text_value": stored}]
    assert await fetch("SELECT submission -> 'q4' ->> 0 AS q4 FROM response") == [{"q4": stored}]


async def test_an_open_post_without_its_copys_name_is_refused(client: CheckingClient) -> None:
    survey = await make_survey()
    for name in ("", "0" * 31, "Z" * 32, "0" * 33):
        posted = {"q1": "yes", "open-submission": name}
        assert (await client.post(f"/o/{survey.slug}/en", data=posted)).status_code == 400
    assert await count_responses() == 0


async def test_authors_texts_cannot_break_the_page(client: CheckingClient) -> None:
    hostile = dict.fromkeys(LANGUAGES, '<script>alert(1)</script> "quoted" & {{ 7 * 7 }} {% raw %}')
    core = make_questionnaire().core
    questionnaire = make_questionnaire(
        title=hostile,
        core=type(core)(
            name="core", label=hostile, questions=(make_question("q1", label=hostile, hint=hostile),)
        ),
    )
    invitation = await make_invitation(survey=await make_survey(questionnaire=questionnaire))
    for language in LANGUAGES:
        page = await client.get(f"/s/{invitation.token}/{language}")
        assert "<script>alert" not in page.text
        assert "{{ 7 * 7 }}" in page.text


@pytest.mark.parametrize("name", ["privacy", "accessibility"])
async def test_the_pages_to_read(client: CheckingClient, name: str) -> None:
    for language in LANGUAGES:
        assert (await client.get(f"/{name}/{language}")).status_code == 200, language
        chosen = await client.get(f"/{name}", headers={"accept-language": language})
        assert (chosen.status_code, chosen.headers["location"]) == (303, f"/{name}/{language}")
