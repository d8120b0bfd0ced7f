"""Results of questions, with what must be hidden hidden."""

from collections.abc import Sequence

import msgspec

from survey_service.domain.disclosure import (
    UNRELIABLE_BELOW,
    round_count,
    round_share,
    suppress_options,
    suppress_table,
)
from survey_service.domain.piping import fill_text
from survey_service.domain.questionnaire import Question, Questionnaire
from survey_service.domain.results import Estimate, Mean, QuestionResult, Rules
from survey_service.services.results.answer_sums import W2, AnswerSums, N, count_of, counts_of
from survey_service.services.results.estimate_shares import Floats, estimate_mean, estimate_shares
from survey_service.services.results.question_categories import (
    Category,
    find_categories,
    kind_of,
    sum_categories,
)

LEAST_HIDDEN_BESIDE_A_MEAN = 3


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """What of one question must be hidden."""

    base: bool
    options: tuple[bool, ...]


def summarise_questions(
    questionnaire: Questionnaire, sums: AnswerSums, rules: Rules
) -> tuple[QuestionResult, ...]:
    """Every question that takes an answer, in the questionnaire's order; the rows of a grid one by one."""
    return tuple(
        _summarise_question(part, sums, rules, grid=question if question.rows else None)
        for question in questionnaire.questions()
        if question.takes_answer
        for part in question.parts
    )


def decide_hidden(
    question: Question, categories: Sequence[Category], sums: AnswerSums, small_cell: int
) -> Hidden:
    """What must be hidden of a question, by itself."""
    base = count_of(sums.base(question.name))
    if not categories:
        return Hidden(base=base < small_cell, options=())
    counts = counts_of(sum_categories(question, categories, sums))
    if question.type == "select_multiple":
        return Hidden(base=base < small_cell, options=suppress_options(base, counts, threshold=small_cell))
    # Options of an earlier version of the questionnaire are in the base and nowhere else.
    elsewhere = base - sum(counts)
    shown = suppress_table([[*counts, elsewhere] if elsewhere else counts], threshold=small_cell)
    return Hidden(base=shown.rows[0], options=shown.cells[0][: len(counts)])


def make_estimates(
    question: Question,
    categories: Sequence[Category],
    hidden: Sequence[bool],
    sums: AnswerSums,
    rules: Rules,
    *,
    answers: Floats,
    group: str = "",
) -> tuple[Estimate, ...]:
    """The estimates of a question's categories; `answers` as in `estimate_shares`."""
    base = sums.base(question.name, group)
    options = sum_categories(question, categories, sums, group)
    size = count_of(base)
    intervals = estimate_shares(answers=answers, base=base, options=options) if size and categories else []
    counts = counts_of(options) if categories else []
    estimates = []
    for at, category in enumerate(categories):
        interval = None if hidden[at] else intervals[at]
        has_margin = interval is not None and rules.has_margins
        estimates.append(
            Estimate(
                option=category.name,
                label=category.label,
                n=None if hidden[at] else round_count(counts[at]),
                share=round_share(interval.value, size) if interval else None,
                low=round_share(interval.low, size) if interval and has_margin else None,
                high=round_share(interval.high, size) if interval and has_margin else None,
                suppressed=hidden[at],
                mean=_mean_place(question, category, sums, rules, answers, group) if not hidden[at] else None,
            )
        )
    return tuple(estimates)


def make_mean(
    question: Question,
    categories: Sequence[Category],
    hidden: Sequence[bool],
    sums: AnswerSums,
    rules: Rules,
    *,
    answers: Floats,
    group: str = "",
) -> Mean | None:
    """The mean of a number or a scale.

    The shown counts give the sum of the hidden ones, and the mean would be a second equation for them: of two
    hidden counts of single values both would follow. Of three or more none does.
    """
    is_open = [
        is_hidden and category.is_single for category, is_hidden in zip(categories, hidden, strict=True)
    ]
    if not question.takes_number or 0 < sum(is_open) < LEAST_HIDDEN_BESIDE_A_MEAN:
        return None
    kind = "value" if kind_of(question) == "value" else "place"
    values = sums.options(question.name, sums.found(kind, question.name, group), group, kind=kind)
    return _mean_of(sums.numbers(question.name, group=group), values, rules, answers)


def _mean_of(numbers: Floats, values: Floats, rules: Rules, answers: Floats) -> Mean | None:
    """The mean, unless of fewer than a small cell, or all but fewer than that gave the same number."""
    size = int(numbers[:, N].sum())
    if size < rules.small_cell or size - max(counts_of(values)) < rules.small_cell:
        return None
    interval = estimate_mean(answers=answers, base=numbers[:, :W2], products=numbers[:, W2:])
    return Mean(
        value=round(interval.value, 1),
        low=round(interval.low, 1) if rules.has_margins else None,
        high=round(interval.high, 1) if rules.has_margins else None,
    )


def _mean_place(
    question: Question, category: Category, sums: AnswerSums, rules: Rules, answers: Floats, group: str
) -> Mean | None:
    if question.type != "rank":
        return None
    found = [one for one in sums.found("place", question.name, group) if one.startswith(f"{category.name} ")]
    places = sums.options(question.name, found, group, kind="place")
    return _mean_of(sums.numbers(question.name, category.name, group), places, rules, answers)


def _summarise_question(
    question: Question, sums: AnswerSums, rules: Rules, *, grid: Question | None
) -> QuestionResult:
    categories = find_categories(question, sums, rules)
    hidden = decide_hidden(question, categories, sums, rules.small_cell)
    if kind_of(question) == "value" and any(hidden.options):
        categories, hidden = (), Hidden(base=hidden.base, options=())  # the mean says more than a torn table
    size, declined = count_of(sums.base(question.name)), sums.declined(question.name)
    shown = () if hidden.base and not question.takes_choices else categories
    return QuestionResult(
        name=question.name,
        type=question.type,
        label=fill_text(rules.label(question.label, question.name), lambda _: "…"),
        n=None if hidden.base else round_count(size),
        suppressed=hidden.base,
        unreliable=not hidden.base and size < UNRELIABLE_BELOW,
        estimates=make_estimates(question, shown, hidden.options, sums, rules, answers=sums.answers),
        mean=None
        if hidden.base
        else make_mean(question, categories, hidden.options, sums, rules, answers=sums.answers),
        part_of=rules.label(grid.label, grid.name) if grid else "",
        declined=round_count(declined) if declined >= rules.small_cell else None,
    )
