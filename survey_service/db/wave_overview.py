"""A survey's draws at a glance: who holds a link, who answered by stratum, how much one person was asked."""

import msgspec

from survey_service.db.engine import connection


class LinkHolder(msgspec.Struct, frozen=True, kw_only=True):
    """One invited person: what their link is made from, and what the register knows of them."""

    invitation: int
    contact: int
    key_version: int
    language: str
    state: str
    reference: str
    audience: str
    attributes: dict[str, str]


class StratumAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """One stratum of a survey's draws. These are raw counts: small ones may not be published."""

    N: int
    drawn: int
    answered: int
    rate: float


class SurveyTotals(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over the whole register and the survey."""

    contacts: int
    invitations: int
    responses: int
    open_link_responses: int
    max_invitations_per_contact: int
    max_burden_seconds: int


async def list_link_holders(slug: str) -> list[LinkHolder]:
    """Everybody invited to the survey, in the order of their invitations."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT invitation.id AS invitation, invitation.contact, invitation.key_version,
                      invitation.language, invitation.state, contact.reference,
                      split_part(cell.key, '|', 1) AS audience,
                      contact.attributes::text AS attributes
               FROM invitation
               JOIN wave ON wave.id = invitation.wave
               JOIN survey ON survey.id = wave.survey
               JOIN contact ON contact.id = invitation.contact
               JOIN draw_member ON draw_member.id = invitation.draw_member
               JOIN cell ON cell.id = draw_member.cell
               WHERE survey.slug = $1
               ORDER BY invitation.id""",
            slug,
        )
    return [
        LinkHolder(**{**row, "attributes": msgspec.json.decode(row["attributes"], type=dict[str, str])})
        for row in rows
    ]


async def count_by_stratum(slug: str) -> dict[str, StratumAnswered]:
    """Members, drawn and answered per stratum, over all draws of the survey."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT stratum.name, max(draw_stratum.population) AS population,
                      sum(draw_stratum.drawn)::int AS drawn, coalesce(sum(answered.n), 0)::int AS answered
               FROM survey
               JOIN stratum ON stratum.survey = survey.id
               JOIN draw_stratum ON draw_stratum.stratum = stratum.id
               LEFT JOIN LATERAL (
                   SELECT count(*) AS n
                   FROM draw_member
                   JOIN invitation ON invitation.draw_member = draw_member.id
                   WHERE draw_member.draw = draw_stratum.draw AND draw_member.stratum = stratum.id
                     AND invitation.state = 'answered'
               ) AS answered ON true
               WHERE survey.slug = $1
               GROUP BY stratum.name
               ORDER BY drawn DESC, stratum.name""",
            slug,
        )
    return {
        row["name"]: StratumAnswered(
            N=row["population"],
            drawn=row["drawn"],
            answered=row["answered"],
            rate=round(row["answered"] / row["drawn"], 4) if row["drawn"] else 0.0,
        )
        for row in rows
    }


async def count_totals(slug: str) -> SurveyTotals:
    """Everything the demonstration's summary counts, in one round trip."""
    async with connection() as lent:
        row = await lent.fetchrow(
            """SELECT (SELECT count(*) FROM contact) AS contacts,
                      (SELECT count(*) FROM invitation JOIN wave ON wave.id = invitation.wave
                       WHERE wave.survey = survey.id) AS invitations,
                      (SELECT count(*) FROM response
                       WHERE response.survey = survey.id AND origin = 'sample') AS responses,
                      (SELECT count(*) FROM response
                       WHERE response.survey = survey.id AND origin = 'open') AS open_link_responses,
                      (SELECT coalesce(max(n), 0) FROM (
                           SELECT count(*) AS n FROM invitation GROUP BY contact) AS each)
                          AS max_invitations_per_contact,
                      (SELECT coalesce(max(seconds), 0)::int FROM (
                           SELECT sum(seconds) AS seconds FROM ledger_event GROUP BY pseudonym) AS each)
                          AS max_burden_seconds
               FROM survey WHERE slug = $1""",
            slug,
        )
    return SurveyTotals(**row)
