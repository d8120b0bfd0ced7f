"""The connection to the newsletter's list: one is in use at a time."""

from datetime import datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.newsletter_mapping import Mapping


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """The list in use; what is sealed stays sealed."""

    id: int
    list_id: str
    list_name: str
    api_base: str
    sealed_key: bytes | None
    merge_tag: str
    has_double_optin: bool
    sealed_path: bytes | None
    sealed_signing: bytes | None
    hook: str | None
    hook_state: str
    hook_checked_at: datetime | None
    field_segment: int | None
    state: str
    state_reason: str
    mapping: Mapping
    cursor: str | None
    synced_at: datetime | None
    compared_at: datetime | None


_COLUMNS = ", ".join(Connection.__struct_fields__)


async def find_connection() -> Connection | None:
    """Return the connection in use: the newest that is not paused, else the newest."""
    async with connection() as lent:
        row = await lent.fetchrow(
            f"""SELECT {_COLUMNS} FROM newsletter_connection
                ORDER BY state = 'paused', id DESC LIMIT 1"""  # noqa: S608
        )
    return _read(row)


async def find_connection_by_path(path_hash: bytes) -> Connection | None:
    """Return the connection whose webhook has this path."""
    async with connection() as lent:
        row = await lent.fetchrow(
            f"SELECT {_COLUMNS} FROM newsletter_connection WHERE path_hash = $1",  # noqa: S608
            path_hash,
        )
    return _read(row)


def _read(row: Any) -> Connection | None:
    if row is None:
        return None
    values = dict(row)
    values["mapping"] = msgspec.json.decode(values["mapping"], type=Mapping)
    return Connection(**values)


async def save_connection(
    *, list_id: str, list_name: str, api_base: str, sealed_key: bytes, merge_tag: str,
    has_double_optin: bool, field_segment: int,
) -> int:  # fmt: skip
    """Put a list in use, and every other out of use; return its id. It is in order again."""
    async with connection() as lent:
        await lent.execute("UPDATE newsletter_connection SET state = 'paused' WHERE list_id <> $1", list_id)
        found: int = await lent.fetchval(
            """INSERT INTO newsletter_connection
                   (list_id, list_name, api_base, sealed_key, merge_tag, has_double_optin, field_segment)
               VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (list_id) DO UPDATE SET list_name = excluded.list_name,
                   api_base = excluded.api_base, sealed_key = excluded.sealed_key,
                   merge_tag = excluded.merge_tag, has_double_optin = excluded.has_double_optin,
                   field_segment = excluded.field_segment, state = 'ok', state_reason = ''
               RETURNING id""",
            list_id, list_name, api_base, sealed_key, merge_tag, has_double_optin, field_segment,
        )  # fmt: skip
    return found


async def set_offered(found: int, offered: bytes, at: datetime) -> None:
    """Keep what the list offered when it was asked: pages show it while Mailchimp does not answer."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE newsletter_connection SET offered = $2, offered_at = $3 WHERE id = $1",
            found, offered.decode(), at,
        )  # fmt: skip


async def find_offered(found: int) -> tuple[str, datetime | None]:
    """Return what the list offered, as JSON, and when."""
    async with connection() as lent:
        row = await lent.fetchrow(
            "SELECT offered, offered_at FROM newsletter_connection WHERE id = $1", found
        )
    return row["offered"], row["offered_at"]


async def set_state(found: int, state: str, reason: str = "") -> None:
    """Stop the connection, or let it go on."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE newsletter_connection SET state = $2, state_reason = $3 WHERE id = $1",
            found, state, reason[:300],
        )  # fmt: skip


async def set_hook(
    found: int, *, hook: str, path_hash: bytes, sealed_path: bytes, sealed_signing: bytes | None
) -> None:
    """Keep a webhook that was just made, with its secrets."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_connection SET hook = $2, path_hash = $3, sealed_path = $4,
                   sealed_signing = $5, hook_state = 'live', hook_checked_at = now() WHERE id = $1""",
            found, hook, path_hash, sealed_path, sealed_signing,
        )  # fmt: skip


async def set_hook_path(found: int, *, path_hash: bytes, sealed_path: bytes) -> None:
    """Know a path before the webhook is made: it is asked with a GET first."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE newsletter_connection SET path_hash = $2, sealed_path = $3 WHERE id = $1",
            found, path_hash, sealed_path,
        )  # fmt: skip


async def set_hook_state(found: int, state: str, at: datetime) -> None:
    """Note what a look at the webhooks of the list showed."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE newsletter_connection SET hook_state = $2, hook_checked_at = $3 WHERE id = $1",
            found, state, at,
        )  # fmt: skip


async def set_mapping(found: int, mapping: Mapping) -> None:
    """Change what fields mean; everybody is looked at again."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE newsletter_connection SET mapping = $2, cursor = NULL WHERE id = $1",
            found, msgspec.json.encode(mapping).decode(),
        )  # fmt: skip


async def finish_pull(found: int, cursor: str | None, at: datetime, *, is_full: bool) -> None:
    """Note how far the list is known."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE newsletter_connection SET cursor = coalesce($2, cursor), synced_at = $3,
                   compared_at = CASE WHEN $4 THEN $3 ELSE compared_at END WHERE id = $1""",
            found, cursor, at, is_full,
        )  # fmt: skip
