"""Read the mails that came back, and note what they say of addresses and invitations."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

import msgspec

from survey_service.db import undelivered
from survey_service.db.engine import transaction
from survey_service.integrations.mail.reports import Returned, read_report
from survey_service.integrations.mail.returned_box import walk_returned
from survey_service.settings import Settings


class BouncesRead(msgspec.Struct, kw_only=True):
    """What the box held."""

    mails: int = 0
    reports: int = 0
    unreachable: int = 0
    """Addresses that were good until now."""
    soft: int = 0
    """Given up for another reason than the address, such as a full box."""
    unknown: int = 0
    """Reports on mails that are not ours."""


async def read_bounces(settings: Settings, at: datetime) -> BouncesRead:
    """Read what is new; reading the same again changes nothing."""
    done = BouncesRead()
    if not settings.bounces:
        return done
    mails = walk_returned(settings)
    while (content := await asyncio.to_thread(_next, mails)) is not None:
        done.mails += 1
        for one in read_report(content):
            done.reports += 1
            if one.is_final:
                await _note(one, done, at)
    return done


def _next(mails: Iterator[bytes]) -> bytes | None:
    return next(mails, None)


async def _note(one: Returned, done: BouncesRead, at: datetime) -> None:
    async with transaction():
        message = await undelivered.find_message(one.mail_id)
        if message is None:
            done.unknown += 1
        elif not one.is_hard:
            done.soft += await undelivered.mark_returned(message, at=at)
        elif await undelivered.mark_undelivered(message, status=one.status, at=at):
            done.unreachable += 1
