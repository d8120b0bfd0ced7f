"""Departments."""

from survey_service.db import engine


async def ensure_department(name: str) -> int:
    """The id of the department with this name, made when there is none."""
    async with engine.transaction() as connection:
        await connection.execute(
            "INSERT INTO department (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", name
        )
        department: int = await connection.fetchval("SELECT id FROM department WHERE name = $1", name)
        return department
