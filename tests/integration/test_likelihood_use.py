"""What response likelihood is used for: how many to invite, how sure that is, and never whom."""

import pytest

from survey_service.db import engine, register
from survey_service.db.engine import transaction
from survey_service.services.likelihood.judge_likelihood import switch_likelihood
from survey_service.services.likelihood.train_likelihood import train_likelihood
from survey_service.services.planning.approve_survey import approve_survey, withdraw_approval
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.plan_strata import plan_survey
from survey_service.services.rotation.draw_wave import draw_wave, select_wave
from survey_service.services.rotation.replay_draw import replay_draw
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.make import MadeSurvey, make_survey
from tests.support.make_waves import make_waves
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")

FEW = PlanRequest(margin=0.12)


class RolledBack(Exception):
    """Ends a transaction that was only looked at."""


async def ready(settings: Settings) -> MadeSurvey:
    """People whose past is known and who are rested, a model in use, and a new survey to plan."""
    await make_waves(people=1200, waves=4, asked=600, last_sent=70)
    await train_likelihood()
    await switch_likelihood(is_on=True, reason="for this test")
    return await make_survey()


async def draw_order(slug: str, settings: Settings) -> dict[str, list[int]]:
    """Who would be asked, by cell, in the order in which the queue gives them."""
    found: dict[str, list[int]] = {}
    try:
        async with transaction():
            await register.lock_register()
            drawing = await select_wave(slug, settings, today(settings), "the same seed", None)
            units = drawing.selection.units
            for place, cell in enumerate(units.cell.tolist()):
                name = drawing.look.frame.cells[cell]
                found.setdefault(name, []).append(int(drawing.look.frame.ids[units.selected[place]]))
            raise RolledBack
    except RolledBack:
        return found


async def test_the_model_decides_how_many_and_never_who(settings: Settings) -> None:
    survey = await ready(settings)
    orders = []
    for is_on in (True, False):
        await switch_likelihood(is_on=is_on, reason="for this test")
        await approve_survey(survey.slug, settings, FEW, by="Ann Example")
        orders.append(await draw_order(survey.slug, settings))
        await withdraw_approval(survey.slug)
    modelled, plain = orders
    assert modelled.keys() == plain.keys() == {"resident", "worker", "visitor"}
    assert [len(one) for one in modelled.values()] != [len(one) for one in plain.values()]
    for name, members in modelled.items():
        shorter = min(len(members), len(plain[name]))
        assert members[:shorter] == plain[name][:shorter], name
    # Which is the order of the tickets among those who may be asked, and nothing else.
    rows = await fetch(
        """SELECT u.ticket FROM unnest($1::bigint[]) WITH ORDINALITY AS m (id, place)
           JOIN unit u ON u.id = m.id ORDER BY m.place""",
        modelled["worker"],
    )
    tickets = [row["ticket"] for row in rows]
    assert tickets == sorted(tickets)


async def test_the_plan_says_where_its_response_comes_from_and_how_sure_the_yield_is(
    settings: Settings,
) -> None:
    survey = await ready(settings)
    plan = await plan_survey(survey.slug, settings, FEW)
    assert plan.model is not None
    rates = await fetch(
        """SELECT k.key, avg((i.answered_at IS NOT NULL)::int)::float8 AS rate
           FROM invitation i JOIN draw_member m ON m.id = i.draw_member JOIN cell k ON k.id = m.cell
           GROUP BY k.key"""
    )
    for row in rates:
        one = plan.by_stratum[str(row["key"])]
        assert one.response_from == "likelihood"
        assert one.response == pytest.approx(row["rate"], abs=0.08)
        assert 0 <= one.expected_low < one.expected_answers < one.expected_high <= one.invitations
    assert plan.expected_low < plan.expected_answers < plan.expected_high
    assert plan.expected_low >= sum(one.expected_low for one in plan.by_stratum.values())

    await switch_likelihood(is_on=False, reason="for this test")
    past = await plan_survey(survey.slug, settings, FEW)
    assert past.model is None
    assert {one.response_from for one in past.by_stratum.values()} == {"past"}


async def test_a_longer_form_is_expected_to_bring_no_more_answers(settings: Settings) -> None:
    survey = await ready(settings)
    short = await plan_survey(survey.slug, settings, FEW)
    async with engine.connection() as lent:
        await lent.execute("UPDATE form SET planned_seconds = 300")
    longer = await plan_survey(survey.slug, settings, FEW)
    # Forms of one length only were ever used: what a longer one does is not known, and not made up.
    assert longer.expected_answers == pytest.approx(short.expected_answers, rel=0.05)
    assert longer.seconds > short.seconds


async def test_a_draw_is_released_in_the_parts_of_its_plan_and_replays(settings: Settings) -> None:
    survey = await ready(settings)
    plan = await plan_survey(survey.slug, settings, FEW)
    assert len(plan.replicates) == 3
    assert plan.replicates[0] * plan.expected_high <= plan.answers
    await approve_survey(survey.slug, settings, FEW, by="Ann Example")
    drawn = await draw_wave(survey.slug, settings, reserve_only=True)
    sizes = [sum(one.replicate == part for one in drawn.members) for part in (1, 2, 3)]
    assert sum(sizes) == len(drawn.members)
    assert sizes[0] == pytest.approx(plan.replicates[0] * len(drawn.members), abs=3)
    assert (await replay_draw(drawn.draw)).identical

    # Without a model the parts are the usual quarters.
    await switch_likelihood(is_on=False, reason="for this test")
    assert (await plan_survey(survey.slug, settings, FEW)).replicates == (0.25, 0.25, 0.25, 0.25)
