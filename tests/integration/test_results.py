"""Results from real rows: what is counted, weighted, hidden and written."""

import json
from math import sqrt

import pytest

from survey_service.db import engine
from survey_service.db import result as result_table
from survey_service.domain.errors import NotAllowed, NotFound
from survey_service.domain.questionnaire import Block, Choice
from survey_service.domain.results import QuestionResult, Results
from survey_service.services.results.review_survey import export_results
from survey_service.services.results.write_results import results_as_csv, results_as_json
from tests.support.make import MadeSurvey, make_question, make_questionnaire, make_survey, texts
from tests.support.make_answers import make_answers, make_sample, repeat

STRATA = {"business": (4000, 400), "resident": (300, 100)}


async def yes_no_survey() -> MadeSurvey:
    """Two options: an option that nobody chose would take another one with it into hiding."""
    question = make_question(
        "q1",
        is_required=True,
        choices=tuple(Choice(name=name, label=texts(name.title())) for name in ("yes", "no")),
    )
    core = Block(name="core", label=texts("Core"), questions=(question,))
    return await make_survey(questionnaire=make_questionnaire(core=core))


async def results_of(survey: MadeSurvey, by: str | None = None) -> Results:
    return await export_results(survey.slug, small_cell=10, by=by)


def named(questions: tuple[QuestionResult, ...], name: str) -> QuestionResult:
    return next(question for question in questions if question.name == name)


def shares(question: QuestionResult) -> dict[str, float | None]:
    return {estimate.option: estimate.share for estimate in question.estimates}


def counts(question: QuestionResult) -> dict[str, int | None]:
    return {estimate.option: estimate.n for estimate in question.estimates}


async def test_shares_are_weighted_to_the_register(database: str) -> None:
    survey = await yes_no_survey()
    sample = await make_sample(survey, STRATA)
    await make_answers(survey, repeat(q1={"yes": 40, "no": 40}), invitations=sample["business"])
    await make_answers(survey, repeat(q1={"yes": 60, "no": 20}), invitations=sample["resident"])
    question = named((await results_of(survey)).questions, "q1")
    # Weights 10 and 3: (400 + 180) / (800 + 240).
    yes = next(estimate for estimate in question.estimates if estimate.option == "yes")
    assert yes.share == round(580 / 1040, 3)
    assert (yes.n, question.n) == (100, 160)


async def test_the_interval_is_that_of_the_stratified_ratio(database: str) -> None:
    survey = await yes_no_survey()
    sample = await make_sample(survey, STRATA)
    await make_answers(survey, repeat(q1={"yes": 40, "no": 40}), invitations=sample["business"])
    await make_answers(survey, repeat(q1={"yes": 60, "no": 20}), invitations=sample["resident"])
    estimate = named((await results_of(survey)).questions, "q1").estimates[0]
    # Written out by hand: V = sum over strata of (W_h)^2 p_h (1 - p_h) / (n_h - 1) around the ratio.
    business, resident = 800 / 1040, 240 / 1040
    variance = business**2 * 0.25 / 79 + resident**2 * 0.75 * 0.25 / 79
    p, t = 580 / 1040, 1.9751
    size = p * (1 - p) / variance
    half = t * sqrt(p * (1 - p) / size + t * t / (4 * size * size)) / (1 + t * t / size)
    centre = (p + t * t / (2 * size)) / (1 + t * t / size)
    assert estimate.low == pytest.approx(centre - half, abs=0.001)
    assert estimate.high == pytest.approx(centre + half, abs=0.001)


async def test_what_was_not_released_counts_for_nobody(database: str) -> None:
    survey = await yes_no_survey()
    sample = await make_sample(survey, STRATA)
    async with engine.connection() as connection:
        await connection.execute(
            """UPDATE invitation SET state = 'cancelled', cancelled_at = now(), sent_at = NULL, receipt = NULL
               WHERE id = ANY($1)""",
            sample["business"][200:],
        )
    await make_answers(survey, repeat(q1={"yes": 40, "no": 40}), invitations=sample["business"])
    await make_answers(survey, repeat(q1={"yes": 60, "no": 20}), invitations=sample["resident"])
    results = await results_of(survey)
    # Half of the businesses were asked: each of them stands for 20, not for 10.
    assert shares(named(results.questions, "q1"))["yes"] == round((800 + 180) / (1600 + 240), 3)
    assert results.sample.invited == 300


async def test_only_full_tens_are_counted_each_origin_for_itself(database: str) -> None:
    survey = await yes_no_survey()
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    await make_answers(survey, repeat(q1={"yes": 30, "no": 29}), invitations=sample["everybody"])
    await make_answers(survey, repeat(q1={"no": 19}))
    before = await results_of(survey)
    assert before.sample.counted == 50
    assert counts(named(before.questions, "q1")) == {"yes": 30, "no": 20}
    assert before.open.answered == 10
    await make_answers(survey, repeat(q1={"no": 1}), invitations=sample["everybody"][59:])
    after = await results_of(survey)
    assert after.sample.counted == 60
    assert after.open.answered == 10


