"""The gate: reserve, send, cancel; the kinds of message; freezes; days at their edges."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from survey_service.db import message, outbox
from survey_service.db.engine import transaction
from survey_service.domain.contact_gate import Allow, Deny
from survey_service.domain.errors import Conflict, NotAllowed, NotFound
from survey_service.services.gate.contact_gate import Purpose, may_contact
from survey_service.services.gate.freeze_contact import freeze_contact, list_freezes, thaw_contact
from survey_service.services.messages.send_invitations import send_invitations
from survey_service.services.newsletter.plan_issues import add_issue, list_issues, remove_issue
from survey_service.services.rotation.cancel_invitations import cancel_invitations
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")

PLACES = "SELECT id, ticket, last_invited_on, promised_from FROM unit ORDER BY id"


def with_settings(settings: Settings, **others: object) -> Settings:
    return Settings(**{name: getattr(settings, name) for name in settings.__dataclass_fields__} | others)


async def decide(
    contacts: list[int], kind: str, at: datetime, settings: Settings, survey: int | None = None
) -> list[Allow | Deny]:
    async with transaction():
        return await may_contact(contacts, kind, at, settings, Purpose(survey=survey, form_seconds=60))


async def counts() -> tuple[int, int, int]:
    [row] = await fetch(
        """SELECT (SELECT count(*) FROM receipt) AS receipts, (SELECT count(*) FROM ledger_event) AS ledger,
               (SELECT count(*) FROM message) AS messages"""
    )
    return row["receipts"], row["ledger"], row["messages"]


async def test_a_reservation_moves_nobody_and_sending_does(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(40, audience="worker"))
    slug = await open_new_survey(tmp_path)
    before = await fetch(PLACES)
    drawn = await draw_wave(slug, settings, n=16, reserve_only=True)
    assert await fetch(PLACES) == before
    assert await counts() == (0, 0, 0)
    # What is reserved cannot be drawn again, by this survey or by another.
    other = await draw_wave(await open_new_survey(tmp_path, "roads"), settings, n=24, reserve_only=True)
    assert not {m.contact for m in drawn.members} & {m.contact for m in other.members}
    first = await send_invitations(slug, settings, replicates=[1])
    assert (first.sent, first.waiting, first.cancelled) == (4, 12, {})
    rest = await send_invitations(slug, settings)
    assert (rest.sent, rest.waiting) == (12, 0)
    assert await counts() == (16, 16, 16)
    moved = await fetch(
        """SELECT u.ticket - m.ticket_before AS turns, u.promised_from - u.last_invited_on AS promised
           FROM draw_member m JOIN unit u ON u.id = m.unit
           JOIN invitation i ON i.draw_member = m.id WHERE i.state = 'sent'"""
    )
    assert [row["turns"] for row in moved] == pytest.approx([1.0] * 16)
    assert {row["promised"] for row in moved} == {settings.rest_days}
    [clock] = await fetch("SELECT clock FROM cell")
    assert clock["clock"] == max(member.ticket_before for member in drawn.members)


async def test_what_is_cancelled_is_given_back(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(20, audience="worker"))
    slug = await open_new_survey(tmp_path)
    before = await fetch(PLACES)
    drawn = await draw_wave(slug, settings, n=8, reserve_only=True)
    assert await cancel_invitations(slug, settings) == 8
    assert await fetch(PLACES) == before
    # The queue stands as it stood: the same people come first.
    again = await draw_wave(slug, settings, n=8)
    assert {m.contact for m in again.members} == {m.contact for m in drawn.members}
    assert await cancel_invitations(slug, settings) == 0
    with pytest.raises(NotFound, match="wave 9"):
        await cancel_invitations(slug, settings, wave=9)


async def test_who_left_or_was_promised_rest_meanwhile_is_not_sent_anything(
    settings: Settings, tmp_path: Path
) -> None:
    await fill_register(tmp_path, settings, contact_rows(12, audience="worker"))
    slug = await open_new_survey(tmp_path)
    await draw_wave(slug, settings, n=12, reserve_only=True)
    await fetch("UPDATE contact SET state = 'left' WHERE reference = 'R00001'")
    await fetch("UPDATE contact SET surveys_a_year = 0 WHERE reference = 'R00002'")
    await fetch(
        "UPDATE unit SET promised_from = $1 WHERE reference = 'R00003'", today(settings) + timedelta(days=1)
    )
    sent = await send_invitations(slug, settings)
    assert (sent.sent, sent.cancelled) == (9, {"left": 1, "chose_none": 1, "promised": 1})
    gone = await fetch("SELECT cancelled_for FROM invitation WHERE state = 'cancelled' ORDER BY contact")
    assert [row["cancelled_for"] for row in gone] == ["left", "chose_none", "promised"]


async def test_a_promise_outlives_a_softer_rule(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(10, audience="worker"))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    await draw_wave(slug, settings, n=10, at=day)
    softer = with_settings(settings, rest_days=10)
    eve = (await forecast_survey(slug, softer, at=day + timedelta(days=59), n=5)).by_stratum["worker"]
    assert (eve.eligible, eve.excluded["promised"]) == (0, 10)
    assert eve.next_feasible == (day + timedelta(days=60)).isoformat()
    kept = (await forecast_survey(slug, softer, at=day + timedelta(days=60), n=5)).by_stratum["worker"]
    assert kept.eligible == 10
    # A rest that was made longer since protects at once, whatever was promised.
    longer = with_settings(settings, rest_days=90)
    for after, eligible in ((60, 0), (89, 0), (90, 10)):
        found = await forecast_survey(slug, longer, at=day + timedelta(days=after), n=5)
        assert found.by_stratum["worker"].eligible == eligible, after


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland"])
@pytest.mark.parametrize("sent", [date(2028, 2, 29), date(2027, 1, 28), date(2027, 9, 1)])
async def test_rest_is_counted_in_days_of_the_zone(
    settings: Settings, tmp_path: Path, zone: str, sent: date
) -> None:
    """Over a leap day, and over the change to summer time and back: 59 days are too few, 60 are enough."""
    there = with_settings(settings, time_zone=zone)
    await fill_register(tmp_path, there, contact_rows(4, audience="worker"))
    slug = await open_new_survey(tmp_path)
    await draw_wave(slug, there, n=4, at=sent)
    contacts = [row["id"] for row in await fetch("SELECT id FROM contact ORDER BY id")]
    local = ZoneInfo(zone)
    midnight = datetime.combine(sent + timedelta(days=60), time(0), local)
    eve = await decide(contacts[:1], "invitation", midnight - timedelta(seconds=1), there)
    assert eve == [Deny(reason="resting", until=sent + timedelta(days=60))]
    assert all(isinstance(one, Allow) for one in await decide(contacts, "invitation", midnight, there))


async def test_the_kinds_of_message_have_rules_of_their_own(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(6, audience="worker"))
    slug = await open_new_survey(tmp_path)
    drawn = await draw_wave(slug, settings, n=3)
    # At noon: half a year on, an hour near midnight falls on another day of the zone.
    at = (datetime.now(UTC) + timedelta(days=1)).replace(hour=12, minute=0)
    [survey] = await fetch("SELECT id FROM survey")
    invited = [
        row["id"]
        for row in await fetch(
            "SELECT id FROM contact WHERE reference = ANY ($1) ORDER BY id",
            [member.contact for member in drawn.members],
        )
    ]
    other = [row["id"] for row in await fetch("SELECT id FROM contact") if row["id"] not in invited]
    await fetch(
        "UPDATE invitation SET state = 'answered', answered_at = now() WHERE contact = $1", invited[1]
    )
    reminded = await decide([*invited, other[0], 999], "reminder", at, settings, survey["id"])
    assert [getattr(one, "reason", "allowed") for one in reminded] == [
        "allowed", "answered", "allowed", "not_invited", "unknown",
    ]  # fmt: skip
    late = await decide(invited[:1], "reminder", at + timedelta(days=40), settings, survey["id"])
    assert late == [Deny(reason="expired")]
    assert await decide(other[:1], "newsletter", at, settings) == [Deny(reason="no_newsletter_consent")]
    quiet = await decide(invited[:1], "keep_warm", at + timedelta(days=269), settings)
    assert quiet == [Deny(reason="not_quiet")]
    enough = await decide(invited[:1], "keep_warm", at + timedelta(days=270), settings)
    assert isinstance(enough[0], Allow)
    for kind in ("outcome", "service"):
        assert isinstance((await decide(other[:1], kind, at, settings))[0], Allow)
    with pytest.raises(NotAllowed, match="does not know"):
        await decide(other[:1], "critical_alert", at, settings)


async def test_a_second_reminder_is_one_too_many(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(2, audience="worker"))
    await draw_wave(await open_new_survey(tmp_path), settings, n=2)
    [survey] = await fetch("SELECT id FROM survey")
    [first, *_] = await fetch("SELECT id, contact FROM invitation ORDER BY id")
    at = datetime.now(UTC)
    for expected in (Allow, Deny):
        async with transaction():
            purpose = Purpose(survey=survey["id"])
            [decision] = await may_contact([first["contact"]], "reminder", at, settings, purpose)
            assert isinstance(decision, expected)
            if isinstance(decision, Allow):
                reminder = message.NewMessage(
                    receipt=decision.receipt,
                    contact=first["contact"],
                    invitation=first["id"],
                    channel="email",
                )
                await message.queue_messages([reminder], kind="reminder", at=at)
    assert decision == Deny(reason="enough_reminders")


async def test_nothing_gets_into_the_outbox_without_a_receipt(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(1))
    [contact] = await fetch("SELECT id FROM contact")
    forged = message.NewMessage(receipt=4711, contact=contact["id"], invitation=None, channel="email")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await message.queue_messages([forged], kind="service", at=datetime.now(UTC))


async def test_a_freeze_stops_everything_and_thaws_in_order(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(20, audience="worker"))
    slug = await open_new_survey(tmp_path)
    await draw_wave(slug, settings, n=4)
    later = await draw_wave(await open_new_survey(tmp_path, "roads"), settings, n=4, reserve_only=True)
    await freeze_contact("A major incident")
    before = await counts()
    for refused in (draw_wave(slug, settings, n=4), send_invitations("roads", settings)):
        with pytest.raises(Conflict, match="A major incident"):
            await refused
    [contact] = await fetch("SELECT id FROM contact LIMIT 1")
    frozen = await decide([contact["id"]], "outcome", datetime.now(UTC), settings)
    assert frozen == [Deny(reason="frozen")]
    run = await outbox.begin_run(datetime.now(UTC))
    assert await outbox.claim_mails(run, 10, datetime.now(UTC)) == []
    assert await counts() == before
    with pytest.raises(Conflict, match="no such freeze"):
        await thaw_contact("reminder")
    await thaw_contact()
    assert await list_freezes() == []
    assert (await send_invitations("roads", settings)).sent == len(later.members)
    waiting = [one.message for one in await outbox.claim_mails(run, 10, datetime.now(UTC))]
    ordered = await fetch("SELECT id FROM message ORDER BY queued_at, id")
    assert waiting == [row["id"] for row in ordered]


async def test_a_freeze_of_one_kind_leaves_the_others(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(4, audience="worker"))
    await freeze_contact("Before the election", "reminder")
    assert len((await draw_wave(await open_new_survey(tmp_path), settings, n=4)).members) == 4
    [contact, *_] = await fetch("SELECT id FROM contact")
    at = datetime.now(UTC)
    assert await decide([contact["id"]], "reminder", at, settings) == [Deny(reason="frozen")]
    with pytest.raises(NotAllowed):
        await freeze_contact("No such thing", "alert")
    with pytest.raises(Conflict, match="reason"):
        await freeze_contact("  ")


async def test_nothing_is_sent_near_an_issue(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(8, audience="worker"))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    await add_issue(day + timedelta(days=2))
    await add_issue(day + timedelta(days=16))
    with pytest.raises(Conflict, match="noted already"):
        await add_issue(day + timedelta(days=2))
    found = await forecast_survey(slug, settings, n=4)
    assert found.dates == [(day + timedelta(days=ahead)).isoformat() for ahead in (7, 8, 9)]
    with pytest.raises(Conflict, match="issue of the newsletter"):
        await draw_wave(slug, settings, n=4)
    assert await counts() == (0, 0, 0)
    assert len((await draw_wave(slug, settings, n=4, at=day + timedelta(days=7))).members) == 4
    await remove_issue(day + timedelta(days=2))
    assert await list_issues() == [day + timedelta(days=16)]


async def test_a_frame_that_changed_since_the_forecast_is_noticed(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(20, audience="worker"))
    slug = await open_new_survey(tmp_path)
    # Who comes back from a pause on that very day is in the frame of both.
    day = today(settings)
    await fetch("UPDATE contact SET state = 'paused', paused_until = $1 WHERE id = 1", day)
    found = await forecast_survey(slug, settings, n=5)
    assert found.by_stratum["worker"].N == 20
    assert await fetch("SELECT state FROM contact WHERE id = 1") == [{"state": "paused"}]
    drawn = await draw_wave(slug, settings, n=5, expected_frame=found.frame_hash)
    assert drawn.frame_hash == found.frame_hash
    with pytest.raises(Conflict, match="has changed since the forecast"):
        await draw_wave(slug, settings, n=5, expected_frame=found.frame_hash)
    fresh = await forecast_survey(slug, settings, n=5)
    assert len((await draw_wave(slug, settings, n=5, expected_frame=fresh.frame_hash)).members) == 5
