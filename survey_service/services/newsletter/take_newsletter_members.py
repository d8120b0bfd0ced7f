"""Take members as Mailchimp shows them: addresses are followed, and the buried are left out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from survey_service.db import newsletter_intake, newsletter_member
from survey_service.db.newsletter_connection import Connection
from survey_service.db.newsletter_member import Moved, Seen
from survey_service.domain.suppression import fold_email, hash_suppressed
from survey_service.integrations.mailchimp.port import Member
from survey_service.services.contacts.manage_contacts import erase_contact
from survey_service.settings import Settings, load_secret_key

SECOND = timedelta(seconds=1)


async def take_members(
    found: Connection,
    members: Sequence[Member],
    settings: Settings,
    *,
    observed_at: datetime,
    source: str,
    run: int | None = None,
) -> int:
    """Take a page, in a transaction; return how many were news."""
    seen = await _leave_out_buried(found, [_read(one, found) for one in members], settings)
    if not seen:
        return 0
    moved = []
    # Whoever moves on makes room for whoever moves in; only then is an address really two people's.
    while more := await newsletter_member.move_members(found.id, seen):
        moved += more
    gone: set[int] = set()
    for kept, dropped in await newsletter_member.list_merges(found.id, seen):
        if not {kept, dropped} & gone:
            await _merge(kept, dropped)
            gone.add(dropped)
    moved += await newsletter_member.move_members(found.id, seen)
    changed = await newsletter_member.take_members(
        found.id, seen, observed_at=observed_at, source=source, run=run
    )
    await follow_addresses(moved)
    return changed


async def follow_addresses(moved: Sequence[Moved]) -> None:
    """Give contacts the new address of their member; a second entry of the same person leaves."""
    for one in moved:
        if one.contact is not None and one.email:
            other = await newsletter_intake.change_address(one.contact, one.email, one.email_key)
            if other is not None:
                await newsletter_intake.merge_contacts(one.contact, other)
                await newsletter_intake.change_address(one.contact, one.email, one.email_key)


async def _merge(kept: int, dropped: int) -> None:
    contact, other = await newsletter_member.merge_member(kept, dropped)
    if contact is not None and other is not None and contact != other:
        await newsletter_intake.merge_contacts(contact, other)


async def rename_member(found: Connection, old: str, new: str, *, old_md5: str, new_md5: str) -> None:
    """Follow an event that tells a new address, before anything else is known of it."""
    pair = await newsletter_member.find_pair(found.id, old_md5, new_md5)
    if pair is not None:
        await _merge(*pair)
    moved = await newsletter_member.rename_member(
        found.id, old_md5, md5=new_md5, email=new, email_key=fold_email(new)
    )
    if moved is not None:
        await follow_addresses([moved])


async def lose_member(found: Connection, md5: str, settings: Settings) -> None:
    """Let somebody go whom Mailchimp does not know any more; in a transaction that holds the register's lock.

    A contact who came from the newsletter goes with it; others keep what they agreed to elsewhere.
    """
    gone = await newsletter_member.remove_member(found.id, md5)
    if gone is None:
        return
    email, contact, reference = gone
    if email:
        await newsletter_member.bury(found.id, [_hash(settings, email)], "gone")
    if contact is None:
        return
    if reference is not None and reference.startswith(newsletter_intake.CAME_FROM):
        await erase_contact(reference, settings)
    else:
        await newsletter_intake.withdraw_for_contact(contact)


async def _leave_out_buried(found: Connection, seen: list[Seen], settings: Settings) -> list[Seen]:
    """Nobody comes back by a pull, unless they signed up again themselves after they went."""
    hashes = {one.md5: _hash(settings, one.email) for one in seen}
    buried = await newsletter_member.list_buried(found.id, list(hashes.values()))

    def may_come(one: Seen) -> bool:
        grave = buried.get(hashes[one.md5])
        if grave is None:
            return True
        reason, at = grave
        # Their times are whole seconds.
        has_returned = one.status == "subscribed" and one.opted_at is not None and one.opted_at + SECOND > at
        return reason == "gone" and has_returned

    return [one for one in seen if may_come(one)]


def _hash(settings: Settings, email: str) -> bytes:
    return hash_suppressed(load_secret_key(settings), "email", fold_email(email))


def _read(one: Member, found: Connection) -> Seen:
    """Keep what the mapping names, and nothing else."""
    kept = found.mapping.kept_fields
    is_abuse = "abuse" in one.unsubscribe_reason.lower() or "spam" in one.unsubscribe_reason.lower()
    reason = "abuse" if is_abuse else one.status
    return Seen(
        email=one.email_address[:254],
        email_key=fold_email(one.email_address)[:254],
        md5=one.id,
        unique_email_id=one.unique_email_id[:20],
        mailchimp_id=one.contact_id[:40],
        web_id=one.web_id,
        status=one.status[:20],
        language=one.language[:20],
        merge_fields={tag: value for tag, value in one.merge_fields.items() if tag in kept},
        interests=sorted(name for name, is_ticked in one.interests.items() if is_ticked),
        permissions=sorted(p.marketing_permission_id for p in one.marketing_permissions if p.enabled),
        rating=one.member_rating,
        opted_at=read_moment(one.timestamp_opt),
        last_changed=read_moment(one.last_changed),
        suppressed_for=None if one.status == "subscribed" else reason[:20],
    )


def read_moment(text: str) -> datetime | None:
    """Read a time of the API; many are empty."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
