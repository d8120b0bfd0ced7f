"""A database per test: the migrations run once into a template, each test gets a copy.

Real commits, real constraints, real concurrency; nothing is rolled back behind the test's back.
"""

import asyncio
import os
from pathlib import Path

import asyncpg

from survey_service.db import embedded, engine
from survey_service.db.migrate import migrate
from tests.support.lots import register_seed

MIGRATIONS = Path(engine.__file__).parent / "migrations"


def new_name(kind: str) -> str:
    """A name no database of another run has, not even on a shared server: the one lot nobody may repeat."""
    return f"{kind}_{os.urandom(8).hex()}"


class TestServer:
    """The PostgreSQL server of a test run, with the migrated template on it."""

    __test__ = False

    def __init__(self, data_dir: Path) -> None:
        self.address = os.environ.get("TEST_DATABASE_SERVER", "")
        """postgresql://…/{database} of a server to use instead of the embedded one."""
        # A power cut may take a test's data: without fsync each copy takes a tenth of the time.
        embedded.SERVER_SETTINGS |= {"fsync": "off", "full_page_writes": "off"}
        self.server = None if self.address else embedded.start(data_dir)
        self.template = new_name("template")
        asyncio.run(self._make_template())

    def url(self, database: str) -> str:
        """Return the address of a database on this server."""
        return self.address.format(database=database) if self.address else self.server.url(database)

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def _make_template(self) -> None:
        await self._execute(f'CREATE DATABASE "{self.template}"')
        async with engine.open_database(self.url(self.template)):
            await migrate()
            async with engine.connection() as connection:
                await connection.execute("INSERT INTO register (seed) VALUES ($1)", register_seed())

    def create(self) -> str:
        """Make a fresh copy of the template; return its address."""
        name = new_name("test")
        asyncio.run(self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY FILE_COPY'))
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a copy, whoever is still connected."""
        name = url.split("?")[0].rsplit("/", 1)[1]
        asyncio.run(self._execute(f'DROP DATABASE "{name}" WITH (FORCE)'))
