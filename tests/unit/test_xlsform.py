"""Workbooks in and out: what is read, what comes back, and that others can read what we write."""

import io

import pytest
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.questionnaire import Block, Choice, Question, Questionnaire
from survey_service.integrations.xlsform import read_xlsform, write_xlsform
from survey_service.integrations.xlsform.languages import read_language, write_language
from tests.surveys.load import load_sheets, load_survey, make_workbook, names


@pytest.mark.parametrize("name", names)
def test_a_questionnaire_survives_writing_and_reading(name: str) -> None:
    questionnaire = load_survey(name)

    assert read_xlsform(write_xlsform(questionnaire)) == questionnaire


@pytest.mark.parametrize("name", names)
def test_other_tools_can_read_what_we_write(name: str) -> None:
    questionnaire = load_survey(name)

    form = convert(io.BytesIO(write_xlsform(questionnaire)), validate=False)

    assert form.warnings == []
    for question in questionnaire.questions():
        assert f"/{question.name}" in form.xform


def test_the_plainest_workbook_is_a_questionnaire() -> None:
    assert load_survey("one_question") == Questionnaire(
        name="one_question",
        title={"en": "one_question"},
        default_language="en",
        languages=("en",),
        core=Block(
            name="core",
            label={},
            questions=(Question(name="comment", type="text", label={"en": "What would you change?"}),),
        ),
    )


def test_languages_and_settings_are_read() -> None:
    questionnaire = load_survey("languages")

    assert questionnaire.languages == ("en", "ar")
    assert questionnaire.title == {"en": "Do you know us?", "ar": "هل تعرفنا؟"}
    assert (questionnaire.name, questionnaire.version) == ("known", "2")
    (question,) = questionnaire.questions()
    assert question.hint == {"en": "Say what you remember.", "ar": "اذكر ما تتذكره."}
    assert question.choices[1] == Choice(name="no", label={"en": "No", "ar": "لا"})


def test_a_plain_title_stands_for_every_language() -> None:
    sheets = load_sheets("languages")
    sheets["settings"] = [["form_title", "form_id"], ["Do you know us?", "known"]]

    assert read_xlsform(make_workbook(sheets)).title == {"en": "Do you know us?", "ar": "Do you know us?"}


def test_groups_become_the_core_and_blocks() -> None:
    questionnaire = load_survey("branching")

    assert questionnaire.core.name == "core"
    assert [block.name for block in questionnaire.blocks] == ["business", "city"]
    staff, union = questionnaire.blocks[0].questions
    assert staff.relevant == "${role} = 'business'"
    assert union.relevant == "(${role} = 'business') and (${staff} >= 5)"


def rows(*lines: str) -> list[list[object]]:
    return [["type", "name", "label"], *([cell or None for cell in line.split("|")] for line in lines)]


def test_without_a_core_the_questions_before_the_groups_are_it() -> None:
    survey = rows("text|a|A", "begin_group|g|G", "text|b|B", "end_group||")
    questionnaire = read_xlsform(make_workbook({"survey": survey}))

    assert (questionnaire.core.name, [q.name for q in questionnaire.core.questions]) == ("core", ["a"])
    assert [block.name for block in questionnaire.blocks] == ["g"]


def test_without_such_questions_the_first_group_is_the_core() -> None:
    survey = rows("begin_group|g|G", "text|a|A", "end_group||", "begin group|h|H", "text|b|B", "end group||")
    questionnaire = read_xlsform(make_workbook({"survey": survey}))

    assert (questionnaire.core.name, questionnaire.core.label) == ("g", {"en": "G"})
    assert [block.name for block in questionnaire.blocks] == ["h"]


def test_or_other_adds_a_choice_that_takes_a_text() -> None:
    transport, reasons = load_survey("other").questions()

    assert transport.choices[-1] == Choice(name="other", label={"en": "Other"}, takes_text=True)
    assert [choice.takes_text for choice in reasons.choices] == [False, True]


