"""Texts that wait to be looked through, and notices of those that may tell of danger."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.questionnaire import Questionnaire


class WaitingText(msgspec.Struct, frozen=True, kw_only=True):
    """One free text of a response."""

    response: int
    survey: int
    question: str
    text: str
    answered_at: datetime


class NewNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A text that an officer has to read; `sealed_text` instead of `response` in an anonymous survey."""

    response: int | None
    survey: int
    question: str
    kinds: str
    text_hash: bytes
    answered_at: datetime
    sealed_text: bytes | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice without the text."""

    id: int
    survey: int
    slug: str
    department: int
    department_name: str
    title: dict[str, str]
    question: str
    kinds: str
    state: str
    answered_at: datetime
    found_at: datetime
    mailed_at: datetime | None
    seen_at: datetime | None
    seen_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    identified_at: datetime | None
    identified_for: str | None


class NoticeText(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, and what the question was; `contact` is None where nobody knows who answered."""

    text: str
    language: str
    definition: Questionnaire
    origin: str
    contact: int | None


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """Who answered, for an officer who gave a reason."""

    reference: str
    name: str
    email: str | None
    mobile: str | None


_NOTICE = """
    SELECT n.id, n.survey, s.slug, s.department, d.name AS department_name, s.title, n.question, n.kinds,
        n.state, n.answered_at, n.found_at, n.mailed_at, n.seen_at, n.decided_at, n.identified_at,
        n.identified_for, coalesce(nullif(seen.name, ''), seen.email) AS seen_by,
        coalesce(nullif(decided.name, ''), decided.email) AS decided_by
    FROM danger_notice n JOIN survey s ON s.id = n.survey JOIN department d ON d.id = s.department
    LEFT JOIN staff seen ON seen.id = n.seen_by LEFT JOIN staff decided ON decided.id = n.decided_by
"""


async def take_waiting_texts(most: int) -> tuple[int, list[WaitingText]]:
    """Take responses off the waiting list; return how many lines of it, and their free texts.

    In the transaction that also writes the notices. Two workers never take the same line.
    """
    async with connection() as lent:
        taken = await lent.fetch(
            """DELETE FROM text_to_scan WHERE id IN (
                   SELECT id FROM text_to_scan ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
               RETURNING response""",
            most,
        )
        rows = await lent.fetch(
            """SELECT a.response, r.survey, a.question, r.submitted_at AS answered_at,
                   string_agg(a.text_value, E'\\n' ORDER BY a.id) AS text
               FROM answer a JOIN response r ON r.id = a.response
               WHERE a.response = ANY ($1) AND a.text_value IS NOT NULL
               GROUP BY a.response, r.survey, a.question, r.submitted_at""",
            list({row["response"] for row in taken}),
        )
    return len(taken), [WaitingText(**row) for row in rows]


async def add_notices(notices: Sequence[NewNotice], *, rule_version: str, at: datetime) -> None:
    """Write notices; a text that was found before changes nothing, another text of the same answer does."""
    async with connection() as lent:
        await lent.executemany(
            """INSERT INTO danger_notice
                   (response, survey, question, kinds, text_hash, answered_at, rule_version, found_at,
                    sealed_text)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
               ON CONFLICT (response, question) DO UPDATE
               SET kinds = excluded.kinds, text_hash = excluded.text_hash, found_at = excluded.found_at,
                   rule_version = excluded.rule_version, state = 'new', mailed_at = NULL, seen_at = NULL,
                   seen_by = NULL, decided_at = NULL, decided_by = NULL
               WHERE danger_notice.text_hash <> excluded.text_hash""",
            [
                (
                    n.response,
                    n.survey,
                    n.question,
                    n.kinds,
                    n.text_hash,
                    n.answered_at,
                    rule_version,
                    at,
                    n.sealed_text,
                )
                for n in notices
            ],
        )


async def list_notices(staff: int, *, are_open: bool, most: int = 200) -> list[Notice]:
    """Return the notices of the departments somebody is an officer of, the oldest open one first."""
    order = "n.answered_at" if are_open else "n.decided_at DESC"
    async with connection() as lent:
        rows = await lent.fetch(
            f"""{_NOTICE} WHERE s.department IN (SELECT department FROM safeguarding_officer WHERE staff = $1)
                AND (n.state IN ('new', 'seen')) = $2 ORDER BY {order}, n.id LIMIT $3""",  # noqa: S608
            staff,
            are_open,
            most,
        )
    return [_to_notice(row) for row in rows]


