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


async def find_department(name: str) -> int | None:
    """The id of the department with this name."""
    async with engine.connection() as connection:
        department: int | None = await connection.fetchval("SELECT id FROM department WHERE name = $1", name)
        return department


async def list_departments() -> dict[str, int]:
    """All departments, name to id, by name."""
    async with engine.connection() as connection:
        rows = await connection.fetch('SELECT id, name FROM department ORDER BY name COLLATE "C"')
        return {row["name"]: row["id"] for row in rows}
