"""`survey-service migrate` and `check`, and the way every command gets its database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from survey_service.db import engine
from survey_service.db.migrate import migrate, pending
from survey_service.domain.errors import SurveyServiceError
from survey_service.settings import Settings

Result = TypeVar("Result")


async def prepare_database(settings: Settings) -> None:
    """Migrate the embedded database; refuse to work on a server's database that is behind.

    Needs the database open.
    """
    if not settings.database_url:
        await migrate()
    elif missing := await pending():
        raise SurveyServiceError(
            f"The database lacks {len(missing)} migrations.", hint="Run: survey-service migrate"
        )


def run_with_database(
    action: Callable[[Settings], Awaitable[Result]], settings: Settings | None = None
) -> Result:
    """Run `action` with the settings (the environment's) and the database open and ready."""
    chosen = settings or Settings.from_env()

    async def run() -> Result:
        async with engine.open_database(engine.database_url(chosen), pool_size=4):
            await prepare_database(chosen)
            return await action(chosen)

    return asyncio.run(run())


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest migration."""

    async def run() -> list[str]:
        async with engine.open_database(engine.database_url(Settings.from_env()), pool_size=2):
            return await migrate()

    done = asyncio.run(run())
    click.echo(f"{len(done)} migrations ran." if done else "Nothing to migrate.")


@click.command("check")
def check_command() -> None:
    """Say whether the settings are right and the database is ready."""

    async def check(_: Settings) -> None:
        """The way to the database is the check."""

    run_with_database(check)
    click.echo("Settings and database are ready.")
