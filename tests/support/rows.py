"""Reading the open database in a test, past every service."""

from survey_service.db import engine


async def fetch(statement: str, *arguments: object) -> list[dict[str, object]]:
    async with engine.connection() as connection:
        return [dict(row) for row in await connection.fetch(statement, *arguments)]
