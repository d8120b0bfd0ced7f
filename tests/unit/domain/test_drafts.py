"""Drafts: which translations an edit touches, which languages are whole, and what is published of them."""

import msgspec

from survey_service.domain.draft_changes import (
    add_block,
    copy_question,
    find_question,
    make_name,
    move_question,
    replace_question,
)
from survey_service.domain.drafts import (
    Draft,
    change_questionnaire,
    copy_sources,
    fill_language,
    judge_language,
    judge_text,
    publishable,
    put_translations,
    whole_languages,
)
from survey_service.domain.questionnaire import Questionnaire
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.domain.survey_texts import hash_language, list_texts, put_texts
from tests.support.make_questionnaire import make_question, make_questionnaire


def draft_of(**overrides: object) -> Draft:
    return Draft(questionnaire=make_questionnaire(**overrides))


def stale_paths(draft: Draft, language: str) -> set[str]:
    texts = list_texts(draft.questionnaire)
    return {text.path for text in texts if text.is_visible and judge_text(draft, text, language) == "stale"}


def test_an_edit_makes_just_the_touched_texts_stale() -> None:
    draft = draft_of()
    assert whole_languages(draft) == ("en", "fr", "bn", "ar")
    changed = change_questionnaire(
        draft, put_texts(draft.questionnaire, "en", {"q2:choices:no:label": "Never", "title": "New title"})
    )
    for language in ("fr", "bn", "ar"):
        assert stale_paths(changed, language) == {"q2:choices:no:label", "title"}
    assert whole_languages(changed) == ("en",)
    mended = put_translations(changed, "fr", {"q2:choices:no:label": "Jamais", "title": "Nouveau titre"})
    assert whole_languages(mended) == ("en", "fr")
    assert stale_paths(mended, "ar") == {"q2:choices:no:label", "title"}


def test_a_text_put_back_as_it_was_is_not_stale() -> None:
    draft = draft_of()
    there = change_questionnaire(draft, put_texts(draft.questionnaire, "en", {"title": "Other"}))
    back = change_questionnaire(there, put_texts(there.questionnaire, "en", {"title": "Alerts"}))
    assert stale_paths(back, "fr") == set()


def test_a_corrected_slip_of_the_pen_leaves_translations_right_and_stale_ones_stale() -> None:
    draft = draft_of()
    stale = change_questionnaire(draft, put_texts(draft.questionnaire, "en", {"q1:label": "Other question?"}))
    corrected = change_questionnaire(
        stale,
        put_texts(stale.questionnaire, "en", {"q1:label": "Another question?", "title": "Alert"}),
        keeps_meaning=True,
    )
    assert stale_paths(corrected, "fr") == {"q1:label"}


def test_moving_and_copying_keep_translations_as_good_as_they_were() -> None:
    draft = draft_of()
    draft = change_questionnaire(draft, put_texts(draft.questionnaire, "en", {"q4:label": "Changed?"}))
    moved = change_questionnaire(draft, move_question(draft.questionnaire, "q4", "up"))
    assert stale_paths(moved, "fr") == {"q4:label"}
    questionnaire, name = copy_question(moved.questionnaire, "q4")
    copied = copy_sources(change_questionnaire(moved, questionnaire), name, "q4")
    assert stale_paths(copied, "fr") == {"q4:label", f"{name}:label"}


def test_only_what_can_be_seen_is_asked_for() -> None:
    question = make_question(
        "q1",
        required_message={"en": "Answer this"},
        constraint_message={"en": "Not so"},
        hint={"en": "A hint"},
    )
    draft = draft_of()
    changed = change_questionnaire(draft, replace_question(draft.questionnaire, question))
    assert judge_language(changed, "fr").missing == 1, "the hint; no rule is there to say a message"
    asked = msgspec.structs.replace(question, is_required=True, constraint=". != 'x'")
    changed = change_questionnaire(draft, replace_question(draft.questionnaire, asked))
    assert judge_language(changed, "fr").missing == 3


def test_what_is_published_passes_the_check_whatever_is_missing() -> None:
    draft = draft_of()
    texts = {text.path: "" for text in list_texts(draft.questionnaire) if text.path.startswith("q3")}
    partly = Draft(questionnaire=put_texts(draft.questionnaire, "bn", texts))
    assert check_questionnaire(partly.questionnaire)
    served = publishable(partly)
    assert served.languages == ("en", "fr", "ar")
    assert check_questionnaire(served) == ()
    assert "bn" not in served.title


def test_an_unfinished_draft_can_be_drawn_in_any_language() -> None:
    questionnaire, _ = add_block(make_questionnaire(languages=("en", "pl")), {"en": "More"})
    filled = fill_language(questionnaire, "pl")
    drawn = [text for text in list_texts(filled) if text.path == "title" or ":choices:" in text.path]
    assert all(text.texts.get("pl") for text in drawn)


def test_the_name_of_a_languages_words_changes_with_each_of_them() -> None:
    questionnaire = make_questionnaire()
    same = put_texts(questionnaire, "fr", {"title": "Autre"})
    assert hash_language(questionnaire, "ar") == hash_language(same, "ar")
    assert hash_language(questionnaire, "fr") != hash_language(same, "fr")
    assert hash_language(publishable(Draft(questionnaire=questionnaire)), "fr") == hash_language(
        questionnaire, "fr"
    )


def test_a_draft_comes_back_from_json_as_it_was() -> None:
    draft = put_translations(draft_of(), "fr", {"title": "Titre"})
    assert msgspec.json.decode(msgspec.json.encode(draft), type=Draft) == draft


def test_names_are_made_of_words_and_are_never_taken() -> None:
    assert make_name("How safe do you feel?", ()) == "how_safe_do_you_feel"
    assert make_name("How safe do you feel?", {"How_Safe_do_you_feel"}) == "how_safe_do_you_feel_2"
    assert make_name("كيف", ()) == "q"
    assert make_name("18 or over", ()) == "q_18_or_over"
    assert len(make_name("x" * 300, ())) <= 30


def test_moving_past_the_edge_of_a_block_goes_into_the_next() -> None:
    questionnaire: Questionnaire = make_questionnaire()
    moved = move_question(questionnaire, "q3", "down")
    assert [question.name for question in moved.blocks[1].questions] == ["q3", "q4", "q5"]
    assert find_question(moved, "q3") == find_question(questionnaire, "q3")
    assert move_question(questionnaire, "q1", "up") == questionnaire
