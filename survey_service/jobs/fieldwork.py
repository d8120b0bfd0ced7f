"""Waves whose fieldwork runs are carried on every quarter of an hour."""

from datetime import UTC, datetime

from procrastinate import Blueprint, JobContext

from survey_service.services.fieldwork.run_fieldwork import run_all

FIELDWORK = Blueprint()


@FIELDWORK.periodic(cron="*/15 * * * *")
@FIELDWORK.task(name="run", queueing_lock="run_fieldwork", lock="run_fieldwork", pass_context=True)
async def carry_on_fieldwork(context: JobContext, timestamp: int) -> None:
    """Release, remind or stop, wherever it is due."""
    await run_all(context.additional_context["settings"], at=datetime.now(UTC))
