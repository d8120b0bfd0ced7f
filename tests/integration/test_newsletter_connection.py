"""The connection to the newsletter: what is wrong with it is said, and a refused key stops it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from survey_service.db import newsletter_connection
from survey_service.domain.errors import Conflict, NotFound, SettingsError
from survey_service.integrations.mailchimp.errors import KeyRefused
from survey_service.integrations.mailchimp.port import md5_of
from survey_service.integrations.mailchimp.sandbox import events
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.sealing import unseal
from survey_service.services.newsletter.connect_newsletter import check_hook, connect_newsletter
from survey_service.services.newsletter.newsletter_client import SIGNING_PURPOSE
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import pull_changes
from survey_service.settings import Settings, load_secret_key
from tests.support.live_server import serving
from tests.support.mailchimp import address, made_members, mirror, settings_for, truth
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


async def test_a_refused_key_stops_and_a_new_one_goes_on(linked: Settings, skyline: SandboxServer) -> None:
    skyline.people.seed(made_members(5_000))
    skyline.faults = [Fault(kind="401", path="members$", skip=2, times=-1)]
    with pytest.raises(KeyRefused, match="SURVEY_MAILCHIMP_API_KEY"):
        await sync_newsletter(linked)
    stopped = await newsletter_connection.find_connection()
    assert stopped is not None
    assert stopped.state == "unauthorised"
    before = len(skyline.log)
    with pytest.raises(Conflict, match="mailchimp connect"):
        await sync_newsletter(linked)
    assert len(skyline.log) == before
    skyline.faults = []
    skyline.sandbox.api_key = "another-key-sandbox"
    renewed = replace(linked, mailchimp_api_key="another-key-sandbox")
    await connect_newsletter(renewed, with_hook=False)
    # The new key is kept, sealed: other processes need no setting of their own.
    result = await sync_newsletter(replace(renewed, mailchimp_api_key=""))
    assert await mirror() == truth(skyline)
    assert result.pages == 6
    assert await fetch("SELECT kind FROM newsletter_alarm WHERE ended_at IS NULL") == []
    [row] = await fetch("SELECT sealed_key FROM newsletter_connection")
    assert b"another-key" not in row["sealed_key"]


async def test_what_is_wrong_with_a_connection_is_said(settings: Settings, skyline: SandboxServer) -> None:
    with pytest.raises(SettingsError, match="SURVEY_MAILCHIMP_API_KEY"):
        await connect_newsletter(settings)
    chosen = settings_for(settings, skyline)
    with pytest.raises(KeyRefused, match="connect again"):
        await connect_newsletter(replace(chosen, mailchimp_api_key="wrong-us1"))
    with pytest.raises(NotFound, match="Skyline"):
        await connect_newsletter(chosen, list_id="nonsense")
    skyline.people.make_field("SURVEYURL", "Ours?", kind="number")
    with pytest.raises(Conflict, match="--merge-tag"):
        await connect_newsletter(chosen)
    done = await connect_newsletter(chosen, merge_tag="SVYLINK")
    assert done.hook.startswith("none")


async def test_a_hook_nobody_answered_is_switched_off_and_made_anew(
    linked: Settings, skyline: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real server, since Mailchimp asks the address before it makes a webhook; and it really is away."""
    monkeypatch.setattr(events, "RETRIES", (0.05, 0.1, 0.2))
    skyline.people.seed(made_members(20))
    with serving(linked, tmp_path / "log") as running:
        chosen = settings_for(running, skyline)
        done = await connect_newsletter(chosen)
        assert done.hook == "live"
        await sync_newsletter(chosen)
        [hook] = skyline.sandbox.hooks.values()
        assert hook.sources == {"user": True, "admin": True, "api": False}
        skyline.people.unsubscribe(address(1))
        await wait_for("SELECT count(*) AS n FROM newsletter_event", 1)
        assert (await mirror())[md5_of(address(1))] == "unsubscribed"
    # Away for the whole time in which Mailchimp tries again: the webhook is switched off.
    skyline.people.unsubscribe(address(2))
    async with asyncio.timeout(20):
        while not hook.is_disabled:
            await asyncio.sleep(0.05)
    with serving(linked, tmp_path / "log") as running:
        chosen = settings_for(running, skyline)
        await fetch("UPDATE newsletter_event SET received_at = now() - interval '25 hours'")
        await pull_changes(chosen)
        assert await mirror() == truth(skyline)
        assert await kinds_of_alarms() == ["hook_silent"]
        before = await newsletter_connection.find_connection()
        assert await check_hook(chosen) == "made anew"
        after = await newsletter_connection.find_connection()
        assert before is not None
        assert after is not None
        assert after.sealed_signing is not None
        secret = unseal(load_secret_key(chosen), after.sealed_signing, purpose=SIGNING_PURPOSE)
        [fresh] = [one for one in skyline.sandbox.hooks.values() if not one.is_disabled]
        assert (secret, after.hook != before.hook) == (fresh.secret, True)
        skyline.people.unsubscribe(address(3))
        await wait_for("SELECT count(*) AS n FROM newsletter_event", 2)
        assert (await mirror())[md5_of(address(3))] == "unsubscribed"
        assert await check_hook(chosen) == "live"
        assert await kinds_of_alarms() == []


async def wait_for(question: str, wanted: int) -> None:
    """Ask until it is so."""
    async with asyncio.timeout(60):
        while (await fetch(question))[0]["n"] < wanted:
            await asyncio.sleep(0.05)


async def kinds_of_alarms() -> list[str]:
    rows = await fetch("SELECT kind FROM newsletter_alarm WHERE ended_at IS NULL ORDER BY kind")
    return [row["kind"] for row in rows]
