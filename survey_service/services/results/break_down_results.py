"""Results of the sample broken down by the answers to another question.

Both questions' own results are known to the reader, so the margins of the crossed table are, too: a cell
must not follow from them either. A margin that differs from the published number by fewer than a small cell
(somebody left one of the two questions out) counts as known all the same.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from survey_service.domain.disclosure import (
    UNRELIABLE_BELOW,
    Margin,
    round_count,
    suppress_options,
    suppress_table,
)
from survey_service.domain.errors import NotAllowed, NotFound
from survey_service.domain.questionnaire import Question, Questionnaire
from survey_service.domain.results import Group, QuestionResult, Rules
from survey_service.services.results.answer_sums import AnswerSums, count_of, counts_of
from survey_service.services.results.question_categories import (
    Category,
    find_categories,
    kind_of,
    sum_categories,
)
from survey_service.services.results.summarise_questions import decide_hidden, make_estimates, make_mean


class _Crossing(msgspec.Struct, kw_only=True):
    """One question crossed with the one it is broken down by."""

    question: Question
    by: Question
    whole: AnswerSums
    """Of everybody."""
    crossed: AnswerSums
    """Of those who answered both, by group."""
    rules: Rules
    categories: tuple[Category, ...]

    @property
    def bases(self) -> list[int]:
        """Who answered both, by group."""
        return [count_of(self.crossed.base(self.question.name, group)) for group in _groups_of(self.by)]


def find_breakdown(questionnaire: Questionnaire, name: str) -> Question:
    """The question of this name, if it can divide people into groups."""
    parts = [part for question in questionnaire.questions() for part in question.parts]
    for question in parts:
        if question.name == name:
            if not question.takes_one_choice:
                raise NotAllowed(
                    "Results can be broken down only by a question with one answer.",
                    expected="a question of type select_one",
                    got=f"{name}, a question of type {question.type}",
                )
            return question
    names = [question.name for question in parts if question.takes_one_choice]
    raise NotFound("The survey has no such question.", expected=f"one of {', '.join(names)}", got=repr(name))


def break_down(
    results: Sequence[QuestionResult],
    questionnaire: Questionnaire,
    by: Question,
    *,
    whole: AnswerSums,
    crossed: AnswerSums,
    rules: Rules,
) -> tuple[QuestionResult, ...]:
    """The same results, each question but `by` itself with its groups."""
    questions = {part.name: part for question in questionnaire.questions() for part in question.parts}
    return tuple(
        result
        if result.name == by.name
        else msgspec.structs.replace(
            result,
            groups=_make_groups(
                _Crossing(
                    question=questions[result.name],
                    by=by,
                    whole=whole,
                    crossed=crossed,
                    rules=rules,
                    categories=_find_lines(questions[result.name], whole, rules),
                )
            ),
        )
        for result in results
    )


def _make_groups(crossing: _Crossing) -> tuple[Group, ...]:
    cells, columns = _decide(crossing)
    question, rules = crossing.question, crossing.rules
    groups = []
    for at, choice in enumerate(crossing.by.choices):
        size, is_hidden = count_of(crossing.crossed.base(question.name, choice.name)), columns[at]
        hidden = [is_hidden or row[at] for row in cells]
        shared = (question, crossing.categories, hidden, crossing.crossed, rules)
        answers = crossing.whole.answers
        groups.append(
            Group(
                option=choice.name,
                label=rules.label(choice.label, choice.name),
                n=None if is_hidden else round_count(size),
                suppressed=is_hidden,
                unreliable=not is_hidden and size < UNRELIABLE_BELOW,
                estimates=make_estimates(*shared, answers=answers, group=choice.name),
                mean=None if is_hidden else make_mean(*shared, answers=answers, group=choice.name),
            )
        )
    return tuple(groups)


def _find_lines(question: Question, whole: AnswerSums, rules: Rules) -> tuple[Category, ...]:
    """What the groups are compared by; of a typed number only the mean."""
    return () if kind_of(question) == "value" else find_categories(question, whole, rules)


def _groups_of(by: Question) -> tuple[str, ...]:
    return tuple(choice.name for choice in by.choices)


def _decide(crossing: _Crossing) -> tuple[Sequence[Sequence[bool]], Sequence[bool]]:
    """Which cells (option, group) and which groups must be hidden."""
    bases = crossing.bases
    columns = _group_margins(crossing, bases)
    small_cell = crossing.rules.small_cell
    hidden = decide_hidden(crossing.question, crossing.categories, crossing.whole, small_cell)
    everybody = count_of(crossing.whole.base(crossing.question.name))
    total = _margin(hidden.base, everybody, sum(bases), small_cell)
    if not crossing.categories:
        shown = suppress_table([bases], threshold=small_cell, rows=[total], columns=columns)
        return [], shown.columns
    question, categories = crossing.question, crossing.categories
    counts = [
        counts_of(sum_categories(question, categories, crossing.crossed, group))
        for group in _groups_of(crossing.by)
    ]
    table = np.array(counts).T.tolist()
    published = counts_of(sum_categories(question, categories, crossing.whole))
    rows = [
        _margin(is_hidden, all_, sum(line), small_cell)
        for is_hidden, all_, line in zip(hidden.options, published, table, strict=True)
    ]
    if question.type != "select_multiple":
        shown = suppress_table(table, threshold=small_cell, rows=rows, columns=columns, total=total)
        return shown.cells, shown.columns
    return _decide_multiple(table, bases, rows, columns, small_cell)


def _decide_multiple(
    table: Sequence[Sequence[int]],
    bases: Sequence[int],
    rows: Sequence[Margin],
    columns: Sequence[Margin],
    small_cell: int,
) -> tuple[Sequence[Sequence[bool]], Sequence[bool]]:
    """Each option and its complement is a table of its own; a group that one hides is hidden in all."""
    by_group = [
        suppress_options(base, [line[at] for line in table], threshold=small_cell)
        for at, base in enumerate(bases)
    ]
    cells, groups = [], [False] * len(bases)
    for option, (line, kind) in enumerate(zip(table, rows, strict=True)):
        others = [base - count for base, count in zip(bases, line, strict=True)]
        shown = suppress_table(
            [line, others],
            threshold=small_cell,
            rows=[kind, kind],
            columns=columns,
            hidden=[(0, at) for at in range(len(bases)) if by_group[at][option]],
        )
        cells.append(shown.cells[0])
        groups = [one or other for one, other in zip(groups, shown.columns, strict=True)]
    return cells, groups


def _group_margins(crossing: _Crossing, bases: Sequence[int]) -> list[Margin]:
    small_cell = crossing.rules.small_cell
    by = find_categories(crossing.by, crossing.whole, crossing.rules)
    hidden = decide_hidden(crossing.by, by, crossing.whole, small_cell)
    published = counts_of(sum_categories(crossing.by, by, crossing.whole))
    return [
        _margin(is_hidden, all_, base, small_cell)
        for is_hidden, all_, base in zip(hidden.options, published, bases, strict=True)
    ]


def _margin(is_hidden: bool, published: int, here: int, small_cell: int) -> Margin:
    if is_hidden:
        return "hidden"
    return "known" if published - here < small_cell <= here else "open"
