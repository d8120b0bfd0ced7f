"""Results of every type of question, from posted forms to shares, means, places, months and areas."""

from datetime import date

import pytest

from survey_service.domain.answers import read_answers
from survey_service.domain.questionnaire import Form
from survey_service.domain.results import QuestionResult, Results
from survey_service.services.results.review_survey import export_results
from survey_service.services.results.write_results import results_as_csv
from tests.support.every_type import make_every_type, make_person
from tests.support.make import make_survey
from tests.support.make_answers import make_answers, make_sample

FORM = Form(key="all", block_names=("scales", "typed"), share=1.0, points=1, planned_seconds=1)


@pytest.fixture
async def results(database: str) -> Results:
    questionnaire = make_every_type()
    survey = await make_survey(questionnaire=questionnaire, forms=[FORM])
    sample = await make_sample(survey, {"all": (1200, 240)})
    read = [
        read_answers(make_person(place), questionnaire, FORM, today=date(2026, 11, 25))
        for place in range(120)
    ]
    assert all(answers.errors == () for answers in read)
    await make_answers(survey, [{"all": one.rows} for one in read], invitations=sample["all"])
    return await export_results(survey.slug, small_cell=10, by="lives_here")


def lines(question: QuestionResult) -> dict[str, int | None]:
    return {estimate.label: estimate.n for estimate in question.estimates}


async def test_every_type_has_results_of_its_own(results: Results) -> None:
    by_name = {question.name: question for question in results.questions}
    assert [name for name in by_name if name.startswith(("at_", "in_"))] == [
        "at_night",
        "at_station",
        "in_park",
    ]

    likely = by_name["likely"]
    assert likely.n == 120
    assert lines(likely) | {"5": 30, "6": 30, "7": 30} == lines(likely)
    assert likely.mean is not None
    assert likely.mean.value == 6.0, "who does not know is no point of the scale"
    assert likely.mean.low is not None

    # Nobody is at either end; a third count is hidden with them, so the mean is no equation for one of them.
    assert sum(count is None for count in lines(by_name["safe"]).values()) == 3
    assert by_name["safe"].mean is not None
    assert by_name["safe"].mean.value == 3.0

    mood = by_name["mood"]
    assert (mood.n, mood.declined) == (90, 30)
    assert mood.mean is None, "everybody said 5: the mean would tell it of each of them"

    night = by_name["at_night"]
    assert (night.label, night.part_of) == ("at night?", "How safe do you feel …")
    assert (night.n, night.declined) == (80, 40)

    assert by_name["why"].label == "Why do you come for …?"

    first = by_name["first"]
    assert lines(first) == {"Better light": 40, "More foot patrols": 40, "More talks": 40}
    assert [one.mean and one.mean.value for one in first.estimates] == [2.0, 2.0, 2.0]

    days = by_name["days"]
    assert (days.n, days.declined) == (90, 30)
    assert days.mean is not None
    assert days.mean.value == 14.5
    assert lines(days) == {f"{start} to {start + 4}": 15 for start in range(0, 30, 5)}

    hours = by_name["hours"]
    assert lines(hours) == {"0.5": 80, "2.5": 40}
    assert hours.mean is not None
    assert hours.mean.value == round((80 * 0.5 + 40 * 2.5) / 120, 1)

    # Five people of 1950 are not told apart from the month after them.
    assert lines(by_name["since"]) == {"2026-01 or before": 45, "2026-02": 40, "2026-03": 40}
    # Six people of six areas are fewer than ten: hidden, and one area with them, lest they follow.
    areas = lines(by_name["postcode"])
    assert set(areas) == {"E1", "EC2M", "Other areas"}
    assert areas["Other areas"] is None
    assert sum(count is None for count in areas.values()) == 2
    assert lines(by_name["area"]) == {"EC2M": 120}
    assert by_name["change"].estimates == ()
    assert by_name["agree"].n == 120


async def test_groups_and_the_file_hold_the_same_types(results: Results) -> None:
    by_name = {question.name: question for question in results.questions}
    groups = {group.option: group for group in by_name["days"].groups}
    assert groups["yes"].mean is not None
    assert groups["yes"].mean.value == 15.0
    assert groups["yes"].estimates == ()
    assert [estimate.n for estimate in by_name["first"].groups[0].estimates] == [20, 20, 20]
    assert by_name["at_night"].groups[0].n == 40

    rows = results_as_csv(results).splitlines()
    assert any(",days,How many days were you here this month?," in row and ",14.5," in row for row in rows)
    assert any("How safe do you feel …" in row for row in rows)
