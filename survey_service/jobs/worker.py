"""The worker process: takes jobs until it is told to stop."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.worker import Worker

from survey_service.db import engine
from survey_service.jobs.app import job_app
from survey_service.settings import Settings

GRACE_SECONDS = 20
"""How long a running job may go on after SIGTERM; then it is given back to the queue."""


async def log_outcome(call: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Log a job by its name, a failure by its type: the text of an error could hold what somebody typed."""
    log = structlog.get_logger().bind(job=context.job.task_name)
    try:
        result = await call()
    except Exception as error:
        log.error("job failed", error=type(error).__name__)
        raise
    log.info("job done")
    return result


async def run_worker(settings: Settings) -> None:
    """Work on the open database until SIGTERM or SIGINT, then finish what is running and return."""
    # Its own log lines carry arguments and whole errors; `log_outcome` says what may be said.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    url = engine.database_url(settings)
    async with job_app(url).open_async() as app:
        await app.run_worker_async(
            concurrency=4,
            shutdown_graceful_timeout=GRACE_SECONDS,
            # A finished job has nothing left to tell; a failed one stays to be looked at.
            delete_jobs="successful",
            worker_middleware=[log_outcome],
            additional_context={"settings": settings},
        )
