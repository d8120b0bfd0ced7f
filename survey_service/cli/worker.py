"""`survey-service worker`: the background jobs."""

import asyncio

import click

from survey_service.cli.serve import prepare_database
from survey_service.jobs.worker import run_worker
from survey_service.settings import Settings
from survey_service.web.observability import configure_logging


@click.command("worker")
def worker_command() -> None:
    """Run background jobs until stopped; any number of workers may run, on any machine."""
    settings = Settings.from_env()
    configure_logging(settings.log_level)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    await prepare_database(settings)
    click.echo("Waiting for jobs.", err=True)
    await run_worker(settings)
