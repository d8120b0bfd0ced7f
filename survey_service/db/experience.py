"""How people found a survey, kept beside their response."""

import msgspec

from survey_service.db.engine import connection


class ExperienceMean(msgspec.Struct, frozen=True, kw_only=True):
    """What people of one department's surveys said to one of the two questions."""

    department: str
    item: str
    people: int
    mean: float


async def add_experience(token_hash: bytes, item: str, score: int) -> None:
    """Keep a score of whoever answered under a link; a second one changes the first."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO experience (response, item, score)
               SELECT r.id, $2, $3 FROM response r JOIN invitation i ON i.id = r.invitation
               WHERE i.token_hash = $1
               ON CONFLICT (response) DO UPDATE SET score = EXCLUDED.score, at = now()""",
            token_hash,
            item,
            score,
        )


async def list_means(least: int) -> list[ExperienceMean]:
    """Return the means of each department and question with at least so many people."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT d.name AS department, e.item, count(*)::int AS people, avg(e.score)::float8 AS mean
               FROM experience e JOIN response r ON r.id = e.response JOIN survey s ON s.id = r.survey
               JOIN department d ON d.id = s.department
               GROUP BY d.name, e.item HAVING count(*) >= $1 ORDER BY d.name COLLATE "C", e.item""",
            least,
        )
    return [ExperienceMean(**row) for row in rows]
