"""Ready surveys: whole in every language they are offered in, short, easy to read, and plainly worded."""

import msgspec

from survey_service.domain.questionnaire import Question
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.domain.reading_age import aim
from survey_service.integrations.xlsform import read_xlsform, write_xlsform
from survey_service.services.questionnaires.judge_draft import judge_draft
from survey_service.services.questionnaires.ready_surveys import list_ready_surveys


def test_there_is_one_for_each_purpose() -> None:
    assert [ready.key for ready in list_ready_surveys()] == [
        "alert_users",
        "after_event",
        "business_crime",
        "counter_terrorism",
        "newsletter",
        "resident_priorities",
    ]


def test_each_is_whole_short_and_plain() -> None:
    for ready in list_ready_surveys():
        questionnaire, judged = ready.draft.questionnaire, judge_draft(ready.draft)
        assert len(questionnaire.languages) == (4 if ready.key == "alert_users" else 8), (
            f"{ready.key} lost a language that is not whole"
        )
        assert check_questionnaire(questionnaire) == ()
        assert judged.length.level == "on_target"
        assert judged.reading_age is not None
        assert judged.reading_age <= aim
        noted = {name: one.notes for name, one in judged.questions.items() if one.notes}
        assert noted == {}, ready.key


def test_each_goes_through_a_workbook_unchanged() -> None:
    for ready in list_ready_surveys():
        read = read_xlsform(write_xlsform(ready.draft.questionnaire))
        assert plain(read.questions()) == plain(ready.draft.questionnaire.questions()), ready.key


def plain(questions: tuple[Question, ...]) -> list[Question]:
    """Without the names of their lists, which only a workbook has."""
    return [msgspec.structs.replace(question, list_name="") for question in questions]
