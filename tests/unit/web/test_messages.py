"""A sentence for every error, and the author's own words before it."""

import pytest

from survey_service.domain.answers import AnswerError, message_keys
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.i18n.translate import use_locale
from survey_service.web.messages import describe_error, described_keys


def test_there_is_a_sentence_for_exactly_the_keys_of_the_domain() -> None:
    assert described_keys == set(message_keys)


@pytest.mark.parametrize("locale", KNOWN_LOCALES)
@pytest.mark.parametrize("key", message_keys)
def test_every_sentence_can_be_said_in_every_language(key: str, locale: str) -> None:
    error = AnswerError(question="q", field="q", key=key, parameters={"limit": 500})
    with use_locale(locale):
        said = describe_error(error)
    assert said
    assert "%" not in said
    assert (said == describe_error(error)) == (locale == "en")


def test_a_limit_is_said_in_the_readers_digits() -> None:
    error = AnswerError(question="q", field="q", key="answer.text_too_long", parameters={"limit": 2000})
    assert describe_error(error) == "Your answer must have 2,000 characters or fewer"
    with use_locale("bn"):
        assert "২,০০০" in describe_error(error)


def test_the_authors_words_come_first_in_their_language_only() -> None:
    error = AnswerError(
        question="q", field="q", key="answer.constraint", own_message={"fr": "Entre 0 et 120", "bn": ""}
    )
    with use_locale("fr"):
        assert describe_error(error) == "Entre 0 et 120"
    with use_locale("bn"):
        assert describe_error(error).startswith("এই উত্তরটি")
    assert describe_error(error).startswith("Check this answer")
