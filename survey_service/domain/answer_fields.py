"""The fields of a form, read type by type: an answer, nothing, or what is wrong with it.

Names of the fields in the HTML form: a question's field has the question's name; what goes with it has a name
made by the functions below. Element ids are `<name>` for the first input and `<name>-2`, `<name>-3` for
the following ones. Names of questions hold no hyphen, so none of these collide.

Nothing that is posted can raise: a stranger may send any field any number of times with any signs in it.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from survey_service.domain.numerals import read_date, read_decimal, read_whole_number, write_decimal
from survey_service.domain.postcodes import read_postcode
from survey_service.domain.questionnaire import Question, QuestionType, Texts, declined_option

text_limit = 2_000
short_text_limit = 500
other_text_limit = 500
most_digits = 15
"""A double holds every whole number of fifteen digits exactly."""
consent_option = "OK"
"""What XLSForm's acknowledge writes."""

_unstorable = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""PostgreSQL's text holds no NUL and no lone surrogate; other control signs mean nothing in an answer."""
_newline = re.compile(r"\r\n?")


def other_field(name: str) -> str:
    """The text beside a choice such as "other – please say"."""
    return f"{name}--other"


def declined_field(name: str) -> str:
    """The box "prefer not to say" under a field that is typed into; choices have it among themselves."""
    return f"{name}--declined"


def date_fields(name: str) -> tuple[str, str, str]:
    """Day, month and year."""
    return name, f"{name}--month", f"{name}--year"


def rank_field(name: str, position: int) -> str:
    """The place given to the choice at this position, counted from 0."""
    return f"{name}--{position + 1}"


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row for the database: one per question, or one per chosen option."""

    question: str
    option: str | None = None
    text: str | None = None
    number: float | None = None


class AnswerError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why one question must be looked at again, as a key that the web puts into words."""

    question: str
    field: str
    """Name of the field the error belongs to, also the id of its first input."""
    key: str
    """One of `message_keys`."""
    parameters: dict[str, int] = {}
    own_message: Texts = {}
    """The author's own words for this error, per language; empty where there are none."""
    row: Texts = {}
    """The row of a grid it is about, per language."""


FormValues = Mapping[str, Sequence[str]]


class Reading(msgspec.Struct, frozen=True):
    """What one question's fields say: rows, the value that conditions read, or an error."""

    rows: tuple[Answer, ...] = ()
    value: str = ""
    error: AnswerError | None = None


def read_fields(question: Question, form_values: FormValues) -> Reading:
    """The answer to one question that is no grid; see `Question.parts`."""
    reading = _readers[question.type](question, form_values)
    if not question.may_decline or not _has_declined(question, form_values):
        return reading
    if reading.rows or reading.error is not None:
        return refuse(question, "answer.declined_and_answered")
    return Reading(rows=(Answer(question=question.name, option=declined_option),))


def refuse(
    question: Question,
    key: str,
    *,
    field: str = "",
    limit: int | None = None,
    own_message: Texts | None = None,
) -> Reading:
    """Why the question must be looked at again."""
    error = AnswerError(
        question=question.name,
        field=field or question.name,
        key=key,
        parameters={} if limit is None else {"limit": limit},
        own_message=own_message or {},
    )
    return Reading(error=error)


def clean_text(text: str) -> str:
    """The text as it can be stored: one kind of line end, no control characters, no space around it."""
    return _unstorable.sub("", _newline.sub("\n", text)).strip()


def _posted(form_values: FormValues, field: str) -> list[str]:
    """The texts posted under one name. A single text counts as a list of one; an uploaded file as nothing."""
    posted = form_values.get(field, ())
    texts = [posted] if isinstance(posted, str) else posted
    return [text for text in texts if isinstance(text, str) and text]


def _first_text(form_values: FormValues, field: str) -> str:
    """The first text under this name that says anything."""
    return next(filter(None, map(clean_text, _posted(form_values, field))), "")


def _has_declined(question: Question, form_values: FormValues) -> bool:
    return declined_option in _posted(form_values, question.name) or bool(
        _first_text(form_values, declined_field(question.name))
    )


def _read_select(question: Question, form_values: FormValues) -> Reading:
    names = set(_posted(form_values, question.name))
    if question.may_decline:
        names.discard(declined_option)
    chosen = [choice for choice in question.choices if choice.name in names]
    if len(chosen) < len(names):
        return refuse(question, "answer.not_listed")
    if question.takes_one_choice and len(chosen) > 1:
        return refuse(question, "answer.only_one")
    if len(chosen) > 1 and any(choice.is_exclusive for choice in chosen):
        return refuse(question, "answer.not_together")
    rows: list[Answer] = []
    for choice in chosen:
        field = other_field(question.name)
        text = _first_text(form_values, field) if choice.takes_text else ""
        if len(text) > other_text_limit:
            return refuse(question, "answer.other_text_too_long", field=field, limit=other_text_limit)
        point = choice.point if question.type == "scale" else None
        rows.append(
            Answer(
                question=question.name,
                option=choice.name,
                text=text or None,
                number=None if point is None else float(point),
            )
        )
    return Reading(rows=tuple(rows), value=" ".join(choice.name for choice in chosen))


