"""What is wrong with a questionnaire, all of it at once: names, texts per language, choices, conditions.

The same check serves a workbook that is read and a questionnaire written in the browser. Reasons are
English sentences for staff.
"""

from collections.abc import Iterator

import msgspec

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.expressions import Expression, parse_expression
from survey_service.domain.piping import can_be_piped, piped_names
from survey_service.domain.question_check import Problem, check_question, check_texts, is_name, name_rule
from survey_service.domain.questionnaire import Block, Question, Questionnaire

__all__ = ["Problem", "check_questionnaire"]

most_facts = 20


def check_questionnaire(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Everything that keeps the questionnaire from being served, in the order of the questionnaire."""
    taken = {name.lower() for name in questionnaire.facts}
    return (
        *_check_whole(questionnaire),
        *_check_facts(questionnaire),
        *_check_blocks(questionnaire),
        *(
            problem
            for at, question in enumerate(questionnaire.questions())
            for problem in check_question(question, at, taken, questionnaire.languages)
        ),
        *_check_conditions(questionnaire),
    )


def _check_whole(questionnaire: Questionnaire) -> Iterator[Problem]:
    if questionnaire.default_language not in questionnaire.languages:
        reason = (
            f"The default language {questionnaire.default_language} is not a language of the questionnaire."
        )
        yield Problem(reason=reason, field="default_language", language=questionnaire.default_language)
    for reason, language in check_texts(questionnaire.title, questionnaire.languages, is_needed=True):
        yield Problem(reason=f"The title {reason}", field="title", language=language)
    if not any(question.takes_answer for question in questionnaire.questions()):
        yield Problem(reason="The questionnaire asks no question.", field="questions")


def _check_facts(questionnaire: Questionnaire) -> Iterator[Problem]:
    seen: set[str] = set()
    if len(questionnaire.facts) > most_facts:
        yield Problem(reason=f"The texts can repeat {most_facts} facts at most.", field="facts")
    for name in questionnaire.facts:
        if not is_name(name):
            yield Problem(reason=f"The name of the fact {name!r} is not {name_rule}.", field="facts")
        elif name.lower() in seen:
            yield Problem(reason=f"The fact {name} is named twice.", field="facts")
        seen.add(name.lower())


def _check_blocks(questionnaire: Questionnaire) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, block in enumerate((questionnaire.core, *questionnaire.blocks)):
        if not is_name(block.name):
            yield Problem(
                reason=f"The name of the group {block.name!r} is not {name_rule}.", field="name", block=at
            )
        elif block.name.lower() in seen:
            yield Problem(reason=f"Two groups are named {block.name}.", field="name", block=at)
        seen.add(block.name.lower())
        if at > 0 and block.name == "core":
            yield Problem(reason="Only the first group can be named core.", field="name", block=at)
        if not block.questions and at > 0:
            yield Problem(reason=f"The group {block.name} has no questions.", field="questions", block=at)
        for reason, language in check_texts(block.label, questionnaire.languages, is_needed=False):
            yield Problem(reason=f"The label {reason}", field="label", language=language, block=at)


class _Place(msgspec.Struct):
    """Where a condition or a text stands, and what it can read there."""

    core: Block
    block: Block
    question: Question
    earlier: dict[str, Question]
    """What was answered before, by name; the rows of a grid one by one."""
    block_of: dict[str, str]
    groups: set[str]
    facts: tuple[str, ...]


def _check_conditions(questionnaire: Questionnaire) -> Iterator[Problem]:
    position = -1
    blocks = (questionnaire.core, *questionnaire.blocks)
    block_of = {
        part.name: block.name for block in blocks for question in block.questions for part in question.parts
    }
    groups = {block.name for block in blocks}
    earlier: dict[str, Question] = {}
    for block in blocks:
        for question in block.questions:
            position += 1
            place = _Place(
                questionnaire.core, block, question, earlier, block_of, groups, questionnaire.facts
            )
            for field, source in (("relevant", question.relevant), ("constraint", question.constraint)):
                for reason in _check_condition(field, source, place) if source else ():
                    yield Problem(reason=reason, field=field, question=position)
            for field, texts in (("label", question.label), ("hint", question.hint)):
                for name in piped_names(texts):
                    if reason := _check_pipe(name, place):
                        yield Problem(reason=reason, field=field, question=position)
            earlier |= {part.name: part for part in question.parts}


def _check_condition(field: str, source: str, place: _Place) -> Iterator[str]:
    try:
        expression = parse_expression(source)
    except SurveyServiceError as error:
        yield str(error)
        return
    if field == "relevant" and expression.uses_current:
        yield "The condition reads the answer of its own question (a dot) before it is asked."
    for name in expression.references:
        if reason := _check_reference(name, place, "condition"):
            yield reason
    yield from _check_choice_uses(expression, place)


def _check_pipe(name: str, place: _Place) -> str:
    if reason := _check_reference(name, place, "text"):
        return reason
    if name not in place.facts and not can_be_piped(place.earlier[name]):
        kind = place.earlier[name].type
        return f"The text repeats ${{{name}}}, but an answer of type {kind} cannot stand inside a sentence."
    return ""


def _check_reference(name: str, place: _Place, reader: str) -> str:
    if name in place.facts and reader == "text":
        return ""
    if name in place.facts:
        return (
            f"The condition names the fact ${{{name}}}. Only texts can repeat a fact: a question whose "
            "answer is known is left out by itself."
        )
    if name not in place.block_of:
        return f"The {reader} names ${{{name}}}, which is not a question."
    if name not in place.earlier:
        return f"The {reader} names ${{{name}}}, which is not asked before this question."
    if name in place.groups:  # XLSForm cannot tell which of the two is meant
        return f"The {reader} names ${{{name}}}, which is the name of a question and of a group."
    if not place.earlier[name].takes_answer:
        return f"The {reader} names ${{{name}}}, which is a note and takes no answer."
    if place.block_of[name] not in (place.core.name, place.block.name):
        return (
            f"The {reader} names ${{{name}}} of the group {place.block_of[name]}. Groups are served apart, "
            f"so a {reader} can only read the core and its own group."
        )
    return ""


def _check_choice_uses(expression: Expression, place: _Place) -> Iterator[str]:
    """A misspelt choice would hide a question from everybody, so it is an error like a misspelt name."""
    for use in expression.choice_uses:
        question = place.question if use.question == "." else place.earlier.get(use.question)
        if question is None or not question.takes_answer:
            continue
        if not question.takes_choices:
            if use.is_selected_call:
                yield f"The condition asks what is selected in {question.name}, which has no choices."
            continue
        is_whole_answer = not question.takes_one_choice and not use.is_selected_call
        if not is_whole_answer and use.choice not in {choice.name for choice in question.choices}:
            yield f"The condition names the choice {use.choice!r}, which {question.name} does not have."
