"""What a personal link leads to."""

from datetime import datetime

import msgspec

from survey_service.db import engine
from survey_service.db.early_answer import RIDES
from survey_service.domain.anonymity import Layer
from survey_service.domain.known_facts import KnownFact


class InvitationLink(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whose form to show and whether it still takes answers.

    So many are kept that the search for garbage leaves them out: a link refers to nothing that refers to it.
    """

    survey: int
    questionnaire_version: int
    form: int
    language: str
    state: str
    """Of the invitation: sent, answered, …; riding: its link is in an issue that may be out by now;
    early: answered by such a link, and counted once we hear of the issue."""
    expires_at: datetime
    is_survey_open: bool
    known: tuple[KnownFact, ...] = ()
    """What the person let us remember before answering; in an anonymous survey nothing is made use of."""
    layer: Layer | None = None
    """Where the person was drawn, in an anonymous survey: with the weight all that an answer says of them."""
    weight: float = 1.0


async def find_invitation_links(token_hashes: list[bytes]) -> dict[bytes, InvitationLink]:
    """The links of these token hashes; a hash of no invitation is left out."""
    async with engine.connection() as connection:
        rows = await connection.fetch(
            f"""SELECT invitation.token_hash, wave.survey, form.questionnaire_version, form.id AS form,
                      invitation.language, invitation.expires_at,
                      CASE WHEN invitation.state <> 'reserved' THEN invitation.state
                          WHEN EXISTS (SELECT FROM early_answer e WHERE e.invitation = invitation.id)
                              THEN 'early'
                          WHEN {RIDES.format(invitation="invitation.id")} THEN 'riding'
                          ELSE invitation.state END AS state,
                      survey.state = 'open' AS is_survey_open,
                      (SELECT jsonb_agg(to_jsonb(k) - 'id' - 'contact' - 'survey') FROM known_fact k
                       WHERE k.contact = invitation.contact AND k.valid_until >= current_date
                           AND NOT survey.is_anonymous
                           AND (invitation.answered_at IS NULL OR k.given_at < invitation.answered_at)
                      ) AS known, member.draw, member.stratum, member.weight
               FROM invitation
               JOIN wave ON wave.id = invitation.wave
               JOIN form ON form.id = invitation.form
               JOIN survey ON survey.id = wave.survey
               LEFT JOIN draw_member member ON member.id = invitation.draw_member AND survey.is_anonymous
               WHERE invitation.token_hash = ANY($1)""",  # noqa: S608
            token_hashes,
        )
    return {
        row["token_hash"]: InvitationLink(
            survey=row["survey"],
            questionnaire_version=row["questionnaire_version"],
            form=row["form"],
            language=row["language"],
            state=row["state"],
            expires_at=row["expires_at"],
            is_survey_open=row["is_survey_open"],
            known=msgspec.json.decode(row["known"], type=tuple[KnownFact, ...]) if row["known"] else (),
            layer=Layer(row["draw"], row["stratum"]) if row["draw"] else None,
            weight=row["weight"] or 1.0,
        )
        for row in rows
    }
