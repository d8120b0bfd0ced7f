"""What staff need who type answers in: which form lies before them, and whose answer it is."""

from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class EntryInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation as it stands when its answer comes on paper; `mode` is that of the answer there is."""

    id: int
    token_hash: bytes
    state: str
    answered_at: datetime | None
    mode: str | None
    submission_hash: bytes | None
    """Of the page the answer was typed into, where staff did."""


async def find_version_of_form(survey: int, form: int) -> int | None:
    """The questionnaire version a form belongs to, if it is one of this survey."""
    async with connection() as lent:
        version: int | None = await lent.fetchval(
            """SELECT version.id FROM form JOIN questionnaire_version version
                   ON version.id = form.questionnaire_version
               WHERE form.id = $1 AND version.survey = $2""",
            form,
            survey,
        )
    return version


async def find_form_by_key(survey: int, version: int, key: str) -> int | None:
    """The form that is printed with this version and key."""
    async with connection() as lent:
        form: int | None = await lent.fetchval(
            """SELECT form.id FROM form JOIN questionnaire_version version
                   ON version.id = form.questionnaire_version
               WHERE version.survey = $1 AND version.id = $2 AND form.key = $3""",
            survey,
            version,
            key,
        )
    return form


async def find_invitation(survey: int, reference: str) -> EntryInvitation | None:
    """The invitation of the contact with this reference: one that waits for an answer, else the newest."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT invitation.id, invitation.token_hash, invitation.state, invitation.answered_at,
                      response.mode, response.submission_hash
               FROM contact
               JOIN invitation ON invitation.contact = contact.id
               JOIN wave ON wave.id = invitation.wave
               LEFT JOIN response ON response.invitation = invitation.id
               WHERE contact.reference = $2 AND wave.survey = $1
               ORDER BY invitation.state = 'sent' DESC, invitation.id DESC LIMIT 1""",
            survey,
            reference,
        )
    return None if row is None else EntryInvitation(**dict(row))
