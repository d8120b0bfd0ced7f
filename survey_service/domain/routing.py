"""Which questions a person is asked: the `relevant` conditions, read in the order of the form."""

from collections.abc import Mapping, Sequence

from survey_service.domain.expressions import parse_expression
from survey_service.domain.questionnaire import Question


def is_relevant(question: Question, values: Mapping[str, str], *, today: str = "") -> bool:
    """True when the question applies, given the answers before it.

    `values` maps names to answers as conditions read them (see domain/answers.py); questions that were
    not asked or not answered are absent or empty. `today` is the day in ISO's form, where it is known.
    """
    return not question.relevant or parse_expression(question.relevant).is_true(values, today=today)


def relevant_questions(
    questions: Sequence[Question], values: Mapping[str, str], *, today: str = ""
) -> tuple[Question, ...]:
    """The questions and notes that apply.

    An answer given to a question that does not apply counts for nothing further down either: it is
    left out before the next condition is read.
    """
    counting = dict(values)
    shown: list[Question] = []
    for question in questions:
        if is_relevant(question, counting, today=today):
            shown.append(question)
        else:
            for part in question.parts:
                counting.pop(part.name, None)
    return tuple(shown)
