"""The whole database in hand, nobody can tell better than by chance who answered an anonymous survey how."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from survey_service.domain.tokens import hash_token
from survey_service.services.answers.mix_answers import mix_answers
from survey_service.services.answers.serve_form import FormDesk
from survey_service.services.answers.submit_answers import submit_answers
from survey_service.settings import Settings
from survey_service.web.respondent.form_steps import make_copy
from tests.support.anonymous import close_and_mix, make_anonymous_survey, make_links
from tests.support.linking import best_equality, best_order, read_answers, read_people
from tests.support.make import MadeSurvey, make_survey
from tests.support.rows import fetch

STRATA = {"business": (900, 40), "resident": (4000, 60)}
chance = random.Random(26)
DAYS = (14, 15, 1, 12, 2, 16)
"""Answers of each day. On the third nobody but one person answers."""


async def answer_on(desk: FormDesk, token: str, at: datetime, secret: int) -> None:
    """One person answers; `secret` is what only that person would say."""
    visit = await desk.visit(token, at)
    visit = visit.with_copy(make_copy()) if visit.is_anonymous else visit
    posted = {"q1": [chance.choice(["yes", "no"])], "q3": [str(secret)], "q4": [f"words of {secret}"]}
    submitted = await submit_answers(
        desk, visit, posted, language="en", privacy_notice_version="2026-11", at=at
    )
    assert submitted.standing == "open"


async def run_fieldwork(desk: FormDesk, survey: MadeSurvey, settings: Settings) -> list[Counter[str]]:
    """Sixty people answer over six days in any order; after each the night's work. What each night opened."""
    links = [token for tokens in (await make_links(survey, STRATA)).values() for token in tokens]
    answering = chance.sample(links, sum(DAYS))
    at = datetime.now(UTC).replace(hour=9) - timedelta(days=len(DAYS))
    nights: list[Counter[str]] = []
    secrets = iter(range(1, 1_000))
    for count in DAYS:
        for _ in range(count):
            await answer_on(desk, answering.pop(), at, next(secrets))
            at += timedelta(minutes=1)
        await mix_answers(settings, at=at)
        nights.append(await opened_by_stratum(survey))
        at = at.replace(hour=9, minute=0) + timedelta(days=1)
    await close_and_mix(survey, settings)
    nights.append(await opened_by_stratum(survey))
    return nights


async def opened_by_stratum(survey: MadeSurvey) -> Counter[str]:
    rows = await fetch(
        """SELECT s.name, count(*)::int AS n FROM response r JOIN stratum s ON s.id = r.stratum
           WHERE r.survey = $1 GROUP BY 1""",
        survey.id,
    )
    return Counter({str(row["name"]): int(str(row["n"])) for row in rows})


async def find_truth(secret_of_person: Mapping[int, int], secrets: Mapping[int, int]) -> dict[int, int]:
    """Which answer is whose: known to the test alone."""
    answer_of = {secret: answer for answer, secret in secrets.items()}
    return {person: answer_of[secret] for person, secret in secret_of_person.items()}


async def remember_who(desk: FormDesk, survey: MadeSurvey) -> dict[int, int]:
    """Contact to secret, noted while answering by watching the order in which links are used."""
    rows = await fetch(
        """SELECT i.contact FROM invitation i JOIN wave w ON w.id = i.wave
           WHERE w.survey = $1 AND i.state = 'answered' ORDER BY i.xmin::text::bigint, i.ctid""",
        survey.id,
    )
    return {int(str(row["contact"])): place for place, row in enumerate(rows, 1)}


async def test_no_order_time_or_number_leads_from_a_person_to_an_answer(
    desk: FormDesk, settings: Settings
) -> None:
    survey = await make_anonymous_survey()
    nights = await run_fieldwork(desk, survey, settings)
    people = await read_people(survey.id)
    answers, secrets = await read_answers(survey.id)
    assert len(people.cell) == len(answers.cell) == sum(DAYS)
    truth = await find_truth(await remember_who(desk, survey), secrets)
    # Knowing strata, guessing finds one answer of each; what columns agree by accident a few more.
    cells = len(STRATA)
    score, pair = best_equality(people, answers, truth)
    assert score <= cells + 4, pair
    hits, errors, pair = best_order(people, answers, truth)
    assert hits <= cells + 12, "laid side by side"
    assert errors < 5, pair
    # Nothing besides leads to an answer, and what was typed stands in no other table.
    assert {name.split(".")[0] for name in answers.columns} == {"response", "answer"}
    assert await fetch("SELECT 1 FROM sealed_answer") == []
    # Two looks at the database never differ by fewer than ten answers of a stratum.
    for before, after in zip([Counter[str](), *nights], nights, strict=False):
        assert all(after[name] - before[name] == 0 or after[name] - before[name] >= 10 for name in STRATA)
    assert sum(nights[-2].values()) >= 20, "opened along the way, not only in the end"


async def test_the_box_never_holds_words_an_order_or_a_time(desk: FormDesk, settings: Settings) -> None:
    survey = await make_anonymous_survey()
    links = await make_links(survey, {"resident": (4000, 12)})
    for secret, token in enumerate(links["resident"], 1):
        await answer_on(desk, token, datetime.now(UTC), secret)
    names = await fetch(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'sealed_answer'"
    )
    assert {row["name"] for row in names} == {"id", "survey", "sealed", "is_scanned"}
    rows = await fetch("SELECT id, sealed FROM sealed_answer")
    assert len({len(bytes(row["sealed"])) for row in rows}) == 1, "one length tells nothing"  # type: ignore[arg-type]
    assert not any(b"words" in bytes(row["sealed"]) for row in rows)  # type: ignore[arg-type]
    hashes = {hash_token(token) for token in links["resident"]}
    assert not any(bytes(row["id"].bytes) in one for row in rows for one in hashes if one)  # type: ignore[attr-defined]


async def test_the_same_search_finds_everybody_in_a_named_survey(desk: FormDesk) -> None:
    """Were the search blind, it would find nothing here either."""
    questionnaire = (await make_anonymous_survey()).questionnaire
    survey = await make_survey(questionnaire=type(questionnaire)(**{
        name: getattr(questionnaire, name) for name in questionnaire.__struct_fields__
    } | {"is_anonymous": False}))  # fmt: skip
    links = await make_links(survey, STRATA)
    answering = chance.sample([token for tokens in links.values() for token in tokens], 40)
    for secret, token in enumerate(answering, 1):
        await answer_on(desk, token, datetime.now(UTC), secret)
    people, (answers, secrets) = await read_people(survey.id), await read_answers(survey.id)
    truth = await find_truth(await remember_who(desk, survey), secrets)
    assert best_equality(people, answers, truth)[0] == 40
    del answers.columns["response.invitation"]
    hits, errors, _ = best_order(people, answers, truth)
    assert hits > 30
    assert errors > 5
