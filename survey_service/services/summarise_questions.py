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
from survey_service.domain.questionnaire import Question, Questionnaire, Texts
from survey_service.domain.results import Estimate, Mean, QuestionResult
from survey_service.services.answer_sums import AnswerSums, count_of, counts_of
from survey_service.services.estimate_shares import Floats, estimate_mean, estimate_shares


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How results are shown."""

    small_cell: int
    language: str
    default_language: str
    has_margins: bool
    """False for the open link."""

    def label(self, texts: Texts, name: str) -> str:
        """The author's text in the wanted language, else in the questionnaire's own, else in any."""
        return (
            texts.get(self.language)
            or texts.get(self.default_language)
            or next((text for text in texts.values() if text), name)
        )


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """What of one question must be hidden."""

    base: bool
    options: tuple[bool, ...]


def summarise_questions(
    questionnaire: Questionnaire, sums: AnswerSums, rules: Rules
) -> tuple[QuestionResult, ...]:
    """Every question that takes an answer, in the questionnaire's order."""
    return tuple(
        _summarise_question(question, sums, rules)
        for question in questionnaire.questions()
        if question.takes_answer
    )


def decide_hidden(question: Question, sums: AnswerSums, small_cell: int) -> Hidden:
    """What must be hidden of a question, by itself."""
    base = count_of(sums.base(question.name))
    if not question.takes_choices:
        return Hidden(base=base < small_cell, options=())
    counts = counts_of(sums.options(question.name, option_names(question)))
    if question.type == "select_multiple":
        return Hidden(base=base < small_cell, options=suppress_options(base, counts, threshold=small_cell))
    # Options of an earlier version of the questionnaire are in the base and nowhere else.
    elsewhere = base - sum(counts)
    shown = suppress_table([[*counts, elsewhere] if elsewhere else counts], threshold=small_cell)
    return Hidden(base=shown.rows[0], options=shown.cells[0][: len(counts)])


def option_names(question: Question) -> tuple[str, ...]:
    """The names of a question's options, in order."""
    return tuple(choice.name for choice in question.choices)


def make_estimates(
    question: Question,
    hidden: Sequence[bool],
    rules: Rules,
    *,
    answers: Floats,
    base: Floats,
    options: Floats,
) -> tuple[Estimate, ...]:
    """The estimates of a question's options; arrays as in `estimate_shares`."""
    size = count_of(base)
    intervals = estimate_shares(answers=answers, base=base, options=options) if size else []
    counts = counts_of(options)
    estimates = []
    for at, choice in enumerate(question.choices):
        interval = None if hidden[at] else intervals[at]
        has_margin = interval is not None and rules.has_margins
        estimates.append(
            Estimate(
                option=choice.name,
                label=rules.label(choice.label, choice.name),
                n=None if hidden[at] else round_count(counts[at]),
                share=round_share(interval.value, size) if interval else None,
                low=round_share(interval.low, size) if interval and has_margin else None,
                high=round_share(interval.high, size) if interval and has_margin else None,
                suppressed=hidden[at],
            )
        )
    return tuple(estimates)


def make_mean(sums: AnswerSums, question: str, rules: Rules, group: str = "") -> Mean:
    """The mean of a number; call it only for a base that may be shown."""
    interval = estimate_mean(
        answers=sums.answers, base=sums.base(question, group), products=sums.products(question, group)
    )
    return Mean(
        value=round(interval.value, 1),
        low=round(interval.low, 1) if rules.has_margins else None,
        high=round(interval.high, 1) if rules.has_margins else None,
    )


def _summarise_question(question: Question, sums: AnswerSums, rules: Rules) -> QuestionResult:
    hidden = decide_hidden(question, sums, rules.small_cell)
    base = sums.base(question.name)
    size = count_of(base)
    estimates: tuple[Estimate, ...] = ()
    if question.takes_choices:
        estimates = make_estimates(
            question,
            hidden.options,
            rules,
            answers=sums.answers,
            base=base,
            options=sums.options(question.name, option_names(question)),
        )
    return QuestionResult(
        name=question.name,
        type=question.type,
        label=rules.label(question.label, question.name),
        n=None if hidden.base else round_count(size),
        suppressed=hidden.base,
        unreliable=not hidden.base and size < UNRELIABLE_BELOW,
        estimates=estimates,
        mean=make_mean(sums, question.name, rules)
        if question.type == "integer" and not hidden.base
        else None,
    )
