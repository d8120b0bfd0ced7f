"""Ids taken before the rows are written, so that rows that name each other can all go in with COPY."""

from survey_service.db.engine import connection


async def take_ids(table: str, count: int) -> list[int]:
    """Take so many ids of a table."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT nextval(s.sequence) AS id
               FROM (SELECT pg_get_serial_sequence($1, 'id')::regclass AS sequence OFFSET 0) s,
                   generate_series(1, $2)""",
            table,
            count,
        )
    return [row["id"] for row in rows]
