"""The same words are translated once."""

import msgspec

from survey_service.domain.drafts import Draft, put_translations
from survey_service.domain.question_kinds import begin_question, kinds
from survey_service.domain.questionnaire import Block, Choice, Questionnaire
from survey_service.domain.survey_texts import put_texts
from survey_service.domain.translation_memory import repeat_translations, suggest_translations
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.services.questionnaires.standard_answers import answers_in, list_standard_answers
from tests.support.make_questionnaire import make_question, make_questionnaire


def agree(name: str) -> Questionnaire:
    """Two questions with the same two answers, in English only."""
    choices = (Choice(name="a", label={"en": "Agree"}), Choice(name="b", label={"en": "Disagree "}))
    questions = tuple(
        make_question(f"{name}{at}", label={"en": f"{name} {at}?"}, choices=choices) for at in (1, 2)
    )
    core = Block(name="core", label={}, questions=questions)
    title = {"en": "Views"}
    return make_questionnaire(title=title, languages=("en", "fr"), core=core, blocks=())


def test_words_that_stand_translated_elsewhere() -> None:
    draft = put_translations(Draft(questionnaire=agree("q")), "fr", {"q1:choices:a:label": "D’accord"})
    assert suggest_translations(draft, "fr") == {"q2:choices:a:label": "D’accord"}
    elsewhere = put_translations(
        Draft(questionnaire=agree("x")),
        "fr",
        {"x1:choices:a:label": "Oui", "x1:choices:b:label": "Pas d’accord", "title": "Avis"},
    ).questionnaire
    assert suggest_translations(draft, "fr", [elsewhere]) == {
        "title": "Avis",
        "q2:choices:a:label": "D’accord",
        "q1:choices:b:label": "Pas d’accord",
        "q2:choices:b:label": "Pas d’accord",
    }
    assert suggest_translations(draft, "de", [elsewhere]) == {}


def test_every_answer_a_question_begins_with_is_known_in_every_language() -> None:
    standard = list_standard_answers()
    for language in KNOWN_LOCALES:
        assert all(one.get(language, "").strip() for one in standard), language
        words = {word: word for word in answers_in(language)} if language == "en" else answers_in(language)
        for kind in kinds:
            question = begin_question(kind, language, words)
            assert all(choice.label.get(language) for choice in question.choices), (kind, language)
    draft = Draft(questionnaire=agree("q"))
    found = suggest_translations(draft, "ur", [], standard)
    assert found["q1:choices:b:label"] == answers_in("ur")["Disagree"]
    # From French to Urdu, too.
    french = put_texts(agree("q"), "fr", {"q1:choices:a:label": "D’accord"})
    french = msgspec.structs.replace(french, default_language="fr", languages=("fr", "ur"))
    assert suggest_translations(Draft(questionnaire=french), "ur", [], standard) == {
        "q1:choices:a:label": answers_in("ur")["Agree"]
    }


def test_what_is_typed_once_is_written_wherever_it_was_left_empty() -> None:
    base_of = {"one": "Agree", "two": "Agree ", "three": "Disagree", "four": "Agree"}
    written = {"one": "D’accord", "four": "Oui"}
    assert repeat_translations(written, base_of, ["two", "three"]) == written | {"two": "Oui"}
    assert repeat_translations({}, base_of, ["two"]) == {}
