"""What is wrong with one question by itself: its name, its texts, its choices, what its type allows."""

import re
from collections.abc import Iterator

import msgspec

from survey_service.domain.questionnaire import Choice, Question, Texts, appearances_of_type

longest_text = 5_000
rememberable_types = ("select_one", "integer", "date", "postcode")
"""What one person is for some time: not opinions, nor texts that could say anything."""
most_choices = 200
most_rows = 20
most_ranked = 10
most_faces = 5
name_rule = "a letter, then letters, digits and underscores, at most 60"
_name = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_choice_name = re.compile(r"[^\s'\"\x00-\x1f\x7f]{1,60}")
_unstorable = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Signs that neither a workbook nor PostgreSQL can hold."""
_piped_fields = ("label", "hint")


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
    row: int | None = None
    """Position among the rows of a grid."""


def is_name(text: str) -> bool:
    """True for a name that HTML fields, conditions and workbooks can all carry."""
    return _name.fullmatch(text) is not None


def check_question(
    question: Question, at: int, taken: set[str], languages: tuple[str, ...]
) -> Iterator[Problem]:
    """Everything wrong with the question at this position; its names are added to `taken` (small letters)."""
    yield from _check_name(question, at, taken)
    texts = {
        "label": question.label,
        "hint": question.hint,
        "required_message": question.required_message,
        "constraint_message": question.constraint_message,
    }
    for field, text in texts.items():
        for reason, language in check_texts(
            text, languages, is_needed=field == "label", may_pipe=field in _piped_fields
        ):
            words = field.replace("_", " ")
            yield Problem(reason=f"The {words} {reason}", field=field, language=language, question=at)
    for field, reason in (*_check_type(question), *_check_reuse(question)):
        yield Problem(reason=reason, field=field, question=at)
    yield from _check_choices(question, at, languages)
    yield from _check_rows(question, at, taken, languages)


def check_texts(
    texts: Texts, languages: tuple[str, ...], *, is_needed: bool, may_pipe: bool = False
) -> Iterator[tuple[str, str]]:
    """Each reason (to follow "The label …") with its language; a text given in one is given in all."""
    for language in languages:
        text = texts.get(language, "")
        if not text.strip() and (is_needed or any(texts.values())):
            yield f"is missing in {language}.", language
        elif "${" in text and not may_pipe:
            yield "repeats an answer (${…}); only the label and the hint of a question can.", language
        elif _unstorable.search(text):
            yield "holds a control character.", language
        elif len(text) > longest_text:
            yield f"is longer than {longest_text} characters.", language
    for language in texts.keys() - set(languages):
        yield f"is given in {language}, which is not a language of the questionnaire.", language


def _check_name(question: Question, at: int, taken: set[str]) -> Iterator[Problem]:
    if not question.name:
        yield Problem(reason="The question has no name.", field="name", question=at)
    elif not is_name(question.name):
        yield Problem(reason=f"The name {question.name!r} is not {name_rule}.", field="name", question=at)
    elif question.name.lower() in taken:
        yield Problem(reason=f"Two questions are named {question.name}.", field="name", question=at)
    taken.add(question.name.lower())


def _check_type(question: Question) -> Iterator[tuple[str, str]]:
    """What the type does not allow, by field."""
    if not question.takes_answer:
        for field in ("is_required", "constraint", "may_decline"):
            if getattr(question, field):
                yield field, "A note takes no answer that could be checked."
                break
    if question.appearance and question.appearance not in appearances_of_type.get(question.type, ()):
        yield "appearance", f"A question of type {question.type} cannot look like {question.appearance!r}."
    if question.type == "grid" and question.constraint:
        yield "constraint", "A grid cannot have a constraint. Ask the row as a question of its own."
    if question.type == "consent" and (question.constraint or question.may_decline):
        field = "constraint" if question.constraint else "may_decline"
        yield field, "A consent is given or not: it has no constraint and cannot be declined."


def _check_reuse(question: Question) -> Iterator[tuple[str, str]]:
    for field in ("concept", "remember_as"):
        name = getattr(question, field)
        if name and not question.takes_answer:
            yield field, "A note takes no answer that could be used again."
        elif name and not is_name(name):
            yield field, f"The name {name!r} is not {name_rule}."
    if question.takes_answer and question.remember_as and question.type not in rememberable_types:
        yield "remember_as", f"The answer to a question of type {question.type} cannot be kept as a fact."


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
    for field, reason in _check_choice_marks(question):
        yield Problem(reason=reason, field=field, question=at)
    if question.takes_choices and question.choices:
        for reason in _check_order(question):
            yield Problem(reason=reason, field="choices", question=at)


def _check_choice(
    choice: Choice, seen: set[str], languages: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    if not _choice_name.fullmatch(choice.name) or _unstorable.search(choice.name):
        yield (
            "name",
            f"The choice {choice.name!r} is not named without spaces and quotes, in at most 60 signs.",
            "",
        )
    elif choice.name.startswith("--"):
        yield (
            "name",
            f"The choice {choice.name!r} begins with two hyphens, which are kept for our own use.",
            "",
        )
    elif choice.name in seen:
        yield "name", f"Two choices of the list are named {choice.name}.", ""
    for reason, language in check_texts(choice.label, languages, is_needed=True):
        yield "label", f"The label {reason}", language


def _check_choice_marks(question: Question) -> Iterator[tuple[str, str]]:
    """Choices that take a text or exclude the others, where they make no sense."""
    if sum(choice.takes_text for choice in question.choices) > 1:
        yield "takes_text", "More than one choice of the question takes a text."
    if question.type not in ("select_one", "select_multiple") and any(c.takes_text for c in question.choices):
        yield "takes_text", f"A choice of a question of type {question.type} cannot take a text."
    if question.type != "select_multiple" and any(choice.is_exclusive for choice in question.choices):
        yield "is_exclusive", "Only a question with several answers has a choice that excludes the others."


def _check_order(question: Question) -> Iterator[str]:
    """A scale is a row of numbers in order; what is to be ranked is at least two things and few."""
    if question.type == "rank" and not 2 <= len(question.choices) <= most_ranked:
        yield f"People can put 2 to {most_ranked} things in order, not {len(question.choices)}."
    if question.type != "scale" and (question.type, question.appearance) != ("grid", "scale"):
        return
    points = [choice.point for choice in question.choices]
    numbers = [point for point in points if point is not None]
    if len(numbers) < 2:
        yield "A scale has at least two points, named by whole numbers."
    elif points[: len(numbers)] != numbers:
        yield "The choices of a scale that are no numbers come after its points."
    elif numbers not in (sorted(set(numbers)), sorted(set(numbers), reverse=True)):
        yield "The points of a scale are not in the order of their numbers."
    if question.appearance == "smileys" and len(numbers) > most_faces:
        yield f"A scale of faces has at most {most_faces} points, not {len(numbers)}."


def _check_rows(
    question: Question, at: int, taken: set[str], languages: tuple[str, ...]
) -> Iterator[Problem]:
    if (question.type == "grid") != bool(question.rows):
        reason = "A grid lacks rows." if question.type == "grid" else "Only a grid has rows."
        yield Problem(reason=reason, field="rows", question=at)
    if len(question.rows) > most_rows:
        reason = f"The grid has {len(question.rows)} rows, more than {most_rows}."
        yield Problem(reason=reason, field="rows", question=at)
    for position, row in enumerate(question.rows):
        if not is_name(row.name):
            reason = f"The name of the row {row.name!r} is not {name_rule}."
            yield Problem(reason=reason, field="name", question=at, row=position)
        elif row.name.lower() in taken:
            reason = f"The row has the name {row.name}, which is used already."
            yield Problem(reason=reason, field="name", question=at, row=position)
        taken.add(row.name.lower())
        for reason, language in check_texts(row.label, languages, is_needed=True):
            yield Problem(
                reason=f"The label {reason}", field="label", language=language, question=at, row=position
            )
