"""How far an organisation is that has just begun."""

import msgspec

from survey_service.db.engine import connection


class Beginnings(msgspec.Struct, frozen=True, kw_only=True):
    """What is there before the first invitation."""

    contacts: int
    has_officer: bool
    has_survey: bool
    has_opened: bool


async def has_asked_anybody() -> bool:
    """Tell whether anybody was ever drawn."""
    async with connection() as lent:
        return bool(await lent.fetchval("SELECT EXISTS (SELECT FROM invitation)"))


async def find_beginnings() -> Beginnings:
    """Count what is there."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT (SELECT count(*) FROM contact WHERE state NOT IN ('left', 'erased')) AS contacts,
                   EXISTS (SELECT FROM safeguarding_officer) AS has_officer,
                   EXISTS (SELECT FROM survey) AS has_survey,
                   EXISTS (SELECT FROM survey WHERE state <> 'draft') AS has_opened"""
        )
    assert row is not None, "an aggregate gives a row"
    return Beginnings(**row)
