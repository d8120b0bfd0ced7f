"""Facts that people gave about themselves and let us use again, so that nobody is asked them twice.

A fact is the answer to a question that names one (`remember_as`). While it is known the question is left out
of that person's form, the answer counts as if it had been given again, and the form says which facts are
known and not what they are: anybody may hold a link that was passed on.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from survey_service.domain.answer_fields import Answer
from survey_service.domain.expressions import parse_expression
from survey_service.domain.piping import piped_names
from survey_service.domain.questionnaire import Block, Question, Questionnaire, declined_option

DEFAULT_VALID_DAYS = 730
"""Where somebody works or lives, in which age group they are: old enough to be worth asking again."""


class RememberedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it is kept: what is counted, and what conditions read."""

    rows: tuple[Answer, ...]
    value: str


class KnownFact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact about one person."""

    fact: str
    question: Question
    """As it was asked."""
    answer: RememberedAnswer
    given_at: datetime
    valid_until: date


def facts_asked(questions: Sequence[Question]) -> tuple[str, ...]:
    """The names of the facts that questions ask for, in their order."""
    return tuple(dict.fromkeys(question.remember_as for question in questions if question.remember_as))


def valid_until(given_on: date) -> date:
    """The last day on which a fact is used; after it the question is asked again."""
    return given_on + timedelta(days=DEFAULT_VALID_DAYS)


def fits(question: Question, known: KnownFact) -> bool:
    """True when what is known is an answer to this question: of its type, and one of its choices."""
    if question.type != known.question.type or question.appearance != known.question.appearance:
        return False
    if question.type != "select_one":
        return True
    return known.answer.value in {choice.name for choice in question.choices}


def leave_out(questions: Sequence[Question], known: Mapping[str, KnownFact]) -> dict[str, RememberedAnswer]:
    """The questions of a form that need not be asked, with the answers that are known, in their own names.

    A question that another one's condition or text reads is asked in any case: the page must know its answer
    to show the right ones at once. Nor is a form left without a question.
    """
    read = _names_read(questions)
    left = {
        question.name: _rename(known[question.remember_as].answer, question.name)
        for question in questions
        if question.remember_as in known
        and question.name not in read
        and not question.relevant
        and fits(question, known[question.remember_as])
    }
    asks = any(question.takes_answer and question.name not in left for question in questions)
    return left if asks else {}


def without_questions(questionnaire: Questionnaire, names: Collection[str]) -> Questionnaire:
    """The questionnaire with these questions taken out of its blocks."""

    def strip(block: Block) -> Block:
        kept = tuple(question for question in block.questions if question.name not in names)
        return msgspec.structs.replace(block, questions=kept)

    return msgspec.structs.replace(
        questionnaire, core=strip(questionnaire.core), blocks=tuple(map(strip, questionnaire.blocks))
    )


class GivenFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as an answered form gives it."""

    question: Question
    answer: RememberedAnswer


def facts_given(questions: Sequence[Question], rows: Sequence[Answer]) -> tuple[GivenFact, ...]:
    """What answers say about the person, of what may be kept; nothing where somebody preferred not to say."""
    given = []
    for question in questions:
        own = tuple(row for row in rows if row.question == question.name)
        if question.remember_as and own and own[0].option != declined_option:
            answer = RememberedAnswer(rows=own, value=_value(question, own[0]))
            given.append(GivenFact(question=question, answer=answer))
    return tuple(given)


def _value(question: Question, row: Answer) -> str:
    """An answer as conditions read it."""
    if question.type == "integer" and row.number is not None:
        return f"{row.number:.15g}"
    if question.type in ("date", "postcode"):
        return row.text or row.option or ""
    return row.option or ""


def _names_read(questions: Sequence[Question]) -> Collection[str]:
    names: set[str] = set()
    for question in questions:
        for source in (question.relevant, question.constraint):
            if source:
                names.update(parse_expression(source).references)
        names.update(piped_names(question.label), piped_names(question.hint))
    return names


def _rename(answer: RememberedAnswer, name: str) -> RememberedAnswer:
    rows = tuple(msgspec.structs.replace(row, question=name) for row in answer.rows)
    return RememberedAnswer(rows=rows, value=answer.value)
