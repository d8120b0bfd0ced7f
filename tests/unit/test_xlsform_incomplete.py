"""Workbooks whose translations are not whole: out with empty cells, in as they are."""

import io

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey_service.domain.drafts import (
    Draft,
    carry_sources,
    judge_language,
    put_translations,
    whole_languages,
)
from survey_service.domain.errors import FileRefused, SurveyServiceError
from survey_service.domain.questionnaire import Questionnaire
from survey_service.domain.survey_texts import list_texts, map_texts
from survey_service.integrations.xlsform import read_xlsform, write_xlsform
from tests.support.any_questionnaire import questionnaires
from tests.support.make_questionnaire import make_questionnaire


def without(questionnaire: Questionnaire, language: str, *paths: str) -> Questionnaire:
    """With some texts not translated; none named: all of them."""
    return map_texts(
        questionnaire,
        lambda path, texts: {
            code: text for code, text in texts.items() if code != language or (paths and path not in paths)
        },
    )


def read(content: bytes) -> Questionnaire:
    return read_xlsform(content, may_lack_translations=True)


def texts_of(questionnaire: Questionnaire) -> dict[str, dict[str, str]]:
    return {text.path: text.texts for text in list_texts(questionnaire)}


def test_what_is_missing_is_an_empty_coloured_cell() -> None:
    partly = without(make_questionnaire(), "fr", "q1:label", "title", "q2:choices:no:label")
    with pytest.raises(SurveyServiceError, match="missing in fr"):
        write_xlsform(partly)
    content = write_xlsform(partly, may_lack_translations=True)
    sheet = load_workbook(io.BytesIO(content))["survey"]
    headings = [cell.value for cell in sheet[1]]
    at = headings.index("label::French (fr)")
    (row,) = [row for row in sheet.iter_rows(min_row=2) if row[headings.index("name")].value == "q1"]
    assert row[at].value is None
    assert row[at].fill.fgColor.rgb == "00FFF2CC"
    assert row[headings.index("label::Arabic (ar)")].fill.fill_type is None
    with pytest.raises(FileRefused) as refused:
        read_xlsform(content)
    assert "missing in fr" in str(refused.value.rows[0])
    assert texts_of(read(content)) == texts_of(partly)
    assert whole_languages(Draft(questionnaire=read(content))) == ("en", "bn", "ar")


def test_a_language_without_a_word_is_one_to_be_translated() -> None:
    nothing = without(make_questionnaire(), "fr")
    back = read(write_xlsform(nothing, may_lack_translations=True))
    assert set(back.languages) == {"en", "fr", "bn", "ar"}
    standing = judge_language(Draft(questionnaire=back), "fr")
    assert standing.missing == standing.wanted


def test_the_base_language_and_everything_else_is_checked_as_ever() -> None:
    base_missing = without(make_questionnaire(), "en", "q1:label")
    with pytest.raises(SurveyServiceError, match="missing in en"):
        write_xlsform(base_missing, may_lack_translations=True)
    partly = without(make_questionnaire(), "fr", "q2:label")
    book = load_workbook(io.BytesIO(write_xlsform(partly, may_lack_translations=True)))
    headings = [cell.value for cell in book["survey"][1]]
    for row in book["survey"].iter_rows(min_row=2):
        if row[headings.index("name")].value == "q1":
            row[headings.index("label::English (en)")].value = None
            row[headings.index("label::Arabic (ar)")].value = "نعم ${nobody}"
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(FileRefused) as refused:
        read(target.getvalue())
    told = " ".join(str(row) for row in refused.value.rows)
    assert "missing in en" in told
    assert "nobody" in told
    assert "missing in fr" not in told


@given(questionnaires(), st.data())
@settings(max_examples=25, deadline=None)
def test_whatever_is_missing_the_rest_comes_back(questionnaire: Questionnaire, data: st.DataObject) -> None:
    others = [code for code in questionnaire.languages if code != questionnaire.default_language]
    paths = [text.path for text in list_texts(questionnaire) if text.texts]
    for language in others:
        lost = data.draw(st.lists(st.sampled_from(paths), max_size=5))
        if lost:
            questionnaire = without(questionnaire, language, *lost)
    back = read(write_xlsform(questionnaire, may_lack_translations=True))
    assert texts_of(back) == texts_of(questionnaire)


def test_a_stale_translation_stays_stale_through_a_workbook() -> None:
    draft = put_translations(Draft(questionnaire=make_questionnaire()), "fr", {"q1:label": "Vieux ?"})
    stale = draft.translated_from["fr"] | {"q1:label": "0" * 16}
    draft = msgspec.structs.replace(draft, translated_from=draft.translated_from | {"fr": stale})
    back = read(write_xlsform(draft.questionnaire, may_lack_translations=True))
    assert judge_language(carry_sources(draft, back), "fr").stale == 1
    mended = map_texts(back, lambda path, texts: texts | ({"fr": "Neuf ?"} if path == "q1:label" else {}))
    assert judge_language(carry_sources(draft, mended), "fr").is_whole
