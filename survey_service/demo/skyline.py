"""Skyline for the demonstration: a sandbox whose subscribers are the community, a question inside an issue.

The issue is scheduled for five days from now: until then nothing else is sent near it, and whoever looks at
it in the sandbox sees what each reader will get.
"""

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from survey_service.db import newsletter_connection, newsletter_ride
from survey_service.db.survey import find_survey
from survey_service.demo.community import make_community
from survey_service.demo.published import asked
from survey_service.domain.newsletter_mapping import Mapping
from survey_service.domain.questionnaire import Block, Choice, Question, Questionnaire
from survey_service.integrations.mailchimp.sandbox.people import People
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import md5_of
from survey_service.integrations.xlsform import write_xlsform
from survey_service.services.newsletter.connect_newsletter import MERGE_TAG, connect_newsletter
from survey_service.services.newsletter.draft_issue import blocks_for
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.write_links import write_links
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.manage_survey import open_survey
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings

SURVEY = "skyline-question"
DEPARTMENT = "Communications"
DRAWN = 240
ISSUE_IN = timedelta(days=5)
LAST_ISSUE = timedelta(days=9)
BATCH_FROM = 50
"""The sandbox's batches take no time, unlike the real ones."""

WORDS = {
    "resident": "I live here",
    "worker": "I work here",
    "business": "I run a business",
    "visitor": "I visit",
}
MAPPING = Mapping(
    audience_field="AUDIENCE", audiences={word.casefold(): name for name, word in WORDS.items()}
)

_LETTER = """<div style="font-family:sans-serif;max-width:36rem;margin:0 auto;padding:1rem">
<h1 style="color:#1f3d5c">Skyline</h1><p>Hello *|FNAME|*, this is what happened around the City.</p>
<p><strong>Bag thefts in bars are down.</strong> Officers and door staff trained together since spring.</p>
{block}
<p><strong>Free cycle marking</strong> every Thursday at the station.</p>
<p style="font-size:13px;color:#555">You get Skyline because you asked for it.
<a href="*|UNSUB|*">Unsubscribe</a></p></div>"""
_PLAIN = (
    "Skyline\n\nHello *|FNAME|*, this is what happened around the City.\n\n{block}\n\nUnsubscribe: *|UNSUB|*"
)


class Skyline(msgspec.Struct, frozen=True, kw_only=True):
    """What the demonstration says of the newsletter."""

    subscribers: int
    links: int
    issue: str
    """Path of the issue in the sandbox."""
    reader: str
    """Path of one reader's copy with a link."""


async def prepare_skyline(settings: Settings, server: SandboxServer) -> Skyline:
    """Connect the sandbox, pull it, draw, and write the links of an issue; a second time, only look."""
    people = server.people
    if not server.sandbox.members:
        _fill(people)
    await connect_newsletter(settings, with_hook=True)
    found = await newsletter_connection.find_connection()
    assert found is not None
    if found.mapping != MAPPING:
        await newsletter_connection.set_mapping(found.id, MAPPING)
    await sync_newsletter(settings)
    if await find_survey(SURVEY) is None:
        await _ask(settings)
    if not await newsletter_ride.list_rides(found.id):
        await _plan(settings, people)
        await write_links(SURVEY, settings, batch_from=BATCH_FROM)
    [ride, *_] = await newsletter_ride.list_rides(found.id)
    issue = next(one for one in server.sandbox.campaigns.values() if one.status != "sent" or not one.events)
    linked = next((md5 for md5, one in server.sandbox.members.items() if one.merge_fields.get(MERGE_TAG)), "")
    return Skyline(
        subscribers=sum(one.status == "subscribed" for one in server.sandbox.members.values()),
        links=ride.confirmed,
        issue=f"/campaigns/{issue.id}",
        reader=f"/campaigns/{issue.id}/{linked}" if linked else "",
    )


def _fill(people: People) -> None:
    """Subscribe everybody of the community who takes the newsletter, and let the last issue be read."""
    people.make_field("AUDIENCE", "You and the City")
    members = list(_subscribers())
    people.seed(members)
    past = people.write_campaign(
        "Skyline, last issue", html=_LETTER.format(block=""), text=_PLAIN.format(block="")
    )
    sent_at = datetime.now(UTC).replace(microsecond=0) - LAST_ISSUE
    people.send(past.id, sent_at.isoformat())
    rng = random.Random("skyline")  # noqa: S311 - a demonstration's dice
    for member in members:
        die = rng.random()
        events = past.events.setdefault(md5_of(member["email"]), [])
        if die < 0.3:  # a mail program that loads every picture
            events.append(("open", (sent_at + timedelta(seconds=4)).isoformat()))
        if die < 0.45:
            events.append(("open", (sent_at + timedelta(minutes=rng.randrange(1, 3_000))).isoformat()))
        if die < 0.06:
            events.append(("click", (sent_at + timedelta(minutes=rng.randrange(1, 3_000))).isoformat()))


def _subscribers() -> Iterator[dict[str, Any]]:
    changed = int((datetime.now(UTC) - timedelta(days=400)).timestamp())
    for place, row in enumerate(make_community(asked)):
        if row["consent_newsletter"] == "yes" and row["email"]:
            first, _, last = row["name"].partition(" ")
            yield {
                "email": row["email"],
                "language": row["language"],
                "merge_fields": {"FNAME": first, "LNAME": last, "AUDIENCE": WORDS[row["audience"]]},
                "opted_at": f"{row['consent_date'][:10]}T09:00:00+00:00",
                "changed": changed + place * 60,
                "rating": 1 + place % 5,
            }


async def _ask(settings: Settings) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "question.xlsx"
        workbook.write_bytes(write_xlsform(_question()))
        await import_survey(workbook, department_name=DEPARTMENT, slug=SURVEY)
    await open_survey(SURVEY, repeat_reason="the demonstration shows a question inside an issue")
    await draw_wave(SURVEY, settings, n=DRAWN, seed="skyline", reserve_only=True)


async def _plan(settings: Settings, people: People) -> None:
    """Schedule the next issue, with the block for one question pasted into it."""
    block, question = await blocks_for(SURVEY, settings, tag=MERGE_TAG)
    chosen = question or block
    at = (datetime.now(UTC) + ISSUE_IN).replace(hour=9, minute=0, second=0, microsecond=0)
    people.write_campaign(
        "Skyline, next issue",
        subject="Skyline: what happened around the City",
        html=_LETTER.format(block=chosen.html),
        text=_PLAIN.format(block=chosen.text),
        schedule=at.isoformat(),
    )


def _question() -> Questionnaire:
    choices = {
        "very_safe": ("Very safe", "Tout à fait en sécurité"),
        "fairly_safe": ("Fairly safe", "Plutôt en sécurité"),
        "unsafe": ("Not very safe", "Pas très en sécurité"),
        "avoid": ("I avoid walking after dark", "J’évite de marcher la nuit"),
    }
    label = {
        "en": "How safe do you feel walking in the City after dark?",
        "fr": "Vous sentez-vous en sécurité en marchant dans la City la nuit ?",
    }
    question = Question(
        name="after_dark",
        type="select_one",
        label=label,
        is_required=True,
        choices=tuple(Choice(name=name, label={"en": en, "fr": fr}) for name, (en, fr) in choices.items()),
    )
    return Questionnaire(
        name="skyline_question",
        title={"en": "One question about walking after dark", "fr": "Une question sur la marche de nuit"},
        default_language="en",
        languages=("en", "fr"),
        core=Block(name="core", label={"en": "One question", "fr": "Une question"}, questions=(question,)),
        blocks=(),
    )
