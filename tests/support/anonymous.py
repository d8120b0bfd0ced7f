"""Anonymous surveys with people who can answer them, and the walk through the form."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from survey_service.domain.questionnaire import Block, Choice
from survey_service.domain.tokens import hash_token, make_token
from survey_service.services.answers.mix_answers import Mix, mix_answers
from survey_service.settings import Settings
from tests.conftest import SECRET_KEY
from tests.support.client import CheckingClient
from tests.support.long_form import Walk
from tests.support.make import MadeSurvey, make_question, make_questionnaire, make_survey, texts
from tests.support.make_answers import make_sample
from tests.support.rows import fetch


async def make_anonymous_survey(**overrides: Any) -> MadeSurvey:
    """An open one with a yes-or-no question, a number and an open text on one page."""
    yes_no = make_question(
        "q1",
        is_required=True,
        choices=tuple(Choice(name=name, label=texts(name.title())) for name in ("yes", "no")),
    )
    questions = (yes_no, make_question("q3", type="integer"), make_question("q4", type="text"))
    questionnaire = make_questionnaire(
        core=Block(name="core", label=texts("Core"), questions=questions), blocks=(), is_anonymous=True
    )
    values: dict[str, Any] = {"questionnaire": questionnaire, "is_anonymous": True} | overrides
    return await make_survey(**values)


async def make_links(
    survey: MadeSurvey,
    strata: Mapping[str, tuple[int, int]],
    weights: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, list[str]]:
    """Tokens of the invited by stratum, given as (population, invited); some have weights of their own."""
    links = {}
    for name, invitations in (await make_sample(survey, strata)).items():
        links[name] = [make_token(SECRET_KEY.encode(), one) for one in invitations]
        await fetch(
            """UPDATE invitation i SET token_hash = n.hash FROM unnest($1::bigint[], $2::bytea[]) n (id, hash)
               WHERE i.id = n.id""",
            invitations,
            [hash_token(token) for token in links[name]],
        )
        for invitation, weight in zip(invitations, (weights or {}).get(name, ()), strict=False):
            await fetch(
                """UPDATE draw_member m SET weight = $2 FROM invitation i
                   WHERE m.id = i.draw_member AND i.id = $1""",
                invitation,
                weight,
            )
    return links


async def answer(client: CheckingClient, token: str, **typed: str) -> Walk:
    """Open the form and send it."""
    walk = await Walk(client, f"/s/{token}/en").open()
    return await walk.send(**typed)


async def close_and_mix(survey: MadeSurvey, settings: Settings) -> list[Mix]:
    """End the survey and open what may be opened."""
    await fetch("UPDATE survey SET state = 'closed', closed_at = now() WHERE id = $1", survey.id)
    return await mix_answers(settings, at=datetime.now(UTC))