async def find_notice(staff: int, notice: int) -> Notice | None:
    """Return a notice, if it is of a department this member of staff is an officer of."""
    async with connection() as lent:
        row = await lent.fetchrow(
            f"""{_NOTICE} WHERE n.id = $2
                AND s.department IN (SELECT department FROM safeguarding_officer WHERE staff = $1)""",  # noqa: S608
            staff,
            notice,
        )
    return None if row is None else _to_notice(row)


async def read_notice_text(notice: int) -> NoticeText | None:
    """Return what was written, as it stands in the answer now; None where it was erased since."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT string_agg(a.text_value, E'\\n' ORDER BY a.id) AS text, r.language, r.origin,
                   v.definition, i.contact
               FROM danger_notice n JOIN response r ON r.id = n.response
               JOIN answer a ON a.response = r.id AND a.question = n.question AND a.text_value IS NOT NULL
               JOIN questionnaire_version v ON v.id = r.questionnaire_version
               LEFT JOIN invitation i ON i.id = r.invitation
               WHERE n.id = $1 GROUP BY r.id, v.id, i.id""",
            notice,
        )
    if row is None:
        return None
    definition = msgspec.json.decode(row["definition"], type=Questionnaire)
    return NoticeText(**{**row, "definition": definition})


async def find_sealed_text(notice: int) -> bytes | None:
    """Return the text of a notice from an anonymous survey, sealed."""
    async with connection() as lent:
        found: bytes | None = await lent.fetchval(
            "SELECT sealed_text FROM danger_notice WHERE id = $1", notice
        )
    return found


async def find_writer(contact: int) -> Writer | None:
    """Return who answered; None for somebody who was erased."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT c.reference, d.name, d.email, d.mobile
               FROM contact c JOIN contact_detail d ON d.contact = c.id WHERE c.id = $1""",
            contact,
        )
    return None if row is None else Writer(**row)


async def mark_seen(notice: int, staff: int, at: datetime) -> None:
    """Note who read it first."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE danger_notice SET state = 'seen', seen_at = $3, seen_by = $2
               WHERE id = $1 AND state = 'new'""",
            notice,
            staff,
            at,
        )


async def mark_decided(notice: int, state: str, staff: int, at: datetime) -> bool:
    """Note what became of it; False when somebody else had decided already, or nobody had read it."""
    async with connection() as lent:
        done = await lent.fetchval(
            """UPDATE danger_notice SET state = $2, decided_at = $4, decided_by = $3
               WHERE id = $1 AND state = 'seen' RETURNING id""",
            notice,
            state,
            staff,
            at,
        )
    return done is not None


async def reopen(notice: int) -> None:
    """Take a decision back."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE danger_notice SET state = 'seen', decided_at = NULL, decided_by = NULL
               WHERE id = $1 AND state IN ('acted', 'not_needed')""",
            notice,
        )


async def mark_identified(notice: int, staff: int, reason: str, at: datetime) -> None:
    """Note who asked who had answered, and why."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE danger_notice SET identified_at = $4, identified_by = $2, identified_for = $3
               WHERE id = $1""",
            notice,
            staff,
            reason,
            at,
        )


async def list_unmailed() -> dict[int, list[int]]:
    """Return the new notices that no mail has told of, by department."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.department, array_agg(n.id ORDER BY n.id) AS notices
               FROM danger_notice n JOIN survey s ON s.id = n.survey
               WHERE n.mailed_at IS NULL AND n.state = 'new' GROUP BY s.department"""
        )
    return {row["department"]: row["notices"] for row in rows}


async def mark_mailed(notices: Sequence[int], at: datetime) -> None:
    """Note that a mail told of them."""
    async with connection() as lent:
        await lent.execute("UPDATE danger_notice SET mailed_at = $2 WHERE id = ANY ($1)", notices, at)


async def count_waiting(departments: Sequence[int] | None = None) -> Mapping[int, int]:
    """Return how many notices nobody has decided on, by department."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT s.department, count(*)::int AS notices
               FROM danger_notice n JOIN survey s ON s.id = n.survey
               WHERE n.state IN ('new', 'seen') AND ($1::bigint[] IS NULL OR s.department = ANY ($1))
               GROUP BY s.department""",
            departments,
        )
    return {row["department"]: row["notices"] for row in rows}


def _to_notice(row: Any) -> Notice:
    return Notice(**{**row, "title": msgspec.json.decode(row["title"], type=dict[str, str])})
