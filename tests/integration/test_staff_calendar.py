"""The calendar: every department's surveys with the people they ask, and when nothing may be sent."""

import re
from collections.abc import AsyncIterator
from datetime import date, datetime

import pytest

from survey_service.db.calendar import CalendarFreeze, CalendarSurvey, CalendarWave
from survey_service.db.engine import transaction
from survey_service.services.planning.review_calendar import arrange_months
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.make import ZONE, insert, make_contact, make_department, make_invitation, make_survey
from tests.support.staff import make_staff, sign_in_as


def now() -> datetime:
    """The moment by the service's clock: its day is another than in UTC for an hour of every summer night."""
    return datetime.now(ZONE)


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application with somebody of communications signed in."""
    async with running_client(settings) as opened:
        await make_staff()
        await sign_in_as(opened)
        yield opened


def rows_of(page: str, month: date) -> list[str]:
    """The rows of a month's table."""
    part = page.split(f'id="month-{month.month}"')[1].split("</table>")[0]
    return part.split("<tr")[2:]


async def test_departments_see_each_others_plans_and_open_only_their_own(client: CheckingClient) -> None:
    mine = await make_survey(slug="alerts", title='{"en": "Alerts"}')
    other = await make_survey(
        slug="cycling", title='{"en": "Cycling"}', department=await make_department("Road Safety")
    )
    for survey, count in ((mine, 3), (other, 2)):
        for _ in range(count):
            await make_invitation(survey=survey, contact=await make_contact())
    cancelled = {"state": "cancelled", "cancelled_at": now(), "receipt": None, "sent_at": None}
    await make_invitation(survey=other, contact=await make_contact(), **cancelled)
    await make_survey(slug="later", title='{"en": "Next year"}', state="draft", opened_at=None)
    page = (await client.get("/staff/calendar")).text
    assert "ask 5 people this year" in page
    assert 'href="/staff/surveys/alerts"' in page
    assert "Cycling" in page
    assert 'href="/staff/surveys/cycling"' not in page
    people = [
        re.sub(r"<[^>]+>", "", row.split('data-label="People">')[1].split("</td>")[0]).strip()
        for row in rows_of(page, now())
    ]
    assert sorted(people) == ["2", "3", "–", "–"], "two waves and two openings"
    assert "Next year" in page.split("Planned, not drawn yet", 1)[1].split("</table>")[0]


async def test_frozen_times_and_issues_of_the_newsletter_stand_in_it(client: CheckingClient) -> None:
    await insert("contact_freeze", {"reason": "Major incident", "starts_at": now()})
    await insert("newsletter_issue", {"sent_on": now().date()})
    rows = rows_of((await client.get("/staff/calendar")).text, now())
    assert "Major incident" in rows[0]
    assert "until somebody ends it" in rows[0]
    assert "An issue of the newsletter" in rows[1]


async def test_other_years_and_what_is_no_year(client: CheckingClient) -> None:
    await make_survey(slug="alerts", title='{"en": "Alerts"}')
    assert "Alerts" not in (await client.get(f"/staff/calendar?year={now().year - 1}")).text
    for odd in ("no", "1", "99999", "", "9" * 300):
        assert f"Calendar {now().year}" in (await client.get(f"/staff/calendar?year={odd}")).text


async def test_a_viewer_sees_no_calendar(client: CheckingClient) -> None:
    await make_staff("v@example.org", role="viewer")
    await sign_in_as(client, "v@example.org")
    assert (await client.get("/staff/calendar")).status_code == 403


async def test_a_day_is_counted_where_the_service_counts_days(client: CheckingClient) -> None:
    await make_survey(slug="alerts", title='{"en": "Alerts"}')
    async with transaction() as lent:  # half past midnight of 1 July in London is still June elsewhere
        await lent.execute("UPDATE survey SET opened_at = '2026-06-30T23:30:00Z'")
    page = (await client.get("/staff/calendar?year=2026")).text
    assert "1 July 2026" in page
    assert "30 June 2026" not in page


def test_a_month_holds_what_begins_in_it_and_a_long_freeze_stands_at_new_year() -> None:
    survey = CalendarSurvey(
        slug="alerts", title={}, department=1, department_name="Parks", state="closed",
        opened_on=date(2026, 2, 28), closed_on=date(2026, 3, 1), approved=None,
    )  # fmt: skip
    months = arrange_months(
        2026,
        [survey],
        [CalendarWave(survey="alerts", number=1, on_day=date(2026, 2, 28), people=7, reserved=0)],
        [CalendarFreeze(kind=None, reason="x", starts_on=date(2025, 12, 9), ends_on=date(2026, 1, 8))],
        [date(2026, 2, 28)],
    )
    assert [[one.kind for one in month.entries] for month in months[:3]] == [
        ["freeze"],
        ["issue", "opened", "wave"],
        ["closed"],
    ]
    assert months[0].entries[0].day == date(2026, 1, 1)
    assert [month.people for month in months] == [0, 7] + [0] * 10
