"""What the answers to a question are counted by: its choices, or what was found in the answers themselves.

A category found in the answers (an area, a month, a number) would tell that somebody is in it, even with its
count hidden. So few people at either end of numbers and dates are put together with their neighbours, and
areas with few people with each other.
"""

import math
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from survey_service.domain.questionnaire import Question
from survey_service.domain.results import Rules
from survey_service.services.results.answer_sums import AnswerSums, counts_of
from survey_service.services.results.estimate_shares import Floats

most_bins = 8
most_months = 12
other_name = "other"
_nice = (1, 2, 5)


class Category(msgspec.Struct, frozen=True):
    """One line of a question's results, and the answers that are counted in it."""

    name: str
    label: str
    sources: tuple[str, ...]
    is_single: bool = True
    """False where answers of several values stand together."""


def find_categories(question: Question, sums: AnswerSums, rules: Rules) -> tuple[Category, ...]:
    """The categories of a question in order; none where only its answers are counted."""
    if question.takes_choices:
        return tuple(
            Category(choice.name, rules.label(choice.label, choice.name), (choice.name,))
            for choice in question.choices
        )
    finder = _finders.get(question.type)
    if finder is None:
        return ()
    names = sums.found(kind_of(question), question.name)
    counts = counts_of(sums.options(question.name, names, kind=kind_of(question))) if names else []
    return finder(dict(zip(names, counts, strict=True)), rules.small_cell)


def kind_of(question: Question) -> str:
    """Which of the sums a question is counted by: options, values of a number, or who was put first."""
    if question.type in ("integer", "decimal"):
        return "value"
    return "first" if question.type == "rank" else "option"


def sum_categories(
    question: Question, categories: Sequence[Category], sums: AnswerSums, group: str = ""
) -> Floats:
    """(K, H, 3): n, w, w² of those in each category."""
    kind = kind_of(question)
    return np.array(
        [sums.options(question.name, one.sources, group, kind=kind).sum(axis=0) for one in categories]
    )


def _bin_numbers(counts: dict[str, int], least: int) -> tuple[Category, ...]:
    """Values one by one where they are few, else in ranges of a round width."""
    by_value = {float(name): (name, count) for name, count in counts.items()}
    values = sorted(by_value)
    if not values:
        return ()
    width = 0.0 if len(values) <= most_bins else _round_width((values[-1] - values[0]) / most_bins)
    bins: dict[float, list[float]] = {}
    for value in values:
        bins.setdefault(math.floor(value / width) * width if width else value, []).append(value)
    starts = sorted(bins)
    is_whole = all(value.is_integer() for value in values) and (width >= 1 or not width)
    made = [
        (
            _say(start)
            if not width or (is_whole and width == 1)
            else _say_range(start, width, is_whole=is_whole),
            _say(start),
            _say(bins[start][-1]),
            tuple(by_value[value][0] for value in bins[start]),
            sum(by_value[value][1] for value in bins[start]),
        )
        for start in starts
    ]
    return _join_ends(made, least, "{} or less", "{} or more")


def _bin_dates(counts: dict[str, int], least: int) -> tuple[Category, ...]:
    """By month, or by year where the months are many."""
    by_year = len(counts) > most_months
    bins: dict[str, list[str]] = {}
    for month in sorted(counts):
        bins.setdefault(month[:4] if by_year else month, []).append(month)
    made = [
        (name, name, name, tuple(months), sum(counts[month] for month in months))
        for name, months in bins.items()
    ]
    return _join_ends(made, least, "{} or before", "{} or later")


def _group_areas(counts: dict[str, int], least: int) -> tuple[Category, ...]:
    many = [name for name in sorted(counts) if counts[name] >= least]
    few = tuple(name for name in sorted(counts) if counts[name] < least)
    areas = tuple(Category(name, name, (name,)) for name in many)
    return (*areas, Category(other_name, "Other areas", few, is_single=False)) if few else areas


_Bin = tuple[str, str, str, tuple[str, ...], int]
"""Label, its first and last value as they are said, what is counted in it, and how many."""


def _join_ends(bins: list[_Bin], least: int, up_to: str, from_on: str) -> tuple[Category, ...]:
    """Put the first bins together until there are enough people in them, then the last ones."""
    while len(bins) > 1 and bins[0][4] < least:
        first, second = bins[0], bins[1]
        label = up_to.format(second[2])
        bins = [(label, first[1], second[2], first[3] + second[3], first[4] + second[4]), *bins[2:]]
    while len(bins) > 1 and bins[-1][4] < least:
        before, last = bins[-2], bins[-1]
        label = from_on.format(before[1])
        bins = [*bins[:-2], (label, before[1], last[2], before[3] + last[3], before[4] + last[4])]
    return tuple(
        Category(label, label, sources, is_single=len(sources) == 1) for label, _, _, sources, _ in bins
    )


def _round_width(width: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return next((factor * power for factor in _nice if factor * power >= width), 10 * power)


def _say(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"


def _say_range(start: float, width: float, *, is_whole: bool) -> str:
    return (
        f"{_say(start)} to {_say(start + width - 1)}"
        if is_whole
        else f"{_say(start)} to under {_say(start + width)}"
    )


_finders: dict[str, Callable[[dict[str, int], int], tuple[Category, ...]]] = {
    "integer": _bin_numbers,
    "decimal": _bin_numbers,
    "date": _bin_dates,
    "postcode": _group_areas,
}
