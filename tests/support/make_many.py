"""Invitations by the thousand, for tests under load and for the benchmarks."""

import asyncpg

from survey_service.db import engine
from survey_service.domain.tokens import hash_token, make_token
from tests.conftest import SECRET_KEY
from tests.support.make import MadeSurvey, make_contact, make_invitation

_COPY = """
WITH made AS (
    SELECT nextval('unit_id_seq') AS unit, nextval('contact_id_seq') AS contact,
           nextval('draw_member_id_seq') AS member, nextval('receipt_id_seq') AS receipt, token.*
    FROM unnest($2::bigint[], $3::bytea[]) AS token(invitation, token_hash)
), model AS (
    SELECT invitation.*, draw_member.draw, draw_member.cell, draw_member.stratum, draw_member.replicate
    FROM invitation JOIN draw_member ON draw_member.id = invitation.draw_member WHERE invitation.id = $1
), units AS (
    INSERT INTO unit (id, reference, cell, prn, ticket)
    SELECT unit, 'many-' || unit, model.cell, random(), random() FROM made, model
), contacts AS (
    INSERT INTO contact (id, unit, reference, pseudonym, prn, inner_ticket, language, channel)
    SELECT made.contact, unit, 'many-' || unit, gen_random_uuid(), random(), random(), model.language, 'email'
    FROM made, model
), members AS (
    INSERT INTO draw_member (id, draw, position, unit, contact, cell, stratum, replicate, form,
                             ticket_before, inclusion_probability, weight)
    SELECT member, draw, 1, unit, made.contact, cell, stratum, replicate, form, 0.5, 0.5, 2 FROM made, model
), receipts AS (
    INSERT INTO receipt (id, contact, kind) SELECT receipt, contact, 'invitation' FROM made
)
INSERT INTO invitation (id, wave, contact, draw_member, form, receipt, token_hash, language, state, sent_at,
                        expires_at)
SELECT made.invitation, wave, made.contact, member, form, made.receipt, made.token_hash, language, 'sent',
       sent_at, expires_at
FROM made, model
"""


async def make_invitations(
    survey: MadeSurvey, count: int, *, secret_key: bytes = SECRET_KEY.encode()
) -> list[str]:
    """Tokens of so many sent invitations, each of a contact of its own, all with the survey's first form."""
    model = await make_invitation(survey=survey, contact=await make_contact(), secret_key=secret_key)
    tokens: list[str] = []
    async with engine.transaction() as connection:
        numbers = await connection.fetch(
            "SELECT nextval('invitation_id_seq') AS id FROM generate_series(1, $1)", count
        )
        ids = [row["id"] for row in numbers]
        tokens = [make_token(secret_key, number) for number in ids]
        await connection.execute(_COPY, model.id, ids, [hash_token(token) for token in tokens])
    return tokens


async def count_rows(url: str, table: str) -> int:
    """Rows of a table, asked over a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))
    finally:
        await connection.close()
