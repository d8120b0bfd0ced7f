"""What is wrong with a questionnaire, all of it at once: names, texts per language, choices, conditions.

The same check serves a workbook that is read and a questionnaire written in the browser. Reasons are
English sentences for staff.
"""

import re
from collections.abc import Iterator

import msgspec

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.expressions import Expression, parse_expression
from survey_service.domain.questionnaire import Block, Choice, Question, Questionnaire, Texts

longest_text = 5_000
most_choices = 200
name_rule = "a letter, then letters, digits and underscores, at most 60"
_name = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_choice_name = re.compile(r"[^\s'\"\x00-\x1f\x7f]{1,60}")
_unstorable = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Signs that neither a workbook nor PostgreSQL can hold."""


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing wrong, and its place: positions count from 0."""

    reason: str
    field: str = ""
    """Name of the struct's field, for example `label` or `relevant`."""
    language: str = ""
    block: int | None = None
    """Position of the block, the core being 0."""
    question: int | None = None
    """Position in `Questionnaire.questions()`."""
    choice: int | None = None
    """Position among the choices of the question."""


def check_questionnaire(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Everything that keeps the questionnaire from being served, in the order of the questionnaire."""
    first_of: dict[str, int] = {}
    for at, question in enumerate(questionnaire.questions()):
        first_of.setdefault(question.name.lower(), at)
    return (
        *_check_whole(questionnaire),
        *_check_blocks(questionnaire),
        *(
            problem
            for at, question in enumerate(questionnaire.questions())
            for problem in _check_question(question, at, first_of, questionnaire.languages)
        ),
        *_check_conditions(questionnaire),
    )


def _check_whole(questionnaire: Questionnaire) -> Iterator[Problem]:
    if questionnaire.default_language not in questionnaire.languages:
        reason = (
            f"The default language {questionnaire.default_language} is not a language of the questionnaire."
        )
        yield Problem(reason=reason, field="default_language", language=questionnaire.default_language)
    for reason, language in _check_texts(questionnaire.title, questionnaire.languages, is_needed=True):
        yield Problem(reason=f"The title {reason}", field="title", language=language)
    if not any(question.takes_answer for question in questionnaire.questions()):
        yield Problem(reason="The questionnaire asks no question.", field="questions")


def _check_blocks(questionnaire: Questionnaire) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, block in enumerate((questionnaire.core, *questionnaire.blocks)):
        if not _name.fullmatch(block.name):
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
        for reason, language in _check_texts(block.label, questionnaire.languages, is_needed=False):
            yield Problem(reason=f"The label {reason}", field="label", language=language, block=at)


def _check_question(
    question: Question, at: int, first_of: dict[str, int], languages: tuple[str, ...]
) -> Iterator[Problem]:
    if not question.name:
        yield Problem(reason="The question has no name.", field="name", question=at)
    elif not _name.fullmatch(question.name):
        yield Problem(reason=f"The name {question.name!r} is not {name_rule}.", field="name", question=at)
    elif first_of[question.name.lower()] != at:
        yield Problem(reason=f"Two questions are named {question.name}.", field="name", question=at)
    texts = {
        "label": question.label,
        "hint": question.hint,
        "required_message": question.required_message,
        "constraint_message": question.constraint_message,
    }
    for field, text in texts.items():
        for reason, language in _check_texts(text, languages, is_needed=field == "label"):
            words = field.replace("_", " ")
            yield Problem(reason=f"The {words} {reason}", field=field, language=language, question=at)
    if not question.takes_answer and (question.is_required or question.constraint):
        field = "is_required" if question.is_required else "constraint"
        yield Problem(reason="A note takes no answer that could be checked.", field=field, question=at)
    yield from _check_choices(question, at, languages)


def _check_choices(question: Question, at: int, languages: tuple[str, ...]) -> Iterator[Problem]:
    if question.takes_choices != bool(question.choices):
        reason = "lacks choices" if question.takes_choices else "cannot have choices"
        yield Problem(reason=f"A question of type {question.type} {reason}.", field="choices", question=at)
    if len(question.choices) > most_choices:
        reason = f"The question offers {len(question.choices)} choices, more than {most_choices}."
        yield Problem(reason=reason, field="choices", question=at)
    seen: set[str] = set()
    for position, choice in enumerate(question.choices):
        for field, reason, language in _check_choice(choice, seen, languages):
            yield Problem(reason=reason, field=field, language=language, question=at, choice=position)
        seen.add(choice.name)
    if sum(choice.takes_text for choice in question.choices) > 1:
        reason = "More than one choice of the question takes a text."
        yield Problem(reason=reason, field="takes_text", question=at)


def _check_choice(
    choice: Choice, seen: set[str], languages: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    if not _choice_name.fullmatch(choice.name) or _unstorable.search(choice.name):
        yield (
            "name",
            f"The choice {choice.name!r} is not named without spaces and quotes, in at most 60 signs.",
            "",
        )
    elif choice.name in seen:
        yield "name", f"Two choices of the list are named {choice.name}.", ""
    for reason, language in _check_texts(choice.label, languages, is_needed=True):
        yield "label", f"The label {reason}", language


def _check_texts(texts: Texts, languages: tuple[str, ...], *, is_needed: bool) -> Iterator[tuple[str, str]]:
    """Each reason (to follow "The label …") with its language; a text given in one is given in all."""
    for language in languages:
        text = texts.get(language, "")
        if not text.strip() and (is_needed or any(texts.values())):
            yield f"is missing in {language}.", language
        elif "${" in text:
            yield "repeats an answer (${…}), which is not supported.", language
        elif _unstorable.search(text):
            yield "holds a control character.", language
        elif len(text) > longest_text:
            yield f"is longer than {longest_text} characters.", language
    for language in texts.keys() - set(languages):
        yield f"is given in {language}, which is not a language of the questionnaire.", language


def _check_conditions(questionnaire: Questionnaire) -> Iterator[Problem]:
    position = -1
    block_of = {
        question.name: block.name
        for block in (questionnaire.core, *questionnaire.blocks)
        for question in block.questions
    }
    groups = {block.name for block in (questionnaire.core, *questionnaire.blocks)}
    earlier: dict[str, Question] = {}
    for block in (questionnaire.core, *questionnaire.blocks):
        for question in block.questions:
            position += 1
            for field, source in (("relevant", question.relevant), ("constraint", question.constraint)):
                if not source:
                    continue
                place = _Place(questionnaire.core, block, question, earlier, block_of, groups)
                for reason in _check_condition(field, source, place):
                    yield Problem(reason=reason, field=field, question=position)
            earlier[question.name] = question


class _Place(msgspec.Struct):
    """Where a condition stands."""

    core: Block
    block: Block
    question: Question
    earlier: dict[str, Question]
    block_of: dict[str, str]
    groups: set[str]


def _check_condition(field: str, source: str, place: _Place) -> Iterator[str]:
    try:
        expression = parse_expression(source)
    except SurveyServiceError as error:
        yield str(error)
        return
    if field == "relevant" and expression.uses_current:
        yield "The condition reads the answer of its own question (a dot) before it is asked."
    for name in expression.references:
        if reason := _check_reference(name, place):
            yield reason
    yield from _check_choice_uses(expression, place)


def _check_reference(name: str, place: _Place) -> str:
    if name not in place.block_of:
        return f"The condition names ${{{name}}}, which is not a question."
    if name not in place.earlier:
        return f"The condition names ${{{name}}}, which is not asked before this question."
    if name in place.groups:  # XLSForm cannot tell which of the two is meant
        return f"The condition names ${{{name}}}, which is the name of a question and of a group."
    if not place.earlier[name].takes_answer:
        return f"The condition names ${{{name}}}, which is a note and takes no answer."
    if place.block_of[name] not in (place.core.name, place.block.name):
        return (
            f"The condition names ${{{name}}} of the group {place.block_of[name]}. Groups are served apart, "
            "so a condition can only read the core and its own group."
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
        is_whole_answer = question.type == "select_multiple" and not use.is_selected_call
        if not is_whole_answer and use.choice not in {choice.name for choice in question.choices}:
            yield f"The condition names the choice {use.choice!r}, which {question.name} does not have."
