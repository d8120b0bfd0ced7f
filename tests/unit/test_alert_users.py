"""The first customer's survey: the committed workbook, and answers drawn from what was published."""

import io
import random
from collections import Counter, defaultdict

import pytest
from pyxform.xls2xform import convert

from survey_service.demo.alert_users import build_alert_users, read_alert_users, workbook_path
from survey_service.demo.published import draw_answers, published
from survey_service.domain.answers import read_answers
from survey_service.domain.forms import make_balanced_forms
from survey_service.domain.length import judge_length

languages = ("en", "fr", "bn", "ar")


def test_the_committed_workbook_says_what_the_builder_says() -> None:
    """If this fails: python -m survey_service.demo.alert_users"""
    assert read_alert_users() == build_alert_users()


def test_the_workbook_is_a_form_for_other_tools_too() -> None:
    form = convert(io.BytesIO(workbook_path.read_bytes()), validate=False)

    assert form.warnings == []
    assert form.xform.count("<translation lang=") == len(languages)


def test_eleven_questions_make_a_core_of_one_and_five_blocks_of_two() -> None:
    questionnaire = build_alert_users()

    assert questionnaire.languages == languages
    assert [question.name for question in questionnaire.core.questions] == ["audience"]
    assert [len(block.questions) for block in questionnaire.blocks] == [2, 2, 2, 2, 2]
    assert set(published) == {question.name for question in questionnaire.questions()}
    assert sorted(int(figures.number[1:]) for figures in published.values()) == list(range(1, 12))


def test_ten_forms_of_five_questions_take_about_a_minute() -> None:
    forms = make_balanced_forms(build_alert_users(), blocks_per_form=2)

    assert len(forms) == 10
    assert {form.points for form in forms} == {5}
    assert {judge_length(form.planned_seconds).level for form in forms} == {"on_target"}


def test_translations_are_in_the_script_of_their_language() -> None:
    ranges = {"bn": ("\u0980", "\u09ff"), "ar": ("\u0600", "\u06ff")}
    brands = {"Twitter", "Facebook", "LinkedIn", "YouTube"}
    for question in build_alert_users().questions():
        texts = [question.label, question.hint, question.constraint_message, question.required_message]
        for text in texts + [choice.label for choice in question.choices]:
            for language, (first, last) in ranges.items():
                letters = [sign for sign in text.get(language, "") if sign.isalpha()]
                foreign = [sign for sign in letters if not first <= sign <= last]
                assert not foreign or text[language] in brands, text[language]
            assert text.get("fr") != text.get("en") or not text or text["en"] in brands | {"Finance"}


def test_published_shares_belong_to_the_choices_and_add_up() -> None:
    for question in build_alert_users().questions():
        figures = published[question.name]
        assert set(figures.shares) == {choice.name for choice in question.choices}
        assert set(figures.assumed) <= set(figures.shares)
        assert all(0 < share < 1 for share in figures.shares.values())
        if question.type == "select_one":
            assert sum(figures.shares.values()) == pytest.approx(1)


def test_drawn_answers_are_valid_and_have_the_published_shares() -> None:
    questionnaire = build_alert_users()
    forms = make_balanced_forms(questionnaire, blocks_per_form=2)
    rng = random.Random(2017)
    chosen: dict[str, Counter[str]] = defaultdict(Counter)
    applicable: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for number in range(8_000):
        form = forms[number % len(forms)]
        answers = read_answers(draw_answers(rng, {}, questionnaire, form), questionnaire, form, today=None)
        assert answers.errors == ()
        applicable.update(answers.applicable)
        answered.update(answers.answered)
        for row in answers.rows:
            chosen[row.question][str(row.option)] += 1
    for name, figures in published.items():
        for option, share in figures.shares.items():
            standard_error = (share * (1 - share) / answered[name]) ** 0.5
            assert abs(chosen[name][option] / answered[name] - share) < 4.5 * standard_error, (name, option)
        answering = figures.base / figures.asked_of if name != "audience" else 1
        assert answered[name] / applicable[name] == pytest.approx(answering, abs=0.03)


def test_what_the_register_knows_is_answered_truthfully() -> None:
    questionnaire = build_alert_users()
    business = {"audience": "business", "organisation_size": "sme", "industry": "legal"}
    for form in make_balanced_forms(questionnaire, blocks_per_form=2):
        for seed in range(20):
            drawn = draw_answers(random.Random(seed), business, questionnaire, form)
            assert drawn["audience"] == ["business"]
            assert drawn.get("business_size", ["sme"]) == ["sme"]
            assert drawn.get("industry", ["legal"]) == ["legal"]
            visitor = draw_answers(random.Random(seed), {"audience": "visitor"}, questionnaire, form)
            assert not {"business_size", "industry"} & visitor.keys()
