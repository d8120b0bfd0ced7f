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
    "answer.required.integer": lazy_gettext("Enter a number"),
    "answer.required.text": lazy_gettext("Enter an answer"),
    "answer.only_one": lazy_gettext("Choose only one of the answers"),
    "answer.not_listed": lazy_gettext("Choose from the answers that are shown"),
    "answer.not_a_whole_number": lazy_gettext("Enter a whole number, using digits only"),
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

described_keys = frozenset(_plain) | frozenset(_counted)
"""Every key there is a sentence for."""


def describe_error(error: AnswerError) -> str:
    """The sentence for an error, in the current language."""
    own = error.own_message.get(current_locale().code, "")
    if own:
        return own
    if error.key in _counted:
        limit = error.parameters["limit"]
        return _counted[error.key](limit) % {"limit": format_number(limit)}
    return str(_plain[error.key])
