"""Past waves whose truth is known: who likes to answer does so again, whatever stratum they are in."""

import uuid
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from survey_service.db import engine
from survey_service.db.sequence import take_ids
from tests.support.make import MadeSurvey, insert, make_cell, make_survey

AUDIENCES = {"resident": 0.6, "worker": -0.4, "visitor": -1.0}


class MadeWaves(msgspec.Struct, frozen=True, kw_only=True):
    """People with their past."""

    survey: MadeSurvey
    contacts: list[int]
    answered: int


async def make_waves(
    *, people: int = 900, waves: int = 5, asked: int = 450, ended: int | None = None, loud: float = 1.6,
    drift: float = 0.0, seed: int = 3, last_sent: int = 40,
) -> MadeWaves:  # fmt: skip
    """A survey of so many waves every 60 days, the last one sent `last_sent` days ago.

    `loud` is the spread of willingness in log-odds; `drift` what every wave loses. The links of the newest
    waves beyond `ended` are still open. Contacts are in the frame.
    """
    rng = np.random.default_rng(seed)
    survey = await make_survey()
    audience = rng.choice(list(AUDIENCES), size=people, p=[0.3, 0.5, 0.2])
    cells = {name: await make_cell(name) for name in AUDIENCES}
    contacts = await _make_people(audience, cells, rng)
    willing = np.array([AUDIENCES[one] for one in audience]) - 0.9 + loud * rng.standard_normal(people)
    form = next(iter(survey.forms.values()))
    strata = {name: await insert("stratum", {"survey": survey.id, "name": name}) for name in AUDIENCES}
    now, total = datetime.now(UTC), 0
    for wave in range(waves):
        sent = now - timedelta(days=last_sent + 60 * (waves - 1 - wave))
        chosen = rng.permutation(people)[:asked]
        answers = rng.random(asked) < 1 / (1 + np.exp(-(willing[chosen] - drift * wave)))
        is_open = ended is not None and wave >= ended
        expires = now + timedelta(days=5) if is_open else sent + timedelta(days=28)
        members = [
            (contacts[one], cells[audience[one]], strata[audience[one]], bool(answers[place]))
            for place, one in enumerate(chosen.tolist())
        ]
        await _send_wave(survey, wave + 1, sent, expires, members, form)
        total += int(answers.sum())
    return MadeWaves(survey=survey, contacts=contacts, answered=total)


async def _make_people(audience: np.ndarray, cells: dict[str, int], rng: np.random.Generator) -> list[int]:
    units, contacts = await take_ids("unit", audience.size), await take_ids("contact", audience.size)
    joined = [datetime.now(UTC) - timedelta(days=300 + 600 * part) for part in rng.random(audience.size)]
    u = rng.random(audience.size).tolist()
    inner = rng.random(audience.size).tolist()
    async with engine.connection() as lent:
        await lent.copy_records_to_table(
            "unit",
            records=[
                (unit, f"w-{unit}", cells[one], p, p) for unit, one, p in zip(units, audience, u, strict=True)
            ],
            columns=("id", "reference", "cell", "prn", "ticket"),
        )
        await lent.copy_records_to_table(
            "contact",
            records=[
                (one, unit, f"w-{one}", uuid.uuid4(), p, p, "en", ("email", "text")[one % 2], since)
                for one, unit, p, since in zip(contacts, units, inner, joined, strict=True)
            ],
            columns=(
                "id", "unit", "reference", "pseudonym", "prn", "inner_ticket", "language", "channel",
                "joined_at",
            ),
        )  # fmt: skip
        await lent.copy_records_to_table(
            "contact_detail",
            records=[
                (one, f"p{one}@example.org", f"p{one}@example.org", f"+4477{one:08}") for one in contacts
            ],
            columns=("contact", "email", "email_key", "mobile"),
        )
        await lent.copy_records_to_table(
            "consent",
            records=[
                (one, "survey", True, "sign-up", since) for one, since in zip(contacts, joined, strict=True)
            ],
            columns=("contact", "purpose", "is_granted", "source", "at"),
        )
    return contacts


async def _send_wave(
    survey: MadeSurvey,
    number: int,
    sent: datetime,
    expires: datetime,
    members: list[tuple[int, int, int, bool]],
    form: int,
) -> None:
    wave = await insert("wave", {"survey": survey.id, "number": number, "created_at": sent})
    values = {"wave": wave, "on_day": sent.date(), "seed": "made", "algorithm": "made", "frame_hash": b"",
              "frame": b"", "rules": "{}"}  # fmt: skip
    draw = await insert("draw", values)
    replicate = await insert("replicate", {"draw": draw, "number": 1, "released_at": sent})
    async with engine.connection() as lent:
        await lent.execute(
            _SEND, [one[0] for one in members], [one[1] for one in members], [one[2] for one in members],
            [one[3] for one in members], wave, draw, replicate, form, survey.id, sent, expires, survey.slug,
            survey.questionnaire_version,
        )  # fmt: skip


_SEND = """
WITH made AS (
    SELECT m.*, nextval('draw_member_id_seq') AS member, nextval('receipt_id_seq') AS receipt,
           nextval('invitation_id_seq') AS invitation, row_number() OVER () AS place
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bool[]) AS m(contact, cell, stratum, answers)
), members AS (
    INSERT INTO draw_member (id, draw, position, unit, contact, cell, stratum, replicate, form, ticket_before,
                             inclusion_probability, weight)
    SELECT member, $6, place, c.unit, made.contact, made.cell, stratum, $7, $8, 0.5, 0.5, 2
    FROM made JOIN contact c ON c.id = made.contact
), receipts AS (
    INSERT INTO receipt (id, contact, kind, survey, at)
    SELECT receipt, contact, 'invitation', $9, $10 FROM made
), invitations AS (
    INSERT INTO invitation (id, wave, contact, draw_member, form, receipt, token_hash, language, state,
                            sent_at, expires_at, answered_at)
    SELECT invitation, $5, contact, member, $8, receipt, decode(md5('w' || invitation), 'hex'), 'en',
           CASE WHEN answers THEN 'answered' ELSE 'sent' END, $10, $11,
           CASE WHEN answers THEN $10 + (1 + place % 9) * interval '1 day' END
    FROM made
), messages AS (
    INSERT INTO message (receipt, contact, invitation, kind, channel, state, queued_at, sent_at)
    SELECT receipt, made.contact, invitation, 'invitation', c.channel, 'sent', $10, $10
    FROM made JOIN contact c ON c.id = made.contact
), charged AS (
    INSERT INTO ledger_event (pseudonym, kind, seconds, planned_seconds, survey_slug, receipt, at)
    SELECT c.pseudonym, 'invitation', 15, 180, $12, receipt, $10
    FROM made JOIN contact c ON c.id = made.contact
)
INSERT INTO response (survey, questionnaire_version, form, origin, invitation, language, disposition,
                      privacy_notice_version, submission, submitted_at)
SELECT $9, $13, $8, 'sample', invitation, 'en', 'complete', '1', '{}', $10 + interval '1 day'
FROM made WHERE answers
"""
