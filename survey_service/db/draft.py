"""Drafts of questionnaires: the history of their edits, the newest of which is the draft."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.drafts import Draft

MOST_KEPT = 500
"""Edits of a survey; older ones go when new ones come."""


class EditFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What an edit did, when, and who did it."""

    number: int
    change: str
    subject: str
    restores: int | None
    made_at: datetime
    staff_name: str
    """Empty for the command line."""


class DraftEdit(msgspec.Struct, frozen=True, kw_only=True):
    """One edit with the draft it left."""

    facts: EditFacts
    draft: Draft


_FACTS = """SELECT edit.number, edit.change, edit.subject, edit.restores, edit.made_at,
    coalesce(nullif(staff.name, ''), staff.email, '') AS staff_name"""
_FROM = "FROM draft_edit edit LEFT JOIN staff ON staff.id = edit.staff"


async def lock_draft(survey: int) -> None:
    """Make other writers of this survey's draft wait until the transaction ends."""
    async with connection() as lent:
        await lent.execute("SELECT FROM survey WHERE id = $1 FOR NO KEY UPDATE", survey)


async def find_newest_edit(survey: int) -> DraftEdit | None:
    """The newest edit of a survey."""
    async with connection() as lent:
        row = await lent.fetchrow(
            f"{_FACTS}, edit.definition {_FROM} WHERE edit.survey = $1 ORDER BY edit.number DESC LIMIT 1",
            survey,
        )
    return None if row is None else _edit(dict(row))


async def find_edit(survey: int, number: int) -> DraftEdit | None:
    """One edit by its number."""
    async with connection() as lent:
        row = await lent.fetchrow(
            f"{_FACTS}, edit.definition {_FROM} WHERE edit.survey = $1 AND edit.number = $2", survey, number
        )
    return None if row is None else _edit(dict(row))


async def list_edits(survey: int, *, most: int) -> list[EditFacts]:
    """The newest edits without their drafts, newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            f"{_FACTS} {_FROM} WHERE edit.survey = $1 ORDER BY edit.number DESC LIMIT $2", survey, most
        )
    return [EditFacts(**dict(row)) for row in rows]


async def list_edits_since(survey: int, number: int) -> list[EditFacts]:
    """What was done after an edit, oldest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            f"{_FACTS} {_FROM} WHERE edit.survey = $1 AND edit.number > $2 ORDER BY edit.number LIMIT 50",
            survey,
            number,
        )
    return [EditFacts(**dict(row)) for row in rows]


async def add_edit(
    *,
    survey: int,
    number: int,
    draft: Draft,
    change: str,
    subject: str,
    staff: int | None,
    restores: int | None = None,
) -> None:
    """Store an edit and let the oldest go."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO draft_edit (survey, number, definition, change, subject, restores, staff)
               VALUES ($1, $2, $3, $4, $5, $6, $7)""",
            survey,
            number,
            msgspec.json.encode(draft).decode(),
            change,
            subject[:200],
            restores,
            staff,
        )
        await lent.execute(
            "DELETE FROM draft_edit WHERE survey = $1 AND number <= $2", survey, number - MOST_KEPT
        )


def _edit(row: dict[str, object]) -> DraftEdit:
    draft = msgspec.json.decode(str(row.pop("definition")), type=Draft)
    return DraftEdit(facts=msgspec.convert(row, EditFacts), draft=draft)
