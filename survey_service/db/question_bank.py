"""The question bank, what surveys asked before, and what was decided about repeating it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from survey_service.db.engine import connection
from survey_service.domain.questionnaire import Question, Questionnaire

SMALLEST_TOLD = 10


class BankQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A concept in the words all departments use for it."""

    concept: str
    question: Question
    validity_days: int
    department: str


class AskedSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A survey that was opened, and which audiences it shares with the one in question."""

    id: int
    slug: str
    title: dict[str, str]
    department: str
    state: str
    opened_at: datetime
    questionnaire: Questionnaire
    shared: tuple[str, ...]
    answers: int
    """Responses of any disposition, of which a few more or less tell nothing."""

    @property
    def answers_about(self) -> int:
        """Rounded down to fives as in tables, and 0 where a table would hide the group."""
        return self.answers // 5 * 5 if self.answers >= SMALLEST_TOLD else 0


class RepeatDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about one question that repeats another."""

    question: str
    other_survey: int
    other_slug: str
    other_question: str
    decision: str
    """ask: it is asked again, for a reason; reuse: it was taken out, and the other result is used."""
    reason: str
    staff_name: str
    at: datetime


async def list_bank_questions() -> list[BankQuestion]:
    """Return the whole bank by concept."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT b.concept, b.question, b.validity_days, d.name AS department
               FROM bank_question b JOIN department d ON d.id = b.department
               ORDER BY b.concept COLLATE "C\""""
        )
    return [
        BankQuestion(
            concept=row["concept"],
            question=msgspec.json.decode(row["question"], type=Question),
            validity_days=row["validity_days"],
            department=row["department"],
        )
        for row in rows
    ]


async def add_bank_questions(questions: Sequence[Question], *, department: str) -> None:
    """Take questions with a concept into the bank; a concept that is in it stays as it is."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO bank_question (concept, question, department)
               SELECT concept, question::jsonb, d.id
               FROM unnest($1::text[], $2::text[]) AS n (concept, question)
               JOIN department d ON d.name = $3 ON CONFLICT (concept) DO NOTHING""",
            [question.concept for question in questions],
            [msgspec.json.encode(question).decode() for question in questions],
            department,
        )


async def set_validity(concept: str, days: int) -> bool:
    """Say how long an answer to a concept is as good as a new one; False when there is no such concept."""
    async with connection() as lent:
        done = await lent.fetchval(
            "UPDATE bank_question SET validity_days = $2 WHERE concept = $1 RETURNING true", concept, days
        )
    return bool(done)


async def list_asked_surveys(since: datetime, *, sharing_with: int | None) -> list[AskedSurvey]:
    """Return the surveys opened since a moment, the newest first, each as it is asked now.

    With a survey, only others that ask some of the same strata. Cells of different definitions of the
    register cannot be compared one by one; there the audience decides.
    """
    async with connection() as lent:
        rows = await lent.fetch(
            """WITH asked AS (
                   SELECT s.id, s.slug, s.title, s.state, s.opened_at, d.name AS department, v.definition,
                       (SELECT count(*) FROM response r WHERE r.survey = s.id) AS answers,
                       ARRAY(
                           SELECT DISTINCT split_part(c.key, '|', 1)
                           FROM stratum_cell sc JOIN cell c ON c.id = sc.cell
                           WHERE sc.survey = s.id AND ($2::bigint IS NULL OR EXISTS (
                               SELECT FROM stratum_cell own JOIN cell oc ON oc.id = own.cell
                               WHERE own.survey = $2 AND (oc.id = c.id OR (
                                   oc.cell_definition <> c.cell_definition
                                   AND split_part(oc.key, '|', 1) = split_part(c.key, '|', 1)))))
                           ORDER BY 1) AS shared
                   FROM survey s JOIN department d ON d.id = s.department
                   JOIN LATERAL (
                       SELECT definition FROM questionnaire_version v
                       WHERE v.survey = s.id ORDER BY number DESC LIMIT 1) v ON true
                   WHERE s.opened_at >= $1 AND s.id IS DISTINCT FROM $2
               )
               SELECT * FROM asked WHERE $2::bigint IS NULL OR cardinality(shared) > 0
               ORDER BY opened_at DESC, id DESC""",
            since,
            sharing_with,
        )
    return [
        AskedSurvey(
            id=row["id"],
            slug=row["slug"],
            title=msgspec.json.decode(row["title"]),
            department=row["department"],
            state=row["state"],
            opened_at=row["opened_at"],
            questionnaire=msgspec.json.decode(row["definition"], type=Questionnaire),
            shared=tuple(row["shared"]),
            answers=row["answers"],
        )
        for row in rows
    ]


async def list_decisions(survey: int) -> list[RepeatDecision]:
    """Return what was decided for a survey, the oldest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT r.question, r.other_survey, o.slug AS other_slug, r.other_question, r.decision,
                   r.reason, r.at, coalesce(s.name, '') AS staff_name
               FROM repeat_decision r JOIN survey o ON o.id = r.other_survey
               LEFT JOIN staff s ON s.id = r.staff
               WHERE r.survey = $1 ORDER BY r.id""",
            survey,
        )
    return [RepeatDecision(**dict(row)) for row in rows]


async def add_decisions(
    survey: int, pairs: Sequence[tuple[str, int, str]], *, decision: str, reason: str, staff: int | None
) -> None:
    """Note one decision for pairs of (question, other survey, other question); a later one replaces it."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO repeat_decision
                   (survey, question, other_survey, other_question, decision, reason, staff)
               SELECT $1, question, other, other_question, $5, $6, $7
               FROM unnest($2::text[], $3::bigint[], $4::text[]) AS n (question, other, other_question)
               ON CONFLICT ON CONSTRAINT repeat_decision_pair_unique
               DO UPDATE SET decision = EXCLUDED.decision, reason = EXCLUDED.reason, staff = EXCLUDED.staff,
                   at = now()""",
            survey,
            [question for question, _, _ in pairs],
            [other for _, other, _ in pairs],
            [other_question for _, _, other_question in pairs],
            decision,
            reason,
            staff,
        )


async def rename_decisions(survey: int, question: str, name: str) -> None:
    """Let decisions about a question of a survey go with its new name."""
    async with connection() as lent:
        await lent.execute("DELETE FROM repeat_decision WHERE survey = $1 AND question = $2", survey, name)
        await lent.execute(
            "UPDATE repeat_decision SET question = $3 WHERE survey = $1 AND question = $2",
            survey,
            question,
            name,
        )
