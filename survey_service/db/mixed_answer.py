"""Answers of anonymous surveys that left the box: put among the others, then all of them dealt anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.anonymity import Layer
from survey_service.domain.answers import Answer
from survey_service.domain.dispositions import Completeness


class MixedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One form without anybody."""

    questionnaire_version: int
    form: int
    disposition: Completeness
    privacy_notice_version: str
    layer: Layer | None
    weight: float
    posted: str
    answers: tuple[Answer, ...]


LANGUAGE = "und"
"""The language of an answer is not kept: the only Tamil speaker of a sample would be known by it."""

_ADD = """
WITH incoming AS MATERIALIZED (
    SELECT given.*, nextval('response_id_seq') AS response
    FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::float8[],
                $9::jsonb[]) WITH ORDINALITY
         AS given(version, form, disposition, notice, draw, stratum, weight, submission, place)
), taken AS (
    INSERT INTO response (id, survey, questionnaire_version, form, origin, language, disposition,
        privacy_notice_version, submission, submitted_at, draw, stratum, weight)
    SELECT response, $1, version, form, 'sample', $10, disposition, notice, submission, $11, draw, stratum,
        weight FROM incoming
)
INSERT INTO answer (response, question, option, text_value, number_value)
SELECT incoming.response, given.question, given.option, given.text_value, given.number_value
FROM unnest($12::int[], $13::text[], $14::text[], $15::text[], $16::float8[])
     AS given(place, question, option, text_value, number_value)
JOIN incoming ON incoming.place = given.place
"""

# Every answer of the survey gets another number, another place in the table and the same day as all others.
_DEAL = """
WITH dealt AS MATERIALIZED (
    SELECT one.id AS old, nextval('response_id_seq') AS new
    FROM (SELECT id FROM response WHERE survey = $1 AND weight IS NOT NULL ORDER BY gen_random_uuid()) one
), copied AS (
    INSERT INTO response (id, survey, questionnaire_version, form, origin, language, disposition,
        privacy_notice_version, submission, submitted_at, draw, stratum, weight)
    SELECT dealt.new, r.survey, r.questionnaire_version, r.form, r.origin, r.language, r.disposition,
        r.privacy_notice_version, r.submission, $2, r.draw, r.stratum, r.weight
    FROM dealt JOIN response r ON r.id = dealt.old ORDER BY dealt.new
), moved AS (
    INSERT INTO answer (response, question, option, text_value, number_value)
    SELECT dealt.new, a.question, a.option, a.text_value, a.number_value
    FROM dealt JOIN answer a ON a.response = dealt.old ORDER BY dealt.new, a.id
)
SELECT old, new FROM dealt
"""


async def add_mixed(survey: int, rows: Sequence[MixedAnswer], *, on_day: datetime) -> None:
    """Put answers among those of the survey, then deal all of them anew. In one transaction with the box."""
    answers = [(place, answer) for place, one in enumerate(rows, 1) for answer in one.answers]
    async with connection() as lent:
        await lent.execute(
            _ADD,
            survey,
            [one.questionnaire_version for one in rows],
            [one.form for one in rows],
            [one.disposition for one in rows],
            [one.privacy_notice_version for one in rows],
            [one.layer and one.layer.draw for one in rows],
            [one.layer and one.layer.stratum for one in rows],
            [one.weight for one in rows],
            [one.posted for one in rows],
            LANGUAGE,
            on_day,
            [place for place, _ in answers],
            [answer.question for _, answer in answers],
            [answer.option for _, answer in answers],
            [answer.text for _, answer in answers],
            [answer.number for _, answer in answers],
        )
        dealt = await lent.fetch(_DEAL, survey, on_day)
        old, new = [row["old"] for row in dealt], [row["new"] for row in dealt]
        # A notice that a later version of the rule made of an answer that was out already goes with it.
        await lent.execute(
            """UPDATE danger_notice SET response = moved.new
               FROM unnest($1::bigint[], $2::bigint[]) AS moved (old, new)
               WHERE danger_notice.response = moved.old""",
            old,
            new,
        )
        # Texts were looked through in the box.
        await lent.execute("DELETE FROM text_to_scan WHERE response = ANY ($1::bigint[])", old + new)
        await lent.execute("DELETE FROM answer WHERE response = ANY ($1::bigint[])", old)
        await lent.execute("DELETE FROM response WHERE id = ANY ($1::bigint[])", old)


async def find_releases(survey: int) -> Mapping[Layer, float]:
    """Return for each layer how many were drawn for one who was sent an invitation."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT m.draw, m.stratum, count(*)::float8
                   / nullif(count(*) FILTER (WHERE i.sent_at IS NOT NULL), 0) AS share
               FROM draw_member m JOIN draw d ON d.id = m.draw JOIN wave w ON w.id = d.wave
               LEFT JOIN invitation i ON i.draw_member = m.id
               WHERE w.survey = $1 GROUP BY m.draw, m.stratum""",
            survey,
        )
    return {Layer(row["draw"], row["stratum"]): row["share"] or 1.0 for row in rows}
