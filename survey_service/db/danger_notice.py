"""Notices of texts that may tell of danger; until they are looked through these wait in text_to_scan."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.questionnaire import Questionnaire


class NewNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A text that an officer has to read; `sealed_text` instead of `response` in an anonymous survey.

    `begun_form` instead of it while the form has not been sent.
    """

    response: int | None = None
    begun_form: int | None = None
    invitation: int | None = None
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
    is_unsent: bool
    """Found on a saved page of a form that was not sent, at least not when it was found last."""


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
        n.identified_for, n.response IS NULL AND n.begun_form IS NOT NULL AS is_unsent,
        coalesce(nullif(seen.name, ''), seen.email) AS seen_by,
        coalesce(nullif(decided.name, ''), decided.email) AS decided_by
    FROM danger_notice n JOIN survey s ON s.id = n.survey JOIN department d ON d.id = s.department
    LEFT JOIN staff seen ON seen.id = n.seen_by LEFT JOIN staff decided ON decided.id = n.decided_by
"""


# What was found in a copy before it was sent is the same case once it is sent: officers are told once.
_ADOPT = """
    UPDATE danger_notice n SET response = sent.response
    FROM (SELECT DISTINCT ON (r.id, d.question) d.id, r.id AS response, d.question
          FROM unnest($1::bigint[], $2::text[]) AS new (response, question)
          JOIN response r ON r.id = new.response
          JOIN danger_notice d ON d.invitation = r.invitation AND d.question = new.question
          WHERE d.response IS NULL ORDER BY r.id, d.question, d.found_at DESC, d.id DESC) sent
    WHERE n.id = sent.id AND NOT EXISTS (
        SELECT FROM danger_notice o WHERE o.response = sent.response AND o.question = sent.question)
"""

# Mixed answers of an anonymous survey were looked through in their box: nobody is told of one text twice.
_ADD = """
    INSERT INTO danger_notice (response, begun_form, invitation, survey, question, kinds, text_hash,
        answered_at, rule_version, found_at, sealed_text)
    SELECT $1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::text, $6::text, $7::bytea, $8::timestamptz,
        $9::text, $10::timestamptz, $11::bytea
    WHERE $1 IS NULL OR NOT EXISTS (SELECT FROM danger_notice o WHERE o.sealed_text IS NOT NULL
        AND o.survey = $4 AND o.question = $5 AND o.text_hash = $7)
    ON CONFLICT ({place}, question) DO UPDATE
    SET kinds = excluded.kinds, text_hash = excluded.text_hash, found_at = excluded.found_at,
        rule_version = excluded.rule_version, state = 'new', mailed_at = NULL, seen_at = NULL,
        seen_by = NULL, decided_at = NULL, decided_by = NULL
    WHERE danger_notice.text_hash <> excluded.text_hash
"""


async def add_notices(notices: Sequence[NewNotice], *, rule_version: str, at: datetime) -> None:
    """Write notices; a text that was found before changes nothing, another text of the same answer does."""
    sent = [one for one in notices if one.response is not None]
    async with connection() as lent:
        await lent.execute(_ADOPT, [one.response for one in sent], [one.question for one in sent])
        for place in ("response", "begun_form"):
            await lent.executemany(
                _ADD.format(place=place),
                [
                    (
                        n.response, n.begun_form, n.invitation, n.survey, n.question, n.kinds, n.text_hash,
                        n.answered_at, rule_version, at, n.sealed_text,
                    )
                    for n in notices
                    if (n.begun_form is not None) == (place == "begun_form")
                ],
            )  # fmt: skip


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
