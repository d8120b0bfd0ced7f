"""Pure rules of the newsletter: what fields mean, what events say, blocks that show to whom has a link."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from survey_service.domain.newsletter_blocks import make_blocks, make_question_blocks
from survey_service.domain.newsletter_event import read_event
from survey_service.domain.newsletter_mapping import Mapping, fold, map_member, read_language
from survey_service.integrations.mailchimp.sandbox.render import render


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("pt_PT", "pt_PT"),
        ("fr-ca", "fr_CA"),
        ("iw", "he"),
        ("", ""),
        ("English", ""),
        ("x", ""),
    ],
)
def test_languages_as_mailchimp_writes_them(code: str, language: str) -> None:
    assert read_language(code) == language


def test_values_of_any_kind_are_folded() -> None:
    assert fold("  I LIVE\there ") == "i live here"
    assert fold(42) == "42"
    assert fold({"addr1": "1 Street", "zip": "EC2"}) == "1 street ec2"


def test_a_value_without_an_audience_is_a_problem_and_an_empty_one_is_none() -> None:
    mapping = Mapping(audience_field="A", audiences={"here": "resident"}, survey_permission="p")
    said = [
        map_member(mapping, fields={"A": value}, language="", ticked=frozenset({"p"}))
        for value in ("Here", "", "there")
    ]
    assert [(one.audience, bool(one.problem)) for one in said] == [
        ("resident", False),
        ("", False),
        ("", True),
    ]
    assert said[0].consents_to_surveys
    # Without a permission named for it nobody consents to surveys by taking a newsletter.
    assert not map_member(Mapping(), fields={}, language="", ticked=frozenset({"p"})).consents_to_surveys


def test_only_the_mapped_fields_may_be_kept() -> None:
    assert Mapping().kept_fields == frozenset()
    assert Mapping(audience_field="A", takes_newcomers=True).kept_fields == {"A", "FNAME", "LNAME"}


def test_an_event_is_read_and_has_a_key_of_its_own() -> None:
    fields = {
        "type": "unsubscribe", "fired_at": "2026-11-25 10:00:00", "data[action]": "delete",
        "data[reason]": "abuse",
        "data[list_id]": "l1", "data[email]": "Zoë+a@example.org", "data[id]": "8a25ff1d98",
    }  # fmt: skip
    event = read_event(urlencode(fields).encode())
    assert (event.email, event.unique_email_id, event.list_id) == ("Zoë+a@example.org", "8a25ff1d98", "l1")
    assert (event.status, event.is_abuse, event.is_restricting) == ("archived", True, True)
    assert event.fired_at == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert event.key == read_event(urlencode(fields).encode()).key
    assert event.key != read_event(urlencode(fields | {"fired_at": "2026-11-25 10:00:01"}).encode()).key
    assert read_event(b"type=profile&fired_at=nonsense").fired_at is None


@pytest.mark.parametrize("has_link", [True, False])
def test_blocks_show_to_whom_has_a_link(has_link: bool) -> None:
    values = {"SURVEYURL": "https://x.example/s/abc/en"} if has_link else {}
    blocks = [
        make_blocks(tag="SURVEYURL", title="A & B", minutes=1, organisation="Police", colour="#123456"),
        make_question_blocks(
            tag="SURVEYURL",
            question="Safe?",
            choices=["Yes", "No <b>"],
            organisation="Police",
            colour="#123456",
        ),
    ]
    for block in blocks:
        html, text = render(block.html, values, is_html=True), render(block.text, values, is_html=False)
        assert ("https://x.example/s/abc/en" in html, "https://x.example/s/abc/en" in text) == (has_link,) * 2
        assert bool(html.strip()) == bool(text.strip()) == has_link
        assert "<b>" not in html