def test_or_other_marks_the_choice_other_that_a_list_has_already() -> None:
    sheets = load_sheets("languages")
    sheets["survey"][2][0] = "select_one yes_no or_other"
    sheets["choices"].append(["yes_no", "other", "Something else", "شيء آخر"])

    (question,) = read_xlsform(make_workbook(sheets)).questions()

    assert [(choice.name, choice.takes_text) for choice in question.choices] == [
        ("yes", False),
        ("no", False),
        ("other", True),
    ]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("relevance", "relevant"),
        ("bind::relevant", "relevant"),
        ("bind:constraint", "constraint"),
        ("  Constraint  ", "constraint"),
    ],
)
def test_older_names_of_columns_are_known(heading: str, field: str) -> None:
    survey: list[list[object]] = [["TYPE", "Name", "caption", heading], ["int", "a", "A", None]]
    survey.append(["string", "b", "B", "1 = 1"])

    question = read_xlsform(make_workbook({"Survey": survey})).questions()[1]

    assert getattr(question, field) == "1 = 1"


@pytest.mark.parametrize(
    "written",
    ["select one from l", "select_one l", "Select_One l", "select1 l", "add select one from l"],
)
def test_older_names_of_types_are_known(written: str) -> None:
    survey = rows(f"{written}|a|A")
    choices: list[list[object]] = [["list name", "name", "label"], ["l", 1.0, "One"], ["l", True, "Two"]]

    (question,) = read_xlsform(make_workbook({"survey": survey, "choices": choices})).questions()

    assert question.type == "select_one"
    assert [choice.name for choice in question.choices] == ["1", "TRUE"]


def test_numbers_in_cells_are_read_as_they_are_seen() -> None:
    survey: list[list[object]] = [["type", "name", "label"], ["text", "a", 2017.0]]
    questionnaire = read_xlsform(
        make_workbook({"survey": survey, "settings": [["form_title", "version"], ["T", 3.0]]})
    )

    assert questionnaire.questions()[0].label == {"en": "2017"}
    assert questionnaire.version == "3"


def test_lists_and_sheets_that_are_not_used_are_left_aside() -> None:
    sheets = load_sheets("required")
    sheets["choices"].append(["unused", "x", None])
    sheets["notes"] = [["anything"], ["=1+1"]]

    assert read_xlsform(make_workbook(sheets), name="required") == load_survey("required")


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    label = {"en": "=HYPERLINK(1) & more\nin two lines"}
    questionnaire = Questionnaire(
        name="+1",
        title={"en": "@title"},
        default_language="en",
        languages=("en",),
        core=Block(name="core", label={}, questions=(Question(name="a", type="text", label=label),)),
    )
    written = write_xlsform(questionnaire)

    assert read_xlsform(written) == questionnaire
    sheet = load_workbook(io.BytesIO(written))["survey"]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_lists_of_one_name_and_different_choices_are_kept_apart() -> None:
    def select(name: str, *choices: str, list_name: str = "") -> Question:
        offered = tuple(Choice(name=choice, label={"en": choice}) for choice in choices)
        return Question(
            name=name, type="select_one", label={"en": name}, choices=offered, list_name=list_name
        )

    questions = (
        select("a", "x", "y", list_name="l"),
        select("b", "x", list_name="l"),
        select("c", "z"),
        select("d", "x", "y", list_name="l"),
    )
    core = Block(name="core", label={}, questions=questions)
    questionnaire = Questionnaire(
        name="lists", title={"en": "L"}, default_language="en", languages=("en",), core=core
    )

    read = read_xlsform(write_xlsform(questionnaire)).questions()

    assert [question.choices for question in read] == [question.choices for question in questions]
    assert [question.list_name for question in read] == ["l", "l_b", "c", "l"]


def test_a_questionnaire_out_of_order_is_not_written() -> None:
    questionnaire = load_survey("one_question")
    broken = Questionnaire(
        name="b", title={}, default_language="en", languages=("en",), core=questionnaire.core
    )

    with pytest.raises(SurveyServiceError, match="title is missing in en"):
        write_xlsform(broken)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("English (en)", "en"),
        ("en", "en"),
        ("EN", "en"),
        ("french", "fr"),
        ("Français (fr)", "fr"),
        ("Chinese, Hant (zh-Hant)", "zh_Hant"),
        ("Portuguese (pt-BR)", "pt_BR"),
        ("pt_br", "pt_BR"),
        ("Elvish", None),
        ("Something (xx)", None),
        ("", None),
    ],
)
def test_languages_are_known_by_code_or_english_name(text: str, locale: str | None) -> None:
    assert read_language(text) == locale


@pytest.mark.parametrize("locale", ["en", "cy", "ar", "bn", "zh_Hans", "zh_Hant", "pt_BR", "pa", "so", "fa"])
def test_a_language_that_is_written_is_read_again(locale: str) -> None:
    assert read_language(write_language(locale)) == locale
