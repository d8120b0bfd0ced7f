"""From a questionnaire to a workbook that ODK, Kobo and we ourselves can read."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from survey_service.domain.drafts import fill_languages
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.questionnaire import Block, Choice, Question, Questionnaire, Texts
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.integrations.xlsform.languages import read_language, write_language
from survey_service.integrations.xlsform.survey import group_appearance
from survey_service.integrations.xlsform.types import grid_appearances, write_look

SheetRow = dict[str, str]
_translated = ("label", "hint", "required_message", "constraint_message")
_survey_order = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "may_decline",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "appearance",
    "concept",
    "remember_as",
)
_waiting = PatternFill("solid", fgColor="FFF2CC")
_choices_order = ("list_name", "name", "label", "takes_text", "is_exclusive")


def write_xlsform(questionnaire: Questionnaire, *, may_lack_translations: bool = False) -> bytes:
    """The questionnaire as an .xlsx workbook; `read_xlsform` gives it back equal.

    With `may_lack_translations` the cells of what is not translated yet are empty and coloured.

    A question whose `list_name` is empty, or shared with other choices, gets a list of its own name.
    Raises `SurveyServiceError` when the questionnaire itself is not in order.
    """
    _check(fill_languages(questionnaire) if may_lack_translations else questionnaire)
    lists, list_of = _name_lists(questionnaire)
    survey = [{"type": "hidden", "name": fact} for fact in questionnaire.facts]
    for block in (questionnaire.core, *questionnaire.blocks):
        survey += _write_block(block, list_of)
    choices = [_write_choice(list_name, choice) for list_name, members in lists.items() for choice in members]
    book = Workbook()
    book.remove(book.worksheets[0])
    languages, base = questionnaire.languages, write_language(questionnaire.default_language)
    _fill(book.create_sheet("survey"), _headings(_survey_order, survey, languages), survey, base)
    _fill(book.create_sheet("choices"), _headings(_choices_order, choices, languages), choices, base)
    settings = _write_settings(questionnaire)
    _fill(book.create_sheet("settings"), list(settings), [settings], base)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _check(questionnaire: Questionnaire) -> None:
    problems = check_questionnaire(questionnaire)
    if problems:
        raise SurveyServiceError(
            f"The questionnaire cannot be written: {problems[0].reason}",
            hint=f"It has {len(problems)} such problems." if len(problems) > 1 else None,
        )
    for language in questionnaire.languages:
        if read_language(write_language(language)) != language:
            raise SurveyServiceError(f"The language {language} has no name in a workbook.")


def _name_lists(questionnaire: Questionnaire) -> tuple[dict[str, tuple[Choice, ...]], dict[str, str]]:
    """The lists to write, and which of them each question uses."""
    lists: dict[str, tuple[Choice, ...]] = {}
    list_of: dict[str, str] = {}
    for question in questionnaire.questions():
        if not question.choices:
            continue
        name = question.list_name or question.name
        while lists.get(name, question.choices) != question.choices:
            name = f"{name}_{question.name}"
        lists[name] = question.choices
        list_of[question.name] = name
    return lists, list_of


def _write_block(block: Block, list_of: dict[str, str]) -> list[SheetRow]:
    begin = {"type": "begin_group", "name": block.name, "appearance": group_appearance}
    questions = [row for question in block.questions for row in _write_question(question, list_of)]
    return [begin | _translations("label", block.label), *questions, {"type": "end_group"}]


def _write_question(question: Question, list_of: dict[str, str]) -> list[SheetRow]:
    """The row of a question; of a grid the group that it is for other programs, and its rows."""
    list_name = list_of.get(question.name)
    if question.type != "grid":
        return [_write_row(question, list_name)]
    looks = {look: appearance for appearance, look in grid_appearances.items()}
    begin = {
        "type": "begin_group",
        "name": question.name,
        "appearance": looks[question.appearance],
        "relevant": question.relevant,
        "concept": question.concept,
        **_translations("label", question.label),
        **_translations("hint", question.hint),
    }
    rows = [
        {
            "type": f"select_one {list_name}",
            "name": row.name,
            "required": "yes" if question.is_required else "",
            "may_decline": "yes" if question.may_decline else "",
            **_translations("label", row.label),
            **_translations("required_message", question.required_message),
            **_translations("constraint_message", question.constraint_message),
        }
        for row in question.rows
    ]
    return [begin, *rows, {"type": "end_group"}]


def _write_row(question: Question, list_name: str | None) -> SheetRow:
    kind, appearance = write_look(question)
    return {
        "type": f"{kind} {list_name}" if list_name else kind,
        "name": question.name,
        "appearance": appearance,
        "required": "yes" if question.is_required else "",
        "may_decline": "yes" if question.may_decline else "",
        "relevant": question.relevant,
        "constraint": question.constraint,
        "concept": question.concept,
        "remember_as": question.remember_as,
        **_translations("label", question.label),
        **_translations("hint", question.hint),
        **_translations("required_message", question.required_message),
        **_translations("constraint_message", question.constraint_message),
    }


def _write_choice(list_name: str, choice: Choice) -> SheetRow:
    row = {
        "list_name": list_name,
        "name": choice.name,
        "takes_text": "yes" if choice.takes_text else "",
        "is_exclusive": "yes" if choice.is_exclusive else "",
    }
    return row | _translations("label", choice.label)


def _write_settings(questionnaire: Questionnaire) -> SheetRow:
    default = questionnaire.default_language
    title = questionnaire.title[default]
    row = {"form_title": title, "form_id": questionnaire.name, "version": questionnaire.version}
    row["default_language"] = write_language(default)
    if questionnaire.is_anonymous:
        row["anonymous"] = "yes"
    # XLSForm knows one title; other tools leave columns aside that they do not know, but not every
    # tool can read form_title::French (fr).
    own = {
        f"form_title_{code}": questionnaire.title.get(code, "")
        for code in questionnaire.languages
        if questionnaire.title.get(code, "") != title
    }
    return row | own


def _translations(field: str, texts: Texts) -> SheetRow:
    return {_heading(field, language): text for language, text in texts.items()}


def _heading(field: str, language: str) -> str:
    return f"{field}::{write_language(language)}"


def _headings(order: tuple[str, ...], rows: list[SheetRow], languages: tuple[str, ...]) -> list[str]:
    """The columns in order; of the optional ones those that hold something, in whichever language."""
    used = {heading.split("::")[0] for row in rows for heading, text in row.items() if text}
    wanted: list[str] = []
    for field in order:
        wanted += [_heading(field, code) for code in languages] if field in _translated else [field]
    return [heading for heading in wanted if heading.split("::")[0] in used or heading in order[:2]]


def _waits(heading: str, row: SheetRow, base: str) -> bool:
    field, _, language = heading.partition("::")
    return heading.startswith("form_title_") or bool(language and row.get(f"{field}::{base}"))


def _fill(sheet: Worksheet, headings: list[str], rows: list[SheetRow], base: str) -> None:
    """A cell that waits for its translation is coloured: its text stands in the base language."""
    for column, heading in enumerate(headings, start=1):
        sheet.cell(1, column, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 40 if "::" in heading else 18
    for number, row in enumerate(rows, start=2):
        for column, heading in enumerate(headings, start=1):
            if text := row.get(heading, ""):
                cell = sheet.cell(number, column, text)
                cell.data_type = "s"  # a text that begins with = is still a text
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            elif _waits(heading, row, base):
                sheet.cell(number, column).fill = _waiting
    sheet.freeze_panes = "A2"
