"""What a person changes on their own page; each change is one transaction under the register's lock."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import likelihood, own_page, register
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.own_page import OwnPage
from survey_service.domain.wishes import Posted, read_pause, read_wishes
from survey_service.services.contacts.move_contacts import move_units
from survey_service.services.contacts.place_units import place_units
from survey_service.services.own_page.show_own_page import channels_of, find_own_page
from survey_service.settings import Settings

SOURCE = "own page"
ONE_CLICK = "unsubscribe link in a mail"


async def change_wishes(token: str, posted: Posted, *, languages: Collection[str]) -> None:
    """Set number of surveys, topics, language (one of those offered) and channel. Raises WishRefused."""
    async with transaction():
        page = await _lock_page(token)
        wishes = read_wishes(posted, before=page.wishes, languages=languages, channels=channels_of(page))
        if wishes == page.wishes:
            return
        await own_page.set_wishes(page.contact, wishes)
        await _settle(page)
        before, after = msgspec.to_builtins(page.wishes), msgspec.to_builtins(wishes)
        changed = [name for name in after if before[name] != after[name]]
        await _note("own_page.wishes", page, {"changed": ", ".join(changed)})


async def pause(token: str, posted: Posted, settings: Settings, *, at: datetime) -> None:
    """Ask for no surveys for some months from now. Raises WishRefused."""
    async with transaction():
        page = await _lock_page(token)
        until = read_pause(posted, at.astimezone(ZoneInfo(settings.time_zone)).date())
        await own_page.set_pause(page.contact, until)
        await _settle(page)
        await _note("own_page.pause", page, {"until": until.isoformat()})


async def end_pause(token: str) -> None:
    """Take part again at once; the place in the queue is that of somebody who joins."""
    async with transaction():
        page = await _lock_page(token)
        if page.state != "paused":
            return
        await own_page.set_pause(page.contact, None)
        await _settle(page)
        await _note("own_page.end_pause", page)


async def decline(token: str, invitation: int, *, at: datetime) -> None:
    """Say "not this one": the open invitation is cancelled. One that is closed already stays as it is."""
    async with transaction():
        page = await _lock_page(token)
        if await own_page.cancel_invitations(page.contact, at=at, invitation=invitation):
            await _note("own_page.decline", page, {"invitation": invitation})


async def leave(token: str, *, at: datetime, source: str = SOURCE) -> OwnPage:
    """Withdraw consent to surveys and cancel what is open; return whose it was. Again changes nothing."""
    async with transaction():
        page = await _lock_page(token)
        if page.is_consenting:
            await own_page.cancel_invitations(page.contact, at=at)
            await own_page.set_consent(page.contact, is_granted=False, source=source, at=at)
            await _settle(page)
            await _note("own_page.leave", page, {"source": source})
    return page


async def rejoin(token: str, *, at: datetime) -> None:
    """Consent to surveys again."""
    async with transaction():
        page = await _lock_page(token)
        if page.is_consenting and page.state != "left":
            return
        await own_page.set_consent(page.contact, is_granted=True, source=SOURCE, at=at)
        await _settle(page)
        await _note("own_page.rejoin", page)


async def object_to_likelihood(token: str, *, objects: bool, at: datetime) -> None:
    """Leave the person's past out of what response likelihood learns from and looks at, or no longer."""
    async with transaction():
        page = await find_own_page(token)
        if await likelihood.set_objection(page.contact, objects=objects, at=at):
            await _note("own_page.objection", page, {"objects": objects})


async def _lock_page(token: str) -> OwnPage:
    """Take the register's lock before any row is read: a draw is either over or sees the change."""
    await register.lock_register()
    return await find_own_page(token)


async def _settle(page: OwnPage) -> None:
    """Keep frame and cell of the person's unit true."""
    await place_units([page.unit])
    await move_units([page.unit])


async def _note(action: str, page: OwnPage, detail: Mapping[str, str | int | None] | None = None) -> None:
    await add_audit_event(
        staff=None, action=action, object_kind="contact", object_id=str(page.contact), detail=detail
    )
