"""The pool: a connection that is lost in the middle of a transaction is not lost to the pool."""

import asyncio
from contextlib import suppress

import asyncpg
import pytest

from survey_service.db import engine

END_OWN_CONNECTION = "SELECT pg_terminate_backend(pg_backend_pid())"


async def lose_the_connection() -> None:
    async with engine.transaction() as lent:
        await lent.execute(END_OWN_CONNECTION)


async def lose_the_connection_unnoticed() -> None:
    async with engine.transaction() as lent:
        with suppress(asyncpg.PostgresError):
            await lent.execute(END_OWN_CONNECTION)


async def make_a_table_and_fail(name: str) -> None:
    async with engine.transaction() as lent:
        await lent.execute(f"CREATE TABLE {name} (n int)")
        raise RuntimeError("undone")


async def test_lost_connections_do_not_use_up_the_pool(database_url: str) -> None:
    async with engine.open_database(database_url, pool_size=2):
        for _ in range(5):
            with pytest.raises(asyncpg.PostgresError, match="terminating connection"):
                await lose_the_connection()
        async with asyncio.timeout(60), engine.transaction() as lent:
            assert await lent.fetchval("SELECT 1") == 1


async def test_a_connection_lost_before_the_commit_is_told(database_url: str) -> None:
    async with engine.open_database(database_url, pool_size=1):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await lose_the_connection_unnoticed()
        async with asyncio.timeout(60), engine.connection() as lent:
            assert await lent.fetchval("SELECT 1") == 1


async def test_a_transaction_inside_another_leaves_the_end_to_it(database: str) -> None:
    async with engine.transaction() as outer:
        with pytest.raises(RuntimeError, match="undone"):
            await make_a_table_and_fail("inner_one")
        assert await outer.fetchval("SELECT to_regclass('inner_one')") is not None


async def test_what_fails_is_rolled_back(database: str) -> None:
    with pytest.raises(RuntimeError, match="undone"):
        await make_a_table_and_fail("outer_one")
    async with engine.connection() as lent:
        assert await lent.fetchval("SELECT to_regclass('outer_one')") is None
