"""Messages as a file for a program that sends them, and its report read back. Same gate, same receipts."""

import os
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path

import msgspec

from survey_service.db import audit_event, exported_message
from survey_service.db.engine import transaction
from survey_service.db.outbox import ClaimedMail
from survey_service.domain.message_references import make_reference, read_reference
from survey_service.i18n.formatting import format_date
from survey_service.i18n.translate import use_locale
from survey_service.integrations.mail.render import Value, write_mail
from survey_service.integrations.message_files.formats import find_format, read_results, write_file
from survey_service.services.messages.write_mails import (
    find_reason_against,
    mail_language,
    mail_languages,
    mail_values,
)
from survey_service.services.own_page.own_page_links import own_page_links
from survey_service.settings import Settings, load_secret_key

TEXT_TEMPLATE = "short"


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds, and what was left out, by reason."""

    messages: int
    left_out: dict[str, int]


class ResultsRead(msgspec.Struct, kw_only=True):
    """What a report said."""

    delivered: int = 0
    pending: int = 0
    not_delivered: int = 0
    unreachable: int = 0
    unknown: int = 0
    """Rows about messages that are not ours."""


async def export_messages(
    format_name: str, path: Path, settings: Settings, at: datetime, *, staff: int | None = None
) -> Exported:
    """Write what waits into a file; from then on it counts as sent.

    The file is complete beside its place, with `.new` after its name, before the messages are marked, and
    takes its place afterwards. Whatever happens in between, no message is in two files.
    """
    file_format = find_format(format_name)
    new = path.with_name(f"{path.name}.new")
    async with transaction():
        taken = await exported_message.take_for_file(file_format.channels, file_format.most_rows)
        reasons = {one.message: find_reason_against(one, at) for one in taken}
        going = [one for one in taken if reasons[one.message] is None]
        pages = await own_page_links({one.contact for one in going if one.contact is not None}, settings)
        offered = await mail_languages(settings)
        rows = [_row(one, pages.get(one.contact or 0), settings, offered) for one in going]
        write_file(new, file_format, rows)
        left_out = {message: reason for message, reason in reasons.items() if reason is not None}
        await exported_message.mark_exported([one.message for one in going], at)
        await exported_message.drop_messages(list(left_out), list(left_out.values()))
        await audit_event.add_audit_event(
            staff=staff, action="messages.export", object_kind="outbox", object_id=format_name,
            detail={"messages": len(going)},
        )  # fmt: skip
    os.replace(new, path)
    return Exported(messages=len(going), left_out=dict(Counter(left_out.values())))


async def read_message_results(
    format_name: str, path: Path, settings: Settings, at: datetime, *, staff: int | None = None
) -> ResultsRead:
    """Read a report, whole or not at all; reading it again changes nothing."""
    reported = read_results(path, find_format(format_name))
    key = load_secret_key(settings)
    done = ResultsRead()
    failed: list[int] = []
    unreachable: list[int] = []
    for one in reported:
        message = read_reference(key, one.reference)
        if message is None:
            done.unknown += 1
        elif one.result == "delivered":
            done.delivered += 1
        elif one.result == "pending":
            done.pending += 1
        else:
            failed.append(message)
            if one.result == "undelivered":
                unreachable.append(message)
    async with transaction():
        done.unreachable = await exported_message.mark_unreachable(unreachable, at)
        done.not_delivered = await exported_message.mark_not_delivered(failed, at)
        await audit_event.add_audit_event(
            staff=staff, action="messages.results", object_kind="outbox", object_id=format_name,
            detail={"rows": len(reported)},
        )  # fmt: skip
    return done


def _row(
    one: ClaimedMail, own_page: str | None, settings: Settings, offered: Collection[str]
) -> Mapping[str, str]:
    key, language = load_secret_key(settings), mail_language(one, offered)
    values = mail_values(one, own_page, key, settings, language)
    with use_locale(language):
        row = {name: _say(value) for name, value in values.items()}
    text = write_mail(TEXT_TEMPLATE, language, values).text.strip()
    return row | {
        "reference": make_reference(key, one.message),
        "address": one.address or "",
        "language": language,
        "text": "\n".join(line for line in text.splitlines() if line),
    }


def _say(value: Value) -> str:
    if isinstance(value, date):
        return format_date(value)
    return "" if value is None else str(value)
