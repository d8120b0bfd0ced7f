"""Labels and hints with the places of earlier answers and known facts filled in, safe to stand in a page.

An answer of an earlier page, or of this one when it comes back with errors, is written by the server; one
that is given on the same page is put there by the script. Until then brackets say which answer it is.
"""

from collections.abc import Mapping, Sequence

from babel.lists import format_list
from markupsafe import Markup, escape

from survey_service.domain.answer_fields import FormValues, read_fields
from survey_service.domain.known_facts import KnownFact
from survey_service.domain.numerals import read_date, read_decimal
from survey_service.domain.piping import Pipe, mask_fact, split_text
from survey_service.domain.questionnaire import Question
from survey_service.i18n.formatting import format_date, format_number
from survey_service.i18n.translate import current_locale, gettext


class PipedTexts:
    """Fills the texts of one form in one language."""

    def __init__(
        self,
        questions: Sequence[Question],
        locale: str,
        values: FormValues,
        numbers: Mapping[str, int],
        facts: Mapping[str, str],
    ) -> None:
        self.parts = {part.name: part for question in questions for part in question.parts}
        self.locale = locale
        self.values = values
        self.numbers = numbers
        self.facts = facts

    def fill(self, text: str) -> Markup:
        """The text as HTML, everything in it escaped."""
        return Markup("").join(
            self.fill_place(part.name) if isinstance(part, Pipe) else escape(part)
            for part in split_text(text)
        )

    def fill_place(self, name: str) -> Markup:
        if name not in self.parts:
            return Markup("<bdi>{}</bdi>").format(self.facts.get(name) or say_unknown())
        said = say_answer(self.parts[name], self.values, self.locale) or self.describe(name)
        return Markup('<bdi data-pipe="{}">{}</bdi>').format(name, said)

    def describe(self, name: str) -> str:
        if number := self.numbers.get(name):
            return gettext("(your answer to question %(number)s)") % {"number": format_number(number)}
        return gettext("(your earlier answer)")


def say_unknown() -> str:
    """What stands in the place of a fact that nobody told us."""
    return gettext("(not known)")


def say_facts(known: Mapping[str, KnownFact], locale: str) -> dict[str, str]:
    """Known facts so that only the person they are about recognises them; the language must be current."""
    return {name: mask_fact(_say_fact(fact, locale)) for name, fact in known.items()}


def _say_fact(known: KnownFact, locale: str) -> str:
    chosen = known.answer.value.split()
    labels = [choice.label for choice in known.question.choices if choice.name in chosen]
    return next((label.get(locale, "") for label in labels), known.answer.value)


def say_answer(question: Question, values: FormValues, locale: str) -> str:
    """What was answered, as the person would say it; empty where nothing valid was."""
    value = read_fields(question, values).value
    if not value:
        return ""
    if question.takes_choices:
        chosen = value.split()
        labels = [choice.label[locale] for choice in question.choices if choice.name in chosen]
        return format_list(labels, locale=current_locale().code)
    if question.type == "date":
        day = read_date(*reversed(value.split("-")))
        return format_date(day) if day else ""
    if question.type in ("integer", "decimal"):
        number = read_decimal(value)
        return value if number is None else format_number(float(number))
    return value
