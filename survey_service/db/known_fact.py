"""Facts that people gave about themselves; each row is the consent to use it again."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.known_facts import KnownFact, RememberedAnswer
from survey_service.domain.questionnaire import Question


async def list_known_facts(contact: int) -> list[KnownFact]:
    """Return everything a person let us keep, also what is not valid any more."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT fact, question, answer, given_at, valid_until FROM known_fact
               WHERE contact = $1 ORDER BY fact COLLATE "C\"""",
            contact,
        )
    return [to_known_fact(dict(row)) for row in rows]


async def change_known_fact(
    contact: int, fact: str, answer: RememberedAnswer, *, at: datetime, valid_until: date
) -> None:
    """Put another answer in the place of the one that was kept."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE known_fact SET answer = $3, given_at = $4, valid_until = $5 "
            "WHERE contact = $1 AND fact = $2",
            contact,
            fact,
            msgspec.json.encode(answer).decode(),
            at,
            valid_until,
        )


async def forget_known_fact(contact: int, fact: str) -> bool:
    """Delete a fact; False when it was not known."""
    async with connection() as lent:
        gone = await lent.fetchval(
            "DELETE FROM known_fact WHERE contact = $1 AND fact = $2 RETURNING true", contact, fact
        )
    return bool(gone)


def to_known_fact(row: Mapping[str, object]) -> KnownFact:
    """A row with the question and the answer as JSON."""
    values = dict(row)
    values["question"] = msgspec.json.decode(str(values["question"]), type=Question)
    values["answer"] = msgspec.json.decode(str(values["answer"]), type=RememberedAnswer)
    return msgspec.convert(values, KnownFact)
