"""What the page's script needs to hide a question that does not apply, worked out from its condition.

No second reader of conditions runs in the browser: the condition is tried here on every choice of the
question it depends on, and the page carries the list of choices that satisfy it. A condition that is not
of this shape leaves its question visible, with a line that says it may not apply. The server decides in
any case.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec

from survey_service.domain.expressions import Expression, parse_expression
from survey_service.domain.questionnaire import Question

most_choices_tried = 10
"""Of a question with several answers every combination is tried: 1,024 of ten."""


class ShownWhen(msgspec.Struct, frozen=True):
    """Show a question when one of `choices` of the question `question` is chosen (`""`: when none is)."""

    question: str
    choices: tuple[str, ...]


def shown_when(question: Question, form_questions: Sequence[Question]) -> ShownWhen | None:
    """The rule for the script, or None when the question is to stay visible."""
    if not question.relevant:
        return None
    condition = parse_expression(question.relevant)
    by_name = {other.name: other for other in form_questions}
    asked = [name for name in condition.references if name in by_name]
    if len(asked) != 1 or not by_name[asked[0]].takes_choices:
        return None
    source = by_name[asked[0]]
    names = tuple(choice.name for choice in source.choices)
    satisfying = tuple(name for name in ("", *names) if condition.is_true({source.name: name}))
    if source.type == "select_multiple" and not _any_of(condition, source.name, names, satisfying):
        return None
    return ShownWhen(source.name, satisfying)


def is_never_shown(question: Question, form_questions: Sequence[Question]) -> bool:
    """True when the condition reads only questions this form does not ask and is not met without them."""
    if not question.relevant:
        return False
    condition = parse_expression(question.relevant)
    asked = {other.name for other in form_questions}
    return not asked.intersection(condition.references) and not condition.is_true({})


def exclusive_choices(question: Question) -> frozenset[str]:
    """Choices like "none of these", which the question's constraint allows alone but with no other."""
    if question.type != "select_multiple" or not question.constraint:
        return frozenset()
    condition = parse_expression(question.constraint)
    if condition.references:
        return frozenset()
    names = [choice.name for choice in question.choices]

    def is_exclusive(name: str) -> bool:
        others = [other for other in names if other != name]
        return condition.is_true({}, name) and not any(
            condition.is_true({}, " ".join(pair))
            for other in others
            for pair in ((name, other), (other, name))
        )

    return frozenset(name for name in names if len(names) > 1 and is_exclusive(name))


def _any_of(condition: Expression, source: str, names: tuple[str, ...], satisfying: tuple[str, ...]) -> bool:
    """True when the condition holds for just those combinations that have one of `satisfying` in them."""
    if len(names) > most_choices_tried:
        return False
    return all(
        condition.is_true({source: " ".join(chosen)}) == any(name in satisfying for name in chosen)
        for chosen in _combinations(names)
    )


def _combinations(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)
