"""Clicks and opens: of those who agreed, machines set apart, gone when somebody takes the agreement back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from survey_service.db import newsletter_connection, newsletter_signal
from survey_service.domain.newsletter_mapping import Mapping
from survey_service.domain.newsletter_signal import count_events
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.newsletter.collect_signals import collect_signals, remove_signals
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import tend_links
from survey_service.settings import Settings
from tests.support.newsletter import make_readers, press_send
from tests.support.rows import fetch

SENT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def after(seconds: int) -> datetime:
    return SENT + timedelta(seconds=seconds)


def test_machines_open_at_once_and_scanners_click_at_once() -> None:
    events = [("open", 3), ("click", 5), ("open", 31), ("click", 900), ("click", 600), ("bounce", 1)]
    counted = count_events([(action, after(seconds)) for action, seconds in events], SENT)
    assert (counted.opens, counted.machine_opens, counted.clicks, counted.first_click_at) == (
        1,
        1,
        2,
        after(600),
    )


async def test_signals_are_kept_of_those_who_agreed_and_of_nobody_else(
    linked: Settings, skyline: SandboxServer, tmp_path: Path
) -> None:
    await make_readers(linked, skyline, tmp_path, 6)
    skyline.sandbox.interests = [{"id": "i2", "name": "Clicks", "group": "Privacy"}]
    found = await newsletter_connection.find_connection()
    assert found is not None
    await newsletter_connection.set_mapping(found.id, Mapping(signal_permission="i2"))
    for number in (1, 2, 3):
        skyline.people.change(
            f"person{number}@example.org",
            interests={"i2": True},
            opted_at="2026-01-01T00:00:00+00:00",
            rating=4,
        )
    now = datetime.now(UTC).replace(microsecond=0)
    sent = now - timedelta(days=4)
    campaign = press_send(skyline, at=sent)
    for number in range(1, 7):
        who = f"person{number}@example.org"
        skyline.people.act(campaign, who, "open", (sent + timedelta(seconds=2)).isoformat())
        skyline.people.act(campaign, who, "open", (sent + timedelta(hours=2)).isoformat())
    skyline.people.act(campaign, "person1@example.org", "click", (sent + timedelta(hours=2)).isoformat())
    await sync_newsletter(linked)
    await tend_links(linked)
    # Two rounds are due by now, and reading once covers both; again there is nothing to do.
    assert await collect_signals(linked) == 3
    asked = len(skyline.log)
    assert await collect_signals(linked) == 0
    assert not any("email-activity" in one.path for one in skyline.log[asked:])
    rows = await fetch("SELECT contact, opens, machine_opens, clicks FROM newsletter_signal ORDER BY contact")
    assert [tuple(row.values())[1:] for row in rows] == [(1, 1, 1), (1, 1, 0), (1, 1, 0)]
    history = await newsletter_signal.read_history(now)
    assert history["clicked"].tolist() == [1, 0, 0]
    assert history["rating"].tolist() == [4, 4, 4]
    assert all(tenure > 300 for tenure in history["tenure_days"].tolist())
    # Before the click, nothing of it is known: a model must not see what came later.
    assert (await newsletter_signal.read_history(sent + timedelta(hours=1)))["clicked"].tolist() == [0, 0, 0]
    assert await remove_signals("R00001", source="own page") == 1
    skyline.people.change("person2@example.org", interests={"i2": False})
    await sync_newsletter(linked)
    left = await fetch("SELECT c.reference FROM newsletter_signal s JOIN contact c ON c.id = s.contact")
    assert [row["reference"] for row in left] == ["R00003"]
    # Taking the agreement back here outweighs the box that is still ticked there.
    skyline.people.change("person1@example.org", rating=5)
    await sync_newsletter(linked)
    assert len(await fetch("SELECT id FROM newsletter_signal")) == 1
