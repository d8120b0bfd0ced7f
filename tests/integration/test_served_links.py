"""What links lead to, kept in memory and told of every change."""

import asyncio
import collections
from datetime import UTC, datetime, timedelta

import pytest

from survey_service.domain.errors import NotFound
from survey_service.services.answers.serve_form import FormDesk, choose_open_form
from tests.support.make import MadeInvitation, make_invitation, make_survey
from tests.support.make_many import make_invitations
from tests.support.rows import fetch


async def wait_for(desk: FormDesk, invitation: MadeInvitation, standing: str) -> None:
    async with asyncio.timeout(60):
        while (await desk.visit(invitation.token, datetime.now(UTC))).standing != standing:
            await asyncio.sleep(0.01)


async def test_changes_by_others_are_heard(desk: FormDesk) -> None:
    survey = await make_survey()
    first = await make_invitation(survey=survey)
    second = await make_invitation(survey=survey)
    await wait_for(desk, first, "open")
    await wait_for(desk, second, "open")
    await fetch("UPDATE invitation SET state = 'cancelled', cancelled_at = now() WHERE id = $1", first.id)
    await wait_for(desk, first, "closed")
    await fetch("UPDATE survey SET state = 'closed'")
    await wait_for(desk, second, "closed")
    await fetch("UPDATE survey SET state = 'open'")
    await wait_for(desk, second, "open")


async def test_a_thousand_changes_at_once_are_heard(desk: FormDesk) -> None:
    survey = await make_survey()
    invitation = await make_invitation(survey=survey)
    await make_invitations(survey, 1_500)
    await wait_for(desk, invitation, "open")
    await fetch("UPDATE invitation SET state = 'cancelled', cancelled_at = now()")
    await wait_for(desk, invitation, "closed")


async def test_without_the_feed_nothing_old_is_shown(desk: FormDesk) -> None:
    invitation = await make_invitation()
    await wait_for(desk, invitation, "open")
    await fetch(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'survey changes' AND datname = current_database()"""
    )
    await fetch("UPDATE invitation SET state = 'cancelled', cancelled_at = now()")
    await wait_for(desk, invitation, "closed")
    await asyncio.sleep(0.7)  # the feed is back
    await fetch("UPDATE invitation SET state = 'sent', cancelled_at = NULL")
    await wait_for(desk, invitation, "open")


async def test_a_link_expires(desk: FormDesk) -> None:
    now = datetime.now(UTC)
    invitation = await make_invitation(expires_at=now + timedelta(hours=1))
    assert (await desk.visit(invitation.token, now)).standing == "open"
    assert (await desk.visit(invitation.token, now + timedelta(hours=1))).standing == "expired"


@pytest.mark.parametrize("token", ["A" * 22, "", "A" * 21, "A" * 4000, "é" * 22, "=" * 22, "A" * 21 + "\x00"])
async def test_a_link_that_leads_nowhere_is_not_found(desk: FormDesk, token: str) -> None:
    with pytest.raises(NotFound):
        await desk.visit(token, datetime.now(UTC))


async def test_open_copies_get_the_forms_in_their_shares(desk: FormDesk) -> None:
    survey = await make_survey(blocks_per_form=1)
    version = await desk.version_of(await desk.open_survey(survey.slug))
    drawn = collections.Counter(choose_open_form(version, f"{number:032x}") for number in range(2_000))
    assert set(drawn) == set(survey.forms.values())
    # Two forms of one half each: six standard deviations of 2,000 tosses are 134.
    assert all(abs(count - 1_000) < 134 for count in drawn.values())
