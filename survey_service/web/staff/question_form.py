"""The form of one question: from the question to the fields, and from what was typed back to a question."""

from collections.abc import Callable
from typing import Any

import msgspec

from survey_service.domain.draft_changes import make_name
from survey_service.domain.plain_rules import read_any_of, read_limits, write_any_of, write_limits
from survey_service.domain.question_kinds import is_scale, number_points
from survey_service.domain.questionnaire import (
    Appearance,
    Choice,
    GridRow,
    Question,
    Questionnaire,
    QuestionType,
    Texts,
    appearances_of_type,
    type_names,
)
from survey_service.domain.version_changes import fold_text

LONGEST = 5_000
MOST_ROWS = 200
EMPTY_ROWS = 4
"""Empty places for answers that a question without any begins with."""

Values = Any
"""Litestar's form: a mapping with `getall`."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, or one row of a grid; `name` is empty for a new one."""

    name: str = ""
    label: str = ""
    mark: str = ""
    """takes_text, is_exclusive or nothing."""


class QuestionForm(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the fields."""

    type: QuestionType
    appearance: Appearance = ""
    label: str = ""
    hint: str = ""
    choices: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    is_required: bool = False
    required_message: str = ""
    may_decline: bool = False
    shown_by: tuple[str, ...] = ()
    """Each `question choice`: a name holds no space."""
    relevant: str = ""
    """A condition of another shape than `shown_by`."""
    least: str = ""
    most: str = ""
    constraint: str = ""
    """A rule of another shape than `least` and `most`."""
    constraint_message: str = ""
    keeps_meaning: bool = False
    is_new_question: bool = False
    """Of a survey that is open: asked from now on under a name of its own."""
    concept: str = ""
    remember_as: str = ""


def form_of(question: Question, language: str) -> QuestionForm:
    """The fields of a question as it stands."""
    chosen, limits = read_any_of(question.relevant), read_limits(question.constraint)
    choices = tuple(
        Row(name=one.name, label=one.label.get(language, ""), mark=_mark(one)) for one in question.choices
    )
    return QuestionForm(
        type=question.type,
        appearance=question.appearance,
        label=question.label.get(language, ""),
        hint=question.hint.get(language, ""),
        choices=choices or ((Row(),) * EMPTY_ROWS if question.takes_choices else ()),
        rows=tuple(Row(name=one.name, label=one.label.get(language, "")) for one in question.rows),
        is_required=question.is_required,
        required_message=question.required_message.get(language, ""),
        may_decline=question.may_decline,
        shown_by=tuple(f"{name} {choice}" for name, choice in chosen or ()),
        relevant="" if chosen is not None else question.relevant,
        least=limits[0] if limits else "",
        most=limits[1] if limits else "",
        constraint="" if limits is not None else question.constraint,
        constraint_message=question.constraint_message.get(language, ""),
        concept=question.concept,
        remember_as=question.remember_as,
    )


def read_question_form(values: Values) -> QuestionForm:
    """What was typed; nothing is judged yet."""
    kind, look = _text(values, "type"), _text(values, "appearance")
    known = kind if kind in type_names else "select_one"
    question_type = msgspec.convert(known, QuestionType)
    return QuestionForm(
        type=question_type,
        appearance=next((one for one in appearances_of_type.get(question_type, ()) if one == look), ""),
        label=_text(values, "label"),
        hint=_text(values, "hint"),
        choices=_rows(values, "choice"),
        rows=_rows(values, "row"),
        is_required=_text(values, "is_required") == "yes",
        required_message=_text(values, "required_message"),
        may_decline=_text(values, "may_decline") == "yes",
        shown_by=tuple(str(one) for one in values.getall("shown_by", [])[:MOST_ROWS]),
        relevant=_text(values, "relevant"),
        least=_number(values, "least"),
        most=_number(values, "most"),
        constraint=_text(values, "constraint"),
        constraint_message=_text(values, "constraint_message"),
        keeps_meaning=_text(values, "keeps_meaning") == "yes",
        is_new_question=_text(values, "is_new_question") == "yes",
        concept=_text(values, "concept")[:80],
        remember_as=_text(values, "remember_as")[:80],
    )


def change_rows(form: QuestionForm, step: str) -> QuestionForm:
    """The form after a press of add, up, down or remove beside its rows, for example `choices:up:2`."""
    field, _, rest = step.partition(":")
    what, _, place = rest.partition(":")
    if field not in ("choices", "rows"):
        return form
    rows: list[Row] = list(getattr(form, field))
    at = int(place) if place.isascii() and place.isdigit() else -1
    if what == "add":
        rows += [Row(), Row()]
    elif 0 <= at < len(rows):
        row = rows.pop(at)
        if what in ("up", "down"):
            rows.insert(max(0, at - 1) if what == "up" else at + 1, row)
    changes: dict[str, Any] = {field: tuple(rows)}
    return msgspec.structs.replace(form, **changes)


def to_question(
    form: QuestionForm,
    questionnaire: Questionnaire,
    *,
    original: Question,
    name: str,
    taken: set[str],
    asked: Question | None = None,
) -> Question:
    """The question these fields make of `original`, whose texts in other languages stay.

    `asked` is the question with every answer it ever offered: their codes are not given to others.
    """
    language = questionnaire.default_language
    rename = _Namer(form, taken | {name}, asked, language)
    relevant, constraint = form.relevant, form.constraint
    if not relevant:
        pairs = [(one.split(" ")[0], one.split(" ")[1]) for one in form.shown_by if one.count(" ") == 1]
        relevant = write_any_of(pairs, questionnaire)
    if not constraint and form.type in ("integer", "decimal"):
        constraint = write_limits(form.least, form.most)
    return msgspec.structs.replace(
        original,
        name=name,
        type=form.type,
        appearance=form.appearance,
        label=_put(original.label, language, form.label),
        hint=_put(original.hint, language, form.hint),
        choices=_choices(form, original, language, rename.choice),
        rows=_grid_rows(form, original, language, rename.row),
        is_required=form.is_required,
        required_message=_put(original.required_message, language, form.required_message),
        may_decline=form.may_decline,
        relevant=relevant,
        constraint=constraint,
        constraint_message=_put(original.constraint_message, language, form.constraint_message),
        concept=form.concept,
        remember_as=form.remember_as,
    )


def moved_codes(form: QuestionForm, question: Question) -> dict[str, str]:
    """Points of a scale that got another number as they were put in another order: old to new."""
    if not is_scale(form.type, form.appearance):
        return {}
    rows = [row for row in form.choices if row.label]
    in_order = sorted(rows, key=lambda row: bool(row.name) and not row.name.removeprefix("-").isdecimal())
    pairs = zip((row.name for row in in_order), (one.name for one in question.choices), strict=False)
    return {before: after for before, after in pairs if before and before != after}


def moved_rows(form: QuestionForm, question: Question) -> dict[str, str]:
    """Rows of a grid that got another name: old to new."""
    names = [row.name for row in form.rows if row.label]
    pairs = zip(names, (one.name for one in question.rows), strict=False)
    return {before: after for before, after in pairs if before and before != after}


class _Namer:
    """Names for new answers and rows."""

    def __init__(self, form: QuestionForm, taken: set[str], asked: Question | None, language: str) -> None:
        self._is_scale = is_scale(form.type, form.appearance)
        shown = {row.name for row in form.choices if row.name}
        offered = asked.choices if asked is not None else ()
        labels = {fold_text(one.label.get(language, "")): one.name for one in offered}
        self._back = {label: name for label, name in labels.items() if name not in shown}
        self._choices = shown | {one.name for one in offered}
        self._taken = taken | {row.name for row in form.rows if row.name}

    def choice(self, label: str) -> str:
        """A scale's answers are named by the numbers that follow, others by their words.

        An answer that comes back gets the code it had.
        """
        if code := self._back.pop(fold_text(label), ""):
            return code
        if self._is_scale:
            points = [int(one) for one in self._choices if one.removeprefix("-").isdecimal()]
            name = str(max(points, default=0) + 1)
        else:
            name = make_name(label, self._choices, fallback="option")
        self._choices.add(name)
        return name

    def row(self, label: str) -> str:
        name = make_name(label, self._taken, fallback="row")
        self._taken.add(name)
        return name


def _choices(
    form: QuestionForm, original: Question, language: str, name_of: Callable[[str], str]
) -> tuple[Choice, ...]:
    known = {choice.name: choice for choice in original.choices}
    choices = tuple(
        Choice(
            name=row.name or name_of(row.label),
            label=_put(known[row.name].label if row.name in known else {}, language, row.label),
            takes_text=row.mark == "takes_text",
            is_exclusive=row.mark == "is_exclusive",
        )
        for row in form.choices
        if row.label
    )
    return number_points(choices) if is_scale(form.type, form.appearance) else choices


def _grid_rows(
    form: QuestionForm, original: Question, language: str, name_of: Callable[[str], str]
) -> tuple[GridRow, ...]:
    known = {row.name: row for row in original.rows}
    return tuple(
        GridRow(
            name=row.name or name_of(row.label),
            label=_put(known[row.name].label if row.name in known else {}, language, row.label),
        )
        for row in form.rows
        if row.label
    )


def _put(texts: Texts, language: str, text: str) -> Texts:
    """A text in one language; where it is emptied its translations go with it."""
    return texts | {language: text} if text else {}


def _mark(choice: Choice) -> str:
    return "takes_text" if choice.takes_text else ("is_exclusive" if choice.is_exclusive else "")


def _rows(values: Values, field: str) -> tuple[Row, ...]:
    labels = values.getall(f"{field}_label", [])[:MOST_ROWS]
    names = [*values.getall(f"{field}_name", []), *[""] * len(labels)]
    marks = [*values.getall(f"{field}_mark", []), *[""] * len(labels)]
    return tuple(
        Row(name=str(name)[:60], label=" ".join(str(label).split())[:LONGEST], mark=str(mark)[:20])
        for name, label, mark in zip(names, labels, marks, strict=False)
    )


def _text(values: Values, name: str) -> str:
    return str(values.get(name, "")).replace("\r\n", "\n").strip()[: LONGEST + 1]


def _number(values: Values, name: str) -> str:
    """A limit as it was typed; what is no number goes on and is refused as a formula."""
    return _text(values, name)[:20].replace(",", ".")
