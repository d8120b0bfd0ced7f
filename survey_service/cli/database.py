"""`survey-service migrate` and `check`: the database and the settings."""

import asyncio

import click

from survey_service.db import engine
from survey_service.db.migrate import migrate, pending
from survey_service.domain.errors import SurveyServiceError
from survey_service.settings import Settings


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

    async def run() -> list[str]:
        async with engine.open_database(engine.database_url(Settings.from_env()), pool_size=2):
            return await pending()

    if missing := asyncio.run(run()):
        raise SurveyServiceError(
            f"The database lacks {len(missing)} migrations.", hint="Run: survey-service migrate"
        )
    click.echo("Settings and database are ready.")
