"""The connection to PostgreSQL: one engine, one pool, one way to open a transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from survey_service.db import embedded
from survey_service.domain.errors import SettingsError
from survey_service.settings import Settings

Connection = Any
"""An asyncpg connection; the library ships no usable type for one taken from a pool."""

DATABASE = "survey"
OLDEST_VERSION = 150000
CLOSING_PATIENCE = 10
"""Seconds that running queries get at the end before their connections are cut."""


class Engine(PostgresEngine):
    """Piccolo's engine without its habit of connecting when it is made."""

    async def check_version(self) -> None:
        """Leave the version to `open_database`, which can say how to mend it."""

    def transaction(self, allow_nested: bool = True) -> "Transaction":
        """Begin a transaction that gives its connection back whatever happens."""
        return Transaction(self, allow_nested=allow_nested)


class Transaction(PostgresTransaction):
    """Piccolo's, except that a connection lost in the middle does not stay taken from the pool for ever."""

    __slots__ = ()

    async def __aenter__(self) -> Any:
        """Take a connection and begin."""
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()  # type: ignore[no-untyped-call]
        self.transaction = self.connection.transaction()
        try:
            await self.begin()  # type: ignore[no-untyped-call]
        except BaseException:
            await self._give_back()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        """Commit, or roll back what failed; give the connection back either way."""
        if self._parent is not None:
            return False
        try:
            if error is None:
                await self.commit()  # type: ignore[no-untyped-call]
            else:
                # Without its connection it is rolled back already: the first error is the one to tell.
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await self.rollback()  # type: ignore[no-untyped-call]
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return False

    async def _give_back(self) -> None:
        assert self.engine.pool is not None
        await self.engine.pool.release(self.connection)


ENGINE = Engine(config={})
_undone: ContextVar[bool] = ContextVar("undone", default=False)


def database_url(settings: Settings) -> str:
    """Return the address of the database, starting the embedded server when no other is set."""
    if settings.database_url:
        return settings.database_url
    return embedded.start(settings.data_dir).url(DATABASE)


@asynccontextmanager
async def open_database(url: str, *, pool_size: int = 10) -> AsyncIterator[None]:
    """Open the pool for as long as the context lasts, in the event loop that uses it."""
    assert ENGINE.pool is None, "a process has one database"
    await _ensure_exists(url)
    ENGINE.config = {"dsn": url}
    await ENGINE.start_connection_pool(min_size=1, max_size=pool_size)
    try:
        yield
    finally:
        await _close_pool()


@asynccontextmanager
async def transaction() -> AsyncIterator[Connection]:
    """Open a transaction, or join the one this task is in (then the outer one decides)."""
    current = ENGINE.current_transaction.get()
    if current is not None:
        yield current.connection
        return
    async with ENGINE.transaction() as opened:
        yield opened.connection


@asynccontextmanager
async def undone() -> AsyncIterator[Connection]:
    """Open a transaction, or a part of the current one, that is undone at its end: to see what would be."""
    async with transaction() as lent:
        trial = lent.transaction()
        await trial.start()
        mark = _undone.set(True)
        try:
            yield lent
        finally:
            _undone.reset(mark)
            await trial.rollback()


def is_undone() -> bool:
    """Tell whether this is inside a part that `undone` will undo."""
    return _undone.get()


@asynccontextmanager
async def connection() -> AsyncIterator[Connection]:
    """Lend a connection for reading, or the current transaction's."""
    current = ENGINE.current_transaction.get()
    if current is not None:
        yield current.connection
        return
    assert ENGINE.pool is not None, "open_database() comes first"
    async with ENGINE.pool.acquire() as lent:
        yield lent


async def _close_pool() -> None:
    assert ENGINE.pool is not None
    try:
        await asyncio.wait_for(ENGINE.pool.close(), CLOSING_PATIENCE)
    except TimeoutError:
        ENGINE.pool.terminate()
    finally:
        ENGINE.pool = None


async def _ensure_exists(url: str) -> None:
    """Check that the server answers and is recent; make the embedded server's database at first use."""
    try:
        probe = await asyncpg.connect(url, timeout=10)
    except asyncpg.InvalidCatalogNameError:
        probe = await _create_database(url)
    except asyncpg.InvalidPasswordError as error:
        raise SettingsError(
            "The database refused the user or the password.", hint="Correct them in SURVEY_DATABASE_URL."
        ) from error
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise SettingsError(
            f"The database does not answer ({type(error).__name__}).",
            hint="Start it, correct SURVEY_DATABASE_URL, or unset that to use the embedded database.",
        ) from error
    try:
        version = probe.get_server_version()
        if version.major * 10000 < OLDEST_VERSION:
            raise SettingsError(
                "The database is too old.",
                expected="PostgreSQL 15 or later",
                got=f"PostgreSQL {version.major}",
            )
    finally:
        await probe.close()


async def _create_database(url: str) -> Connection:
    name = DATABASE
    if f"/{name}?host=" not in url:
        raise SettingsError(
            "The database named in SURVEY_DATABASE_URL does not exist.",
            hint="Create it with createdb, then try again.",
        )
    server = await asyncpg.connect(url.replace(f"/{name}?", "/postgres?"))
    try:
        await server.execute(f'CREATE DATABASE "{name}"')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # another process was first; that is all we wanted
    finally:
        await server.close()
    return await asyncpg.connect(url)
