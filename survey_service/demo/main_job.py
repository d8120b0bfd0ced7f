"""The main job on the customer's community: register, survey, draw; then people who answer over HTTP.

Every step looks first at what is there, so a second run repeats nothing and a broken one is finished.
"""

import base64
import contextlib
import hashlib
import hmac
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from survey_service.db.result import find_survey
from survey_service.db.staff import find_staff
from survey_service.demo.alert_users import read_alert_users, workbook_path
from survey_service.demo.community import default_seed, write_community
from survey_service.demo.published import asked, responses
from survey_service.demo.respondents import Visit, answer_all
from survey_service.domain.channels import CHANNELS
from survey_service.domain.errors import Conflict
from survey_service.services.administration.add_staff import add_staff
from survey_service.services.answers.review_channels import decide_flag
from survey_service.services.contacts.import_contacts import import_contacts
from survey_service.services.messages.list_links import PersonalLink, list_links
from survey_service.services.planning.approve_survey import approve_survey
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.manage_survey import open_survey
from survey_service.services.results.summarise_survey import summarise_survey
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import Forecast, forecast_survey
from survey_service.settings import Settings, load_secret_key

SURVEY = "alert-users"
DEPARTMENT = "Communities and Partnerships"
STAFF_EMAIL = "demo@example.org"
SAMPLE = 2_567
"""385 answers, for +-5 points at 95 %, at the 15 % that answered: 385 / 0.15."""

OPEN_ANSWERS = 45
"""Answers through the open link, spread over its channels; fewer than one network may send a minute."""

RESPONSE_RATE = responses / asked
LANGUAGES = ("en", "fr", "bn", "ar")


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What stands before anybody answers."""

    forecast: Forecast | None
    """Of this run's draw; nothing when an earlier run drew."""
    links: list[PersonalLink]
    open_link_responses: int
    password: str


async def prepare(settings: Settings) -> Prepared:
    """Import the community and the survey, open it, forecast and draw once."""
    with tempfile.TemporaryDirectory() as folder:
        community = Path(folder) / "community.csv"
        write_community(community)
        await import_contacts(community, settings)
    await import_survey(workbook_path, department_name=DEPARTMENT, slug=SURVEY, has_open_link=True)
    await open_survey(SURVEY)
    password = await _staff_password(settings)
    forecast = None
    links = await list_links(SURVEY, settings)
    if not links:
        await _approve(settings)
        forecast = await forecast_survey(SURVEY, settings, n=SAMPLE)
        await draw_wave(SURVEY, settings, seed="demonstration", n=SAMPLE)
        links = await list_links(SURVEY, settings)
    summary = await summarise_survey(SURVEY)
    return Prepared(
        forecast=forecast,
        links=links,
        open_link_responses=summary.open_link_responses,
        password=password,
    )


def let_people_answer(base_url: str, prepared: Prepared) -> int:
    """Send those who answer through the running server; return how many were thanked in this run."""
    personal = [
        Visit(link.path, {"audience": link.holder.audience, **link.holder.attributes})
        for link in prepared.links
        if link.holder.state == "sent" and _is_willing(link.holder.reference)
    ]
    everywhere = [
        Visit(f"/o/{SURVEY}/{_turn(LANGUAGES, number)}?from={_turn(CHANNELS[:4], number)}", {})
        for number in range(prepared.open_link_responses, OPEN_ANSWERS)
    ]
    return answer_all(base_url, [*personal, *everywhere], read_alert_users(), default_seed)


async def count_doubted_answers(settings: Settings) -> None:
    """Let the demonstration's staff count what came from one machine within seconds, and so was flagged."""
    staff, survey = await find_staff(STAFF_EMAIL), await find_survey(SURVEY)
    assert staff is not None
    assert survey is not None
    for flag in ("fast", "network"):
        with contextlib.suppress(Conflict):  # too few of them to decide on
            await decide_flag(staff, survey, flag, settings, is_counted=True)


def _turn(names: Sequence[str], number: int) -> str:
    return names[number % len(names)]


def _is_willing(reference: str) -> bool:
    """Decide by a die of the person's own: the same people answer at every run."""
    return random.Random(f"willing|{reference}").random() < RESPONSE_RATE  # noqa: S311


async def _approve(settings: Settings) -> None:
    """Approve so many invitations, unless a run that was broken off got as far as this."""
    with contextlib.suppress(Conflict):
        await approve_survey(SURVEY, settings, PlanRequest(invitations=SAMPLE), by=STAFF_EMAIL)


async def _staff_password(settings: Settings) -> str:
    """Make the demonstration's member of staff at the first run; the password follows from the key."""
    digest = hmac.new(load_secret_key(settings), b"demonstration staff", hashlib.sha256).digest()
    text = base64.b32encode(digest[:15]).decode().lower()
    password = "-".join(text[start : start + 6] for start in range(0, len(text), 6))
    with contextlib.suppress(Conflict):  # an earlier run made it
        await add_staff(
            email=STAFF_EMAIL, password=password, role="admin", department=DEPARTMENT, name="Demonstration"
        )
    return password
