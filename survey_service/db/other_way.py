"""Other ways to answer, as they are kept: for everything, and for single surveys."""

from collections.abc import Mapping

from survey_service.db.engine import connection


async def list_ways(survey: int | None) -> dict[str, str]:
    """Return what was entered for a survey, or for everything with None, by kind."""
    async with connection() as lent:
        rows = await lent.fetch(
            "SELECT kind, value FROM other_way WHERE survey IS NOT DISTINCT FROM $1 ORDER BY kind", survey
        )
    return {row["kind"]: row["value"] for row in rows}


async def set_ways(survey: int | None, ways: Mapping[str, str]) -> None:
    """Replace what was entered; an empty value takes it away."""
    kept = {kind: value for kind, value in ways.items() if value}
    async with connection() as lent:
        await lent.execute("DELETE FROM other_way WHERE survey IS NOT DISTINCT FROM $1", survey)
        await lent.executemany(
            "INSERT INTO other_way (survey, kind, value) VALUES ($1, $2, $3)",
            [(survey, kind, value) for kind, value in kept.items()],
        )
