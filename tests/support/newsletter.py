"""A register whose people take Skyline, with a wave that waits, for tests of links."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from survey_service.domain.tokens import hash_token
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import md5_of
from survey_service.services.newsletter.plan_issues import add_issue
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

TAG = "SURVEYURL"
HTML = '<p>News.</p>*|IF:SURVEYURL|*<a href="*|SURVEYURL|*">Survey</a>*|END:IF|*'
TEXT = "News.\n*|IF:SURVEYURL|*Survey: *|SURVEYURL|*\n*|END:IF|*"


async def make_readers(
    settings: Settings, skyline: SandboxServer, folder: Path, count: int, *, without: Iterable[int] = ()
) -> None:
    """People who consent to surveys and take the newsletter, except some who do not take it."""
    rows = contact_rows(count, audience="worker", consent_newsletter="yes")
    for number in without:
        rows[number - 1] |= {"consent_newsletter": "no"}
    await fill_register(folder, settings, rows)
    skyline.people.seed(
        {"email": row["email"], "changed": 1_700_000_000 + place}
        for place, row in enumerate(rows)
        if row["consent_newsletter"] == "yes"
    )


async def reserve(settings: Settings, folder: Path, n: int, slug: str = "parks") -> str:
    """An open survey with a wave that is reserved."""
    await open_new_survey(folder, slug)
    await draw_wave(slug, settings, n=n, reserve_only=True)
    return slug


async def plan_issue(settings: Settings, days: int = 0) -> date:
    """An issue so many days from today."""
    day = today(settings) + timedelta(days=days)
    await add_issue(day)
    return day


def fields(skyline: SandboxServer) -> dict[str, str]:
    """md5 to link of whose field is not blank."""
    return {
        md5: str(one.merge_fields[TAG])
        for md5, one in skyline.sandbox.members.items()
        if one.merge_fields.get(TAG)
    }


def press_send(skyline: SandboxServer, title: str = "Skyline", at: datetime | None = None) -> str:
    """An editor writes an issue for everybody and sends it."""
    campaign = skyline.people.write_campaign(title, html=HTML, text=TEXT)
    skyline.people.send(campaign.id, (at or datetime.now(UTC)).isoformat(timespec="seconds"))
    return campaign.id


async def links_in_the_register() -> dict[str, str]:
    """md5 of the address to state of the invitation, of everybody drawn."""
    rows = await fetch(
        """SELECT d.email, i.state, i.cancelled_for, i.token_hash FROM invitation i
           JOIN contact_detail d ON d.contact = i.contact"""
    )
    return {md5_of(row["email"]): row["state"] for row in rows}


async def resolves(link: str) -> bool:
    """Whether a link leads to exactly one invitation."""
    token = link.split("/s/")[1].split("/")[0]
    rows = await fetch("SELECT id FROM invitation WHERE token_hash = $1", hash_token(token))
    return len(rows) == 1
