"""Two large reads of one moment at once: over a million people each takes a second or more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from types import SimpleNamespace
from typing import TypeVar, cast

from piccolo.engine.postgres import PostgresTransaction

from survey_service.db.engine import ENGINE, Connection, is_undone, transaction

First = TypeVar("First")
Second = TypeVar("Second")

PATIENCE = 0.2
"""Seconds to wait for a connection to spare: whoever holds one may be waiting for one, too."""


async def read_beside(
    first: Callable[[], Awaitable[First]], second: Callable[[], Awaitable[Second]]
) -> tuple[First, Second]:
    """Return what two reads give, the second over a connection of its own, if one is to spare.

    It sees what this transaction sees (its snapshot is handed over), except what this transaction wrote
    itself: once it has written anything, it reads one after the other.
    """
    async with transaction() as lent:
        snapshot = await _export_snapshot(lent)
        spare = None if snapshot is None else await _take_spare()
        if spare is None:
            return await first(), await second()
        try:
            async with spare.transaction(isolation="repeatable_read", readonly=True):
                await spare.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
                return await _read_both(first, second, spare)
        finally:
            assert ENGINE.pool is not None
            await ENGINE.pool.release(spare)


async def _export_snapshot(lent: Connection) -> str | None:
    if is_undone():
        return None  # a part of a transaction cannot hand its snapshot over
    snapshot: str | None = await lent.fetchval(
        "SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL THEN pg_export_snapshot() END"
    )
    return snapshot


async def _take_spare() -> Connection | None:
    assert ENGINE.pool is not None
    try:
        return await ENGINE.pool.acquire(timeout=PATIENCE)
    except TimeoutError:
        return None


async def _read_both(
    first: Callable[[], Awaitable[First]], second: Callable[[], Awaitable[Second]], spare: Connection
) -> tuple[First, Second]:
    context = copy_context()
    # Whatever asks for a connection in this context gets the spare one.
    lending = cast(PostgresTransaction, SimpleNamespace(connection=spare))
    context.run(ENGINE.current_transaction.set, lending)
    beside = asyncio.create_task(_awaited(second), context=context)
    try:
        found = await first()
        return found, await beside
    finally:
        beside.cancel()
        # The connection goes back to the pool: nothing may still be reading from it.
        await asyncio.gather(beside, return_exceptions=True)


async def _awaited(read: Callable[[], Awaitable[Second]]) -> Second:
    return await read()