def _read_rank(question: Question, form_values: FormValues) -> Reading:
    """Places from 1 on; gaps do not matter, only the order does. One row per thing that has a place."""
    places: dict[int, str] = {}
    for position, choice in enumerate(question.choices):
        typed = _first_text(form_values, rank_field(question.name, position))
        if not typed:
            continue
        place = read_whole_number(typed[: 4 * most_digits])
        if place is None or not 1 <= place <= len(question.choices):
            return refuse(question, "answer.not_listed")
        if place in places:
            return refuse(question, "answer.same_place")
        places[place] = choice.name
    if question.is_required and 0 < len(places) < len(question.choices):
        return refuse(question, "answer.required.rank", own_message=question.required_message)
    order = [places[place] for place in sorted(places)]
    rows = tuple(
        Answer(question=question.name, option=name, number=float(place))
        for place, name in enumerate(order, start=1)
    )
    return Reading(rows=rows, value=" ".join(order))


def _read_integer(question: Question, form_values: FormValues) -> Reading:
    text = _first_text(form_values, question.name)
    if not text:
        return Reading()
    number = read_whole_number(text[: 4 * most_digits])
    if number is None:
        return refuse(question, "answer.not_a_whole_number")
    if abs(number) >= 10**most_digits:
        return refuse(question, "answer.number_too_long", limit=most_digits)
    return Reading(rows=(Answer(question=question.name, number=float(number)),), value=str(number))


def _read_decimal(question: Question, form_values: FormValues) -> Reading:
    text = _first_text(form_values, question.name)
    if not text:
        return Reading()
    number = read_decimal(text[: 4 * most_digits])
    if number is None:
        return refuse(question, "answer.not_a_number")
    if len(number.as_tuple().digits) > most_digits + 1:  # the zero before the point counts as one
        return refuse(question, "answer.number_too_long", limit=most_digits)
    return Reading(rows=(Answer(question=question.name, number=float(number)),), value=write_decimal(number))


def _read_date(question: Question, form_values: FormValues) -> Reading:
    """Stored whole as text, its month as the option that is counted."""
    fields = date_fields(question.name)
    parts = [_first_text(form_values, field) for field in fields]
    if not any(parts):
        return Reading()
    for field, part in zip(fields, parts, strict=True):
        if not part:
            return refuse(question, "answer.date_incomplete", field=field)
    day = read_date(*parts)
    if day is None:
        return refuse(question, "answer.no_such_date")
    row = Answer(question=question.name, option=f"{day:%Y-%m}", text=day.isoformat())
    return Reading(rows=(row,), value=day.isoformat())


def _read_text(question: Question, form_values: FormValues) -> Reading:
    text = _first_text(form_values, question.name)
    limit = text_limit if question.appearance == "multiline" else short_text_limit
    if question.appearance != "multiline":
        text = " ".join(text.split())
    if not text:
        return Reading()
    if len(text) > limit:
        return refuse(question, "answer.text_too_long", limit=limit)
    return Reading(rows=(Answer(question=question.name, text=text),), value=text)


def _read_postcode(question: Question, form_values: FormValues) -> Reading:
    """The area is the option that is counted; where only the area is asked, nothing more is kept."""
    text = _first_text(form_values, question.name)
    if not text:
        return Reading()
    halves = read_postcode(text[:40])
    if question.appearance == "area":
        if halves is None:
            return refuse(question, "answer.not_an_area")
        return Reading(rows=(Answer(question=question.name, option=halves[0]),), value=halves[0])
    if halves is None or not halves[1]:
        return refuse(question, "answer.not_a_postcode")
    whole = " ".join(halves)
    return Reading(rows=(Answer(question=question.name, option=halves[0], text=whole),), value=whole)


def _read_consent(question: Question, form_values: FormValues) -> Reading:
    if not _first_text(form_values, question.name):
        return Reading()
    return Reading(rows=(Answer(question=question.name, option=consent_option),), value=consent_option)


_readers: dict[QuestionType, Callable[[Question, FormValues], Reading]] = {
    "select_one": _read_select,
    "select_multiple": _read_select,
    "scale": _read_select,
    "rank": _read_rank,
    "integer": _read_integer,
    "decimal": _read_decimal,
    "date": _read_date,
    "text": _read_text,
    "postcode": _read_postcode,
    "consent": _read_consent,
}
