"""What is said when an answer cannot be taken: one sentence for each key of `domain/answers.py`.

The author of a questionnaire may have words of their own for a question; those come first.
"""

from collections.abc import Callable

from survey_service.domain.answers import AnswerError
from survey_service.i18n.formatting import format_number
from survey_service.i18n.translate import current_locale, lazy_gettext, ngettext

_plain = {
    "answer.required.select_one": lazy_gettext("Choose one of the answers"),
    "answer.required.select_multiple": lazy_gettext("Choose at least one of the answers"),
    "answer.required.scale": lazy_gettext("Choose one of the answers"),
    "answer.required.rank": lazy_gettext("Give each of these a place"),
    "answer.required.integer": lazy_gettext("Enter a number"),
    "answer.required.decimal": lazy_gettext("Enter a number"),
    "answer.required.date": lazy_gettext("Enter a date"),
    "answer.required.text": lazy_gettext("Enter an answer"),
    "answer.required.postcode": lazy_gettext("Enter a postcode"),
    "answer.required.consent": lazy_gettext("Tick the box to go on"),
    "answer.only_one": lazy_gettext("Choose only one of the answers"),
    "answer.not_listed": lazy_gettext("Choose from the answers that are shown"),
    "answer.not_together": lazy_gettext("You chose an answer that cannot go together with another one"),
    "answer.declined_and_answered": lazy_gettext("Give an answer or choose not to say, not both"),
    "answer.same_place": lazy_gettext("Give each place only once"),
    "answer.not_a_whole_number": lazy_gettext("Enter a whole number, using digits only"),
    "answer.not_a_number": lazy_gettext("Enter a number, using digits and at most one decimal point"),
    "answer.date_incomplete": lazy_gettext("Enter the day, the month and the year"),
    "answer.no_such_date": lazy_gettext("Enter a real date, with all four digits of the year"),
    "answer.not_a_postcode": lazy_gettext("Enter a full postcode"),
    "answer.not_an_area": lazy_gettext("Enter the first part of a postcode"),
    "answer.constraint": lazy_gettext("Check this answer: it is outside what the question allows"),
}

_counted: dict[str, Callable[[int], str]] = {
    "answer.number_too_long": lambda limit: ngettext(
        "The number must have %(limit)s digit or fewer",
        "The number must have %(limit)s digits or fewer",
        limit,
    ),
    "answer.text_too_long": lambda limit: ngettext(
        "Your answer must have %(limit)s character or fewer",
        "Your answer must have %(limit)s characters or fewer",
        limit,
    ),
    "answer.other_text_too_long": lambda limit: ngettext(
        "What you write beside the answer must have %(limit)s character or fewer",
        "What you write beside the answer must have %(limit)s characters or fewer",
        limit,
    ),
}

_ends = "?؟？…:।。"
"""Signs after which a colon would be one too many."""

described_keys = frozenset(_plain) | frozenset(_counted)
"""Every key there is a sentence for."""


def describe_error(error: AnswerError) -> str:
    """The sentence for an error, in the current language; with the row of a grid it is about."""
    row = error.row.get(current_locale().code, "")
    if not row:
        return _describe(error)
    return f"{row} {_describe(error)}" if row[-1] in _ends else f"{row}: {_describe(error)}"


def _describe(error: AnswerError) -> str:
    own = error.own_message.get(current_locale().code, "")
    if own:
        return own
    if error.key in _counted:
        limit = error.parameters["limit"]
        return _counted[error.key](limit) % {"limit": format_number(limit)}
    return str(_plain[error.key])
