"""Rules that need no formula: written, read back, and left alone where they are of another shape."""

import pytest

from survey_service.domain.expressions import parse_expression
from survey_service.domain.offered_languages import offered_languages
from survey_service.domain.plain_rules import (
    questions_to_depend_on,
    read_any_of,
    read_limits,
    write_any_of,
    write_limits,
)
from survey_service.domain.question_kinds import begin_question, kind_of, kinds
from survey_service.settings import Settings
from tests.support.make_questionnaire import make_questionnaire


def test_what_is_shown_when_any_was_chosen() -> None:
    questionnaire = make_questionnaire()
    chosen = [("q1", "yes"), ("q2", "no")]
    written = write_any_of(chosen, questionnaire)
    assert written == "${q1} = 'yes' or selected(${q2}, 'no')"
    assert read_any_of(written) == tuple(chosen)
    condition = parse_expression(written)
    assert condition.is_true({"q1": "no", "q2": "yes no"})
    assert not condition.is_true({"q1": "no", "q2": "yes"})


@pytest.mark.parametrize("condition", ["${q3} > 5", "${q1} = 'yes' and ${q2} = 'no'", "not(${q1} = 'yes')"])
def test_other_conditions_are_left_alone(condition: str) -> None:
    assert read_any_of(condition) is None


@pytest.mark.parametrize("limits", [("0", "120"), ("16", ""), ("", "9.5"), ("-3", "3"), ("", "")])
def test_limits_there_and_back(limits: tuple[str, str]) -> None:
    assert read_limits(write_limits(*limits)) == limits


def test_other_limits_are_left_alone() -> None:
    assert read_limits(". > 0 and . < 10") is None


def test_only_what_is_asked_before_and_served_together_can_be_depended_on() -> None:
    questionnaire = make_questionnaire()
    assert [one.name for one in questions_to_depend_on(questionnaire, block="b2", before="q5")] == ["q1"]
    assert [one.name for one in questions_to_depend_on(questionnaire, block="b1")] == ["q1", "q2"]


@pytest.mark.parametrize("kind", kinds)
def test_every_kind_is_known_again(kind) -> None:
    assert kind_of(begin_question(kind, "en", {})) == kind


def test_languages_need_two_acceptances_where_unreviewed_ones_are_not_offered() -> None:
    languages = ("en", "fr", "ar", "pl")

    def offer(*, base: str = "en", allows: bool = False, words: set[str], pages: set[str]) -> tuple[str, ...]:
        return offered_languages(
            languages, base=base, allows_unreviewed=allows, accepted_pages=pages, accepted_words=words
        )

    assert offer(allows=True, words=set(), pages=set()) == languages
    assert offer(words=set(), pages=set()) == ("en",)
    assert offer(words={"fr", "ar"}, pages={"fr", "pl"}) == ("en", "fr")
    assert offer(base="pl", words={"en"}, pages=set()) == ("en", "pl")


def test_an_https_address_asks_for_acceptances_unless_told_otherwise() -> None:
    assert Settings(public_url="http://127.0.0.1:8000").unreviewed_languages is True
    assert Settings(public_url="https://surveys.example.org").unreviewed_languages is False
    told = Settings.from_env(
        {"SURVEY_PUBLIC_URL": "https://surveys.example.org", "SURVEY_UNREVIEWED_LANGUAGES": "yes"}
    )
    assert told.unreviewed_languages is True