async def test_break_offs_are_no_answers(database: str) -> None:
    survey = await yes_no_survey()
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    await make_answers(survey, repeat(q1={"yes": 20, "no": 20}), invitations=sample["everybody"])
    await make_answers(
        survey, repeat(q1={"no": 20}), invitations=sample["everybody"][40:], disposition="break_off"
    )
    await make_answers(
        survey, repeat(q1={"no": 20}), invitations=sample["everybody"][60:], disposition="partial"
    )
    results = await results_of(survey)
    assert counts(named(results.questions, "q1")) == {"yes": 20, "no": 40}
    assert results.sample.answered == 40
    assert results.sample.rr1 == 0.08


async def test_response_by_stratum_hides_the_visitors_and_who_would_give_them_away(database: str) -> None:
    survey = await make_survey()
    sample = await make_sample(
        survey, {"business": (3000, 300), "resident": (300, 60), "visitor": (96, 14), "worker": (2000, 200)}
    )
    for stratum, answered in {"business": 90, "resident": 17, "visitor": 3, "worker": 50}.items():
        await make_answers(survey, repeat(q1={"yes": answered}), invitations=sample[stratum])
    response = (await results_of(survey)).sample
    assert response.answered == 160
    assert response.rr1 == round(160 / 574, 3)
    by_name = {row.name: row for row in response.by_stratum}
    assert {name for name, row in by_name.items() if row.suppressed} == {"visitor", "resident"}
    assert by_name["visitor"].answered is None
    assert by_name["visitor"].rate is None
    assert (by_name["business"].answered, by_name["business"].rate) == (90, 0.3)
    assert by_name["business"].population == 3000


async def test_a_small_group_is_told_as_little_as_nobody(database: str) -> None:
    survey = await make_survey()
    results = await results_of(survey)
    assert (results.sample.invited, results.sample.rr1) == (0, None)
    assert all(question.suppressed and question.n is None for question in results.questions)
    sample = await make_sample(survey, {"everybody": (40, 40)})
    await make_answers(survey, repeat(q1={"yes": 35, "no": 5}), invitations=sample["everybody"])
    results = await results_of(survey)
    assert counts(named(results.questions, "q1")) == {"yes": None, "no": None, "other": None}
    assert results.sample.suppressed
    assert not named(results.questions, "q1").suppressed


async def test_a_base_under_thirty_is_marked(database: str) -> None:
    survey = await yes_no_survey()
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    await make_answers(survey, repeat(q1={"yes": 10, "no": 10}), invitations=sample["everybody"])
    question = named((await results_of(survey)).questions, "q1")
    assert question.unreliable
    assert shares(question) == {"yes": 0.5, "no": 0.5}


async def test_every_option_of_a_multiple_choice_stands_alone(database: str) -> None:
    survey = await make_survey()
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    answers = [{"q2": ["yes", "no"]}] * 30 + [{"q2": ["yes"]}] * 20 + [{"q2": ["no", "other"]}] * 10
    await make_answers(survey, answers, invitations=sample["everybody"])
    question = named((await results_of(survey)).questions, "q2")
    assert question.n == 60
    assert counts(question) == {"yes": 50, "no": 40, "other": 10}
    assert shares(question) == {"yes": 0.83, "no": 0.67, "other": 0.17}


async def test_a_number_has_a_mean_and_a_text_only_a_base(database: str) -> None:
    survey = await make_survey()
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    answers = [{"q3": 10 + place % 3, "q4": "words"} for place in range(30)]
    await make_answers(survey, answers, invitations=sample["everybody"])
    results = await results_of(survey)
    mean = named(results.questions, "q3").mean
    assert mean is not None
    assert (mean.value, mean.low, mean.high) == (11.0, 10.7, 11.3)
    text = named(results.questions, "q4")
    assert (text.n, text.estimates, text.mean) == (30, (), None)
    assert "words" not in json.dumps(results_as_json(results))


async def test_the_open_link_stands_apart_and_has_no_margin(database: str) -> None:
    survey = await yes_no_survey()
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    await make_answers(survey, repeat(q1={"yes": 100, "no": 20}), invitations=sample["everybody"])
    await make_answers(survey, repeat(q1={"no": 30}), channel="website")
    await make_answers(survey, repeat(q1={"yes": 16, "no": 4}), channel="magazine")
    await make_answers(survey, repeat(q1={"no": 10}))
    results = await results_of(survey)
    assert counts(named(results.questions, "q1"))["yes"] == 100
    open_question = named(results.open_questions, "q1")
    assert counts(open_question) == {"yes": 15, "no": 45}
    assert all(estimate.low is None for estimate in open_question.estimates)
    assert results.open.answered == 60
    assert {row.channel: row.answered for row in results.open.by_channel} == {
        "": 10,
        "magazine": 20,
        "website": 30,
    }


async def test_an_option_nobody_chose_takes_another_with_it(database: str) -> None:
    survey = await make_survey()
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    await make_answers(survey, repeat(q1={"yes": 80, "no": 20}), invitations=sample["everybody"])
    question = named((await results_of(survey)).questions, "q1")
    assert counts(question) == {"yes": 80, "no": None, "other": None}


