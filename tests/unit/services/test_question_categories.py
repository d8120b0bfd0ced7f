"""What answers are counted by, and when a mean would give hidden counts away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.db.result import SumRow
from survey_service.domain.questionnaire import Choice, Question
from survey_service.domain.results import Rules
from survey_service.services.results.answer_sums import AnswerSums
from survey_service.services.results.question_categories import find_categories, sum_categories
from survey_service.services.results.summarise_questions import make_mean

RULES = Rules(small_cell=10, language="en", default_language="en", has_margins=True)


def make_sums(kind: str, counts: dict[str, int]) -> AnswerSums:
    def row(kind: str, option: str, n: int, y: float = 0.0) -> SumRow:
        return SumRow(
            kind=kind, origin="sample", question="" if kind == "layer" else "q", group="", option=option,
            draw=1, stratum=1, n=n, w=n, w2=n, wy=n * y, w2y=n * y, w2y2=n * y * y,
        )  # fmt: skip

    rows = [row("layer", "", sum(counts.values())), row("base", "", sum(counts.values()))]
    rows += [row(kind, option, n) for option, n in counts.items()]
    if kind != "option" or all(option.isdigit() for option in counts):
        rows += [row("number", option, n, float(option)) for option, n in counts.items()]
        rows += [row("place", f"{option} {option}", n) for option, n in counts.items()]
    return AnswerSums(rows, "sample")


def lines(question: Question, counts: dict[str, int], kind: str = "value") -> dict[str, int]:
    sums = make_sums(kind, counts)
    found = find_categories(question, sums, RULES)
    table = sum_categories(question, found, sums)
    return {one.label: int(n) for one, n in zip(found, table[:, :, 0].sum(axis=1), strict=True)}


NUMBER = Question(name="q", type="integer", label={})


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"0": 20, "1": 30}, {"0": 20, "1": 30}),
        ({"0": 20, "1": 30, "7": 1}, {"0": 20, "1 or more": 31}),
        ({"0": 1, "1": 30, "7": 12}, {"1 or less": 31, "7": 12}),
        ({str(n): 10 for n in range(100)}, {f"{n} to {n + 19}": 200 for n in range(0, 100, 20)}),
        ({str(n / 4): 10 for n in range(20)}, {f"{n} to under {n + 1}": 40 for n in range(5)}),
        ({"5": 3}, {"5": 3}),
    ],
)
def test_numbers_stand_in_ranges_and_no_end_is_lonely(
    counts: dict[str, int], expected: dict[str, int]
) -> None:
    assert lines(NUMBER, counts) == expected


@given(st.dictionaries(st.integers(-(10**6), 10**6).map(str), st.integers(1, 40), min_size=1, max_size=60))
def test_every_number_is_counted_once_and_the_ends_hold_enough(counts: dict[str, int]) -> None:
    found = lines(NUMBER, counts)

    assert sum(found.values()) == sum(counts.values())
    if len(found) > 1:
        ends = list(found.values())
        assert min(ends[0], ends[-1]) >= RULES.small_cell


def test_months_become_years_where_they_are_many() -> None:
    dates = Question(name="q", type="date", label={})
    assert lines(dates, {"2026-01": 12, "2026-02": 11}, "option") == {"2026-01": 12, "2026-02": 11}
    many = {f"{year}-{month:02}": 2 for year in (2023, 2024, 2025) for month in range(1, 9)}
    assert lines(dates, {"1950-01": 1, **many}, "option") == {"2023 or before": 17, "2024": 16, "2025": 16}


def test_few_people_of_an_area_stand_with_the_others() -> None:
    areas = Question(name="q", type="postcode", label={})
    assert lines(areas, {"E1": 12, "N1": 3, "N2": 4}, "option") == {"E1": 12, "Other areas": 7}


@pytest.mark.parametrize(("hidden", "is_shown"), [(0, True), (1, False), (2, False), (3, True)])
def test_a_mean_is_hidden_where_it_would_be_an_equation_for_one_count(hidden: int, is_shown: bool) -> None:
    points = tuple(Choice(name=str(point), label={"en": str(point)}) for point in range(1, 6))
    scale = Question(name="q", type="scale", label={}, choices=points)
    sums = make_sums("option", {str(point): 20 for point in range(1, 6)})
    marks = [at < hidden for at in range(5)]

    mean = make_mean(
        scale, find_categories(scale, sums, RULES), marks, sums, RULES, answers=np.array([100.0])
    )

    assert (mean is not None and mean.value == 3.0) is is_shown


@pytest.mark.parametrize(
    ("counts", "is_shown"),
    [({"5": 40}, False), ({"5": 40, "4": 9}, False), ({"5": 40, "4": 10}, True), ({"5": 9}, False)],
)
def test_a_mean_is_hidden_where_nearly_everybody_said_the_same(
    counts: dict[str, int], is_shown: bool
) -> None:
    """38 of 40 tells who the two are not; a mean of 5 on a scale that ends there would tell the same."""
    points = tuple(Choice(name=str(point), label={"en": str(point)}) for point in range(1, 6))
    for question, kind in (
        (Question(name="q", type="scale", label={}, choices=points), "option"),
        (NUMBER, "value"),
    ):
        sums = make_sums(kind, counts)
        mean = make_mean(question, (), (), sums, RULES, answers=np.array([100.0]))
        assert (mean is not None) is is_shown
