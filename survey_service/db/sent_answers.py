"""A form that was sent, as its sender gets it back to change it, and stored again with the changes."""

import msgspec

from survey_service.db.engine import connection, transaction
from survey_service.db.submission import Submission

Fields = dict[str, list[str]]


async def find_sent(token_hash: bytes, resume_hash: bytes | None) -> Fields | None:
    """Return what was sent under a link, for the key it was sent with, or for whoever proved who they are."""
    async with connection() as lent:
        posted = await lent.fetchval(
            """SELECT r.submission FROM response r JOIN invitation i ON i.id = r.invitation
               JOIN survey s ON s.id = r.survey
               WHERE i.token_hash = $1 AND i.state = 'answered' AND s.state = 'open'
                   AND ($2::bytea IS NULL OR r.resume_hash = $2)""",
            token_hash,
            resume_hash,
        )
    return None if posted is None else msgspec.json.decode(posted, type=Fields)


async def give_key(token_hash: bytes, resume_hash: bytes) -> None:
    """Let another key change what was sent, in place of the one before."""
    async with connection() as lent:
        await lent.execute(
            """UPDATE response SET resume_hash = $2 FROM invitation i
               WHERE i.id = response.invitation AND i.token_hash = $1""",
            token_hash,
            resume_hash,
        )


async def replace_sent(changed: Submission) -> bool:
    """Put these answers in the place of those sent before with the same key; False where there are none.

    What answering took stays as it was: length and burden are those of the first time.
    """
    async with transaction() as lent:
        response = await lent.fetchval(
            """UPDATE response r SET language = $3, disposition = $4, submission = $5, changed_at = $6
               FROM invitation i, survey s
               WHERE i.id = r.invitation AND s.id = r.survey AND i.token_hash = $1 AND r.resume_hash = $2
                   AND i.state = 'answered' AND s.state = 'open' AND i.expires_at > $6
               RETURNING r.id""",
            changed.token_hash, changed.resume_hash, changed.language, changed.disposition, changed.posted,
            changed.submitted_at,
        )  # fmt: skip
        if response is None:
            return False
        await lent.execute("DELETE FROM answer WHERE response = $1", response)
        await lent.executemany(
            """INSERT INTO answer (response, question, option, text_value, number_value)
               VALUES ($1, $2, $3, $4, $5)""",
            [(response, one.question, one.option, one.text, one.number) for one in changed.answers],
        )
    return True