async def crossed_survey(*names: str) -> MadeSurvey:
    audience = make_question(
        "q1",
        is_required=True,
        choices=tuple(Choice(name=name, label=texts(name)) for name in names),
    )
    core = Block(name="core", label=texts("Core"), questions=(audience,))
    return await make_survey(questionnaire=make_questionnaire(core=core))


async def test_a_breakdown_shows_groups_and_hides_what_their_margins_would_give_away(database: str) -> None:
    survey = await crossed_survey("resident", "worker", "visitor")
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    cells = {
        "resident": {"yes": 40, "no": 30, "other": 20},
        "worker": {"yes": 50, "no": 25, "other": 25},
        "visitor": {"yes": 12, "no": 4, "other": 24},
    }
    answers = [
        {"q1": audience, "q5": option}
        for audience, options in cells.items()
        for option, count in options.items()
        for _ in range(count)
    ]
    await make_answers(survey, answers, invitations=sample["everybody"])
    question = named((await results_of(survey, by="q1")).questions, "q5")
    groups = {group.option: group for group in question.groups}
    assert {name: group.n for name, group in groups.items()} == {"resident": 90, "worker": 100, "visitor": 40}
    hidden = {
        (name, estimate.option)
        for name, group in groups.items()
        for estimate in group.estimates
        if estimate.suppressed
    }
    # The cheapest cycle through the small cell: another option of the visitors, another group, both lines.
    assert hidden == {("visitor", "no"), ("visitor", "other"), ("resident", "no"), ("resident", "other")}
    assert named((await results_of(survey, by="q1")).questions, "q1").groups == ()


async def test_a_breakdown_of_a_multiple_choice_and_of_a_number(database: str) -> None:
    survey = await crossed_survey("resident", "worker")
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    answers = [
        {"q1": audience, "q2": ["yes", "no"] if place % 2 else ["yes"], "q3": value + 2 * (place % 2)}
        for audience, value in (("resident", 20), ("worker", 40))
        for place in range(60)
    ]
    await make_answers(survey, answers, invitations=sample["everybody"])
    results = await results_of(survey, by="q1")
    groups = {group.option: group for group in named(results.questions, "q2").groups}
    assert {estimate.option: estimate.n for estimate in groups["resident"].estimates} == {
        "yes": None,
        "no": 30,
        "other": None,
    }
    means = {group.option: group.mean and group.mean.value for group in named(results.questions, "q3").groups}
    assert means == {"resident": 21.0, "worker": 41.0}


async def test_a_breakdown_needs_a_question_with_one_answer(database: str) -> None:
    survey = await make_survey()
    with pytest.raises(NotAllowed, match="select_multiple"):
        await results_of(survey, by="q2")
    with pytest.raises(NotFound, match="one of q1, q5"):
        await results_of(survey, by="nonsense")
    with pytest.raises(NotFound):
        await export_results("nothing", small_cell=10, by=None)


async def test_json_and_csv_say_the_same(database: str) -> None:
    survey = await yes_no_survey()
    sample = await make_sample(survey, STRATA)
    await make_answers(survey, repeat(q1={"yes": 40, "no": 40}), invitations=sample["business"])
    await make_answers(survey, repeat(q1={"yes": 20}), invitations=sample["resident"])
    results = await results_of(survey)
    document = results_as_json(results)
    assert {"survey", "sample", "open", "questions"} <= set(document)
    text = json.loads(json.dumps(document))
    assert text["sample"]["by_stratum"]["business"]["rate"] == 0.2
    assert text["questions"][0]["estimates"][0] == {
        "option": "yes",
        "label": "Yes",
        "n": 60,
        "share": 0.535,
        "low": 0.432,
        "high": 0.635,
        "suppressed": False,
        "mean": None,
        "retired": False,
    }
    lines = results_as_csv(results).splitlines()
    assert lines[0].startswith("survey,origin,question")
    yes = f"{survey.slug},sample,q1,Question q1?,,,yes,Yes,100,60,0.535,0.432,0.635,,,,False,False,,,False"
    assert yes in lines


async def test_every_export_is_in_the_audit_log(database: str) -> None:
    survey = await make_survey()
    await results_of(survey, by="q1")
    async with engine.connection() as connection:
        row = await connection.fetchrow("SELECT action, object_id, detail, staff FROM audit_event")
    assert tuple(row) == ("results_exported", survey.slug, '{"by": "q1"}', None)


async def test_the_sums_are_of_groups_and_never_of_one_person_more(database: str) -> None:
    survey = await make_survey()
    sample = await make_sample(survey, {"everybody": (1000, 500)})
    await make_answers(survey, repeat(q1={"yes": 300, "no": 100}), invitations=sample["everybody"])
    rows = await result_table.sum_answers(survey.id)
    assert len(rows) == 4
    assert {(row.kind, row.option): row.n for row in rows} == {
        ("layer", ""): 400,
        ("base", ""): 400,
        ("option", "yes"): 300,
        ("option", "no"): 100,
    }
