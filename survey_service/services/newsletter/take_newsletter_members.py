"""Take members as Mailchimp shows them: addresses are followed, and the buried are left out.

Members are known by Mailchimp's id that stays. Whom we hold under an address that somebody else has now is
asked for by that id first (`look_around`); merged is only who is gone from Mailchimp and whose address lives
on with another member.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from survey_service.db import newsletter_identity, newsletter_intake, newsletter_member
from survey_service.db.contact import find_reference
from survey_service.db.newsletter_connection import Connection
from survey_service.db.newsletter_identity import InTheWay, Moved
from survey_service.db.newsletter_member import Seen
from survey_service.db.register import lock_register
from survey_service.domain.suppression import fold_email, hash_suppressed
from survey_service.integrations.mailchimp.client import MailchimpClient
from survey_service.integrations.mailchimp.errors import NotThere
from survey_service.integrations.mailchimp.port import Member
from survey_service.services.contacts.manage_contacts import erase_contact
from survey_service.settings import Settings, load_secret_key

SECOND = timedelta(seconds=1)
GONE = "gone"
"""Why a contact was erased whom Mailchimp does not know any more: no word of the person's own."""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """Members to take, with those they displaced, and the ids of members that are gone."""

    members: list[Member]
    gone: frozenset[str]


async def look_around(client: MailchimpClient, found: Connection, members: Sequence[Member]) -> Around:
    """Ask for everybody whom these members displaced, and for whom those displaced in turn."""
    known, gone = list(members), set[str]()
    asked = {one.contact_id for one in known}
    while (
        ids := {
            one.mailchimp_id
            for one in await newsletter_identity.list_in_the_way(found.id, _distinct(known, found))
            if one.mailchimp_id
        }
        - asked
    ):
        for one in sorted(ids):
            asked.add(one)
            try:
                known.append(await client.get_member(one))
            except NotThere:
                gone.add(one)
    return Around(members=known, gone=frozenset(gone))


async def take_members(
    found: Connection,
    around: Around,
    settings: Settings,
    *,
    observed_at: datetime,
    source: str,
    run: int | None = None,
) -> int:
    """Take members, in a transaction; return how many were news."""
    # Contacts follow their members, and a draw sees all of that or nothing.
    await lock_register()
    seen = await _leave_out_buried(found, _distinct(around.members, found), settings)
    if not seen:
        return 0
    ways = await newsletter_identity.list_in_the_way(found.id, seen)
    aside = []
    for one in ways:
        if one.mailchimp_id and one.mailchimp_id not in around.gone:
            aside.append(one.member)
        elif one.mine is not None:
            await _merge(one, settings)
        # Else the same address signed up anew: its row lives on under the new id.
    await follow_addresses(await newsletter_identity.move_members(found.id, seen, aside))
    return await newsletter_member.take_members(
        found.id, seen, observed_at=observed_at, source=source, run=run
    )


def _distinct(members: Sequence[Member], found: Connection) -> list[Seen]:
    """Each member and each address once: what was read later counts."""
    by_id = {one.contact_id or one.id: one for one in members}
    return [_read(one, found) for one in {one.id: one for one in by_id.values()}.values()]


async def follow_addresses(moved: Sequence[Moved]) -> None:
    """Give contacts the new address of their member; a second entry of the same person leaves.

    All let go of the old ones first, since two may have swapped. Who is a member of their own is somebody
    else, whatever address both name: then it stays where it is.
    """
    following = set(await newsletter_identity.free_addresses(moved))
    for one in moved:
        if one.contact not in following or not one.email_key:
            continue
        other = await newsletter_intake.change_address(one.contact, one.email, one.email_key)
        if other is None or await newsletter_identity.has_own_member(other):
            continue
        await newsletter_intake.merge_contacts(one.contact, other)
        await newsletter_intake.change_address(one.contact, one.email, one.email_key)


async def _merge(way: InTheWay, settings: Settings) -> None:
    """One address, of one member; the other is gone from Mailchimp."""
    assert way.mine is not None
    contact, other = await newsletter_identity.merge_member(way.mine, way.member)
    if contact is None or other is None or contact == other:
        return
    await newsletter_intake.merge_contacts(contact, other)
    reference = await find_reference(other)
    if reference.startswith(newsletter_intake.CAME_FROM):
        await erase_contact(reference, settings, reason=GONE)


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
        await erase_contact(reference, settings, reason=GONE)
    else:
        await newsletter_intake.withdraw_for_contact(contact)


async def _leave_out_buried(found: Connection, seen: list[Seen], settings: Settings) -> list[Seen]:
    """Nobody comes back by a pull, unless they signed up again themselves after they went."""
    hashes = {one.md5: _hash(settings, one.email) for one in seen}
    buried = await newsletter_member.list_buried(found.id, list(hashes.values()))
    if not buried:
        return seen
    returned = {one.md5 for one in seen if _has_returned(one, buried.get(hashes[one.md5]))}
    await newsletter_member.dig_up(found.id, [hashes[one] for one in returned])
    out = [one for one in seen if hashes[one.md5] in buried and one.md5 not in returned]
    await newsletter_identity.suppress_buried(found.id, [one.mailchimp_id for one in out])
    left_out: Collection[str] = {one.md5 for one in out}
    return [one for one in seen if one.md5 not in left_out]


def _has_returned(one: Seen, grave: tuple[str, datetime] | None) -> bool:
    if grave is None:
        return False
    reason, at = grave
    # Their times are whole seconds.
    return (
        reason == "gone"
        and one.status == "subscribed"
        and one.opted_at is not None
        and one.opted_at + SECOND > at
    )


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
