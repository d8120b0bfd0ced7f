"""Pull the members of the list: everybody, or what changed since the last time.

Offsets over a list that changes lose people, so pages are found by key: from the last row's time less a
second, with an offset only inside equal times. The place is written with each page in one transaction, so a
killed pull goes on where it was.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from survey_service.db import (
    newsletter_connection,
    newsletter_identity,
    newsletter_link,
    newsletter_member,
    newsletter_run,
)
from survey_service.db.engine import transaction
from survey_service.db.newsletter_connection import Connection
from survey_service.db.newsletter_run import Run
from survey_service.domain.errors import Conflict
from survey_service.integrations.mailchimp.client import MailchimpClient
from survey_service.integrations.mailchimp.errors import MailchimpError
from survey_service.integrations.mailchimp.port import PAGE, MemberPage
from survey_service.services.newsletter.apply_newsletter import apply_newsletter
from survey_service.services.newsletter.newsletter_client import Newsletter, open_newsletter
from survey_service.services.newsletter.refresh_member import refresh_member
from survey_service.services.newsletter.take_newsletter_members import look_around, read_moment, take_members
from survey_service.settings import Settings

PULLING = 0
"""Part of the work for a list that one process does at a time."""
OVERLAP = 100
STEP_BACK = timedelta(seconds=1)
INCREMENT_OVERLAP = timedelta(minutes=10)
MOST_VANISHED = 0.01
FEW = 5
"""So few may vanish from any list, however short."""


class SyncResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a pull did."""

    kind: str
    pages: int
    seen: int
    changed: int
    vanished: int
    joined: int
    """Subscribers who joined the register."""


async def sync_newsletter(settings: Settings, *, kind: str = "increment") -> SyncResult:
    """Pull; a pull that was broken off is finished first. One process at a time does this."""
    async with open_newsletter(settings) as newsletter:
        return await pull_members(newsletter, settings, kind=kind)


async def pull_members(newsletter: Newsletter, settings: Settings, *, kind: str = "increment") -> SyncResult:
    """The same with a client that is open."""
    found = newsletter.connection
    async with newsletter_run.working_alone(found.id, PULLING) as is_alone:
        if not is_alone:
            raise Conflict("The newsletter is being pulled already.", hint="Wait until that is done.")
        run = await newsletter_run.find_live_run(found.id) or await _start(found, kind)
        try:
            run = await _turn_pages(newsletter.client, found, run, settings)
            await _take_archived(newsletter.client, found, run, settings)
            for md5 in await newsletter_identity.list_set_aside(found.id, PAGE):
                await refresh_member(newsletter.client, found, settings, md5=md5)
            vanished = 0
            if run.kind == "full":
                vanished = await _look_for_vanished(newsletter.client, found, run, settings)
        except MailchimpError as error:
            await newsletter_run.note_error(run.id, str(error))
            raise
        at = datetime.now(UTC)
        async with transaction():
            await newsletter_run.end_run(run.id, at, vanished=vanished)
            await newsletter_connection.finish_pull(found.id, run.since, at, is_full=run.kind == "full")
    joined = await apply_newsletter(settings)
    await newsletter_link.clear_unfit(found.id)
    return SyncResult(
        kind=run.kind, pages=run.pages, seen=run.seen, changed=run.changed, vanished=vanished, joined=joined
    )


async def _start(found: Connection, kind: str) -> Run:
    since = None
    if kind == "increment" and found.cursor is not None:
        # Their clock, not ours: the cursor is the last change they told of.
        since = (datetime.fromisoformat(found.cursor) - INCREMENT_OVERLAP).isoformat()
    chosen = "full" if since is None else "increment"
    return await newsletter_run.start_run(found.id, chosen, since, datetime.now(UTC))


async def _turn_pages(client: MailchimpClient, found: Connection, run: Run, settings: Settings) -> Run:
    while True:
        observed_at = datetime.now(UTC)
        page = await client.list_members(since=run.since, offset=run.page_offset)
        is_last = len(page.members) < PAGE
        since, offset = _next_place(run, page)
        around = await look_around(client, found, page.members)
        async with transaction():
            changed = await take_members(
                found, around, settings, observed_at=observed_at, source="pull", run=_seen_in(run)
            )
            run = await newsletter_run.turn_page(run.id, since, offset, len(page.members), changed)
        if is_last:
            return run


def _seen_in(run: Run) -> int | None:
    """Who was seen is only compared after a full pull; an increment writes what changed and nothing else."""
    return run.id if run.kind == "full" else None


def _next_place(run: Run, page: MemberPage) -> tuple[str | None, int]:
    """Go on from the last row's time, or by offset while all rows have the same one."""
    last = read_moment(page.members[-1].last_changed) if page.members else None
    if last is None:
        return run.since, run.page_offset + max(0, len(page.members) - OVERLAP)
    since = (last - STEP_BACK).isoformat()
    if run.since is not None and datetime.fromisoformat(since) <= datetime.fromisoformat(run.since):
        return run.since, run.page_offset + max(0, len(page.members) - OVERLAP)
    return since, 0


async def _take_archived(client: MailchimpClient, found: Connection, run: Run, settings: Settings) -> None:
    """Whether the list shows archived members is not documented: they are asked for."""
    since = None
    if run.kind == "increment" and found.cursor is not None:
        since = (datetime.fromisoformat(found.cursor) - INCREMENT_OVERLAP).isoformat()
    offset = 0
    while True:
        observed_at = datetime.now(UTC)
        page = await client.list_members(since=since, offset=offset, status="archived")
        around = await look_around(client, found, page.members)
        async with transaction():
            await take_members(
                found, around, settings, observed_at=observed_at, source="pull", run=_seen_in(run)
            )
        if len(page.members) < PAGE:
            return
        offset += PAGE - OVERLAP


async def _look_for_vanished(client: MailchimpClient, found: Connection, run: Run, settings: Settings) -> int:
    """Ask singly for whoever a full pull did not show; absence alone says nothing."""
    known, unseen, names = await newsletter_member.list_unseen(found.id, run.id, PAGE)
    if unseen > max(FEW, known * MOST_VANISHED):
        await newsletter_run.raise_alarm(
            found.id,
            "vanished",
            f"{unseen} of {known} members are not in the list any more. Nobody was touched: look whether this"
            " is the right list, and whether somebody deleted members.",
        )
        return unseen
    await newsletter_run.end_alarm(found.id, "vanished")
    for md5, unique_email_id in names:
        await refresh_member(client, found, settings, md5=md5, unique_email_id=unique_email_id)
    return unseen
