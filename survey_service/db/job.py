"""A background job ordered in the transaction of the change that needs it."""

from survey_service.db.engine import connection


async def defer_job(name: str) -> None:
    """Order a job that needs nothing told. Workers hear of it when the transaction is committed."""
    async with connection() as lent:
        await lent.execute(
            """SELECT procrastinate_defer_jobs_v1(ARRAY[
                   ROW('default', $1::text, 0, NULL, NULL, '{}'::jsonb, NULL)::procrastinate_job_to_defer_v1
               ])""",
            name,
        )
