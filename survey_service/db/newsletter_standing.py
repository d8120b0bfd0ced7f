"""How many members stand how, and what of them the register did not take."""

import msgspec

from survey_service.db.engine import connection


class RefusedMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member whose words the register did not take whole; by number, since pages show no addresses."""

    web_id: int
    contact: int | None
    reason: str


async def count_members(found: int) -> tuple[dict[str, int], int]:
    """Return members by status, and how many of all are contacts."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT status, count(*) AS count, count(contact) AS linked FROM newsletter_member
               WHERE connection = $1 GROUP BY status ORDER BY status""",
            found,
        )
    return {row["status"]: row["count"] for row in rows}, sum(row["linked"] for row in rows)


async def list_refused_members(found: int, limit: int) -> list[RefusedMember]:
    """Return whose audience could not be taken, and why."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT web_id, contact, refused_for AS reason FROM newsletter_member
               WHERE connection = $1 AND refused_for <> '' ORDER BY id DESC LIMIT $2""",
            found, limit,
        )  # fmt: skip
    return [RefusedMember(**row) for row in rows]


async def list_values(found: int, tag: str, limit: int) -> list[tuple[str, int]]:
    """Return the values of a kept merge field and how many say each."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT merge_fields ->> $2 AS value, count(*) AS count FROM newsletter_member
               WHERE connection = $1 AND merge_fields ? $2 GROUP BY 1 ORDER BY 2 DESC LIMIT $3""",
            found, tag, limit,
        )  # fmt: skip
    return [(row["value"], row["count"]) for row in rows]
