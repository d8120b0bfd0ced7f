"""`survey-service worker`: the background jobs."""

import click

from survey_service.cli.database import run_with_database
from survey_service.jobs.worker import run_worker
from survey_service.settings import Settings
from survey_service.web.observability import configure_logging


@click.command("worker")
def worker_command() -> None:
    """Run background jobs until stopped; any number of workers may run, on any machine."""
    run_with_database(_work)


async def _work(settings: Settings) -> None:
    configure_logging(settings.log_level)
    click.echo("Waiting for jobs.", err=True)
    await run_worker(settings)
