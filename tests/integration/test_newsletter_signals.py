"""Clicks and opens: of those who agreed, machines set apart, gone when somebody takes the agreement back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from survey_service.db import likelihood_history, newsletter_connection, newsletter_signal
from survey_service.db.engine import transaction
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
    rows = await fetch("SELECT min(contact) AS clicked FROM newsletter_signal WHERE clicks > 0")
    [kept] = await newsletter_signal.list_signals(int(str(rows[0]["clicked"])))
    assert (kept.opens, kept.machine_opens, kept.clicks) == (1, 1, 1)
    # Before it was read nobody knew of the click: a model must not see it at any moment before.
    async with transaction():
        before = await likelihood_history.read_clicks(now - timedelta(seconds=1), None)
        after_reading = await likelihood_history.read_clicks(datetime.now(UTC), None)
    assert (before["contact"].size, after_reading["clicks"].tolist().count(1)) == (0, 1)
    # Read again on the last day, it was still known from the first reading on.
    known = await fetch("SELECT known_at, click_known_at FROM newsletter_signal ORDER BY id")
    assert await collect_signals(linked, at=now + timedelta(days=11)) == 3
    assert await fetch("SELECT known_at, click_known_at FROM newsletter_signal ORDER BY id") == known
    assert await remove_signals("R00001", source="own page") == 1
    skyline.people.change("person2@example.org", interests={"i2": False})
    await sync_newsletter(linked)
    left = await fetch("SELECT c.reference FROM newsletter_signal s JOIN contact c ON c.id = s.contact")
    assert [row["reference"] for row in left] == ["R00003"]
    # Taking the agreement back here outweighs the box that is still ticked there.
    skyline.people.change("person1@example.org", rating=5)
    await sync_newsletter(linked)
    assert len(await fetch("SELECT id FROM newsletter_signal")) == 1
