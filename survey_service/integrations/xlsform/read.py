"""From a workbook to a questionnaire, or to every row that stands in the way."""

import re
from pathlib import Path

import msgspec

from survey_service.domain.drafts import fill_languages
from survey_service.domain.errors import FileRefused, RowError
from survey_service.domain.questionnaire import Questionnaire, Texts
from survey_service.domain.questionnaire_check import Problem, check_questionnaire
from survey_service.integrations.xlsform.choices import read_flag, read_lists
from survey_service.integrations.xlsform.columns import Row, Table, read_table
from survey_service.integrations.xlsform.languages import read_language
from survey_service.integrations.xlsform.survey import PlacedBlock, SurveyReader
from survey_service.integrations.xlsform.workbook import Sheet, largest_file, most_errors, read_workbook

_fallback_name = "questionnaire"
_headings = {
    "is_required": "required",
    "title": "form_title",
    "choices": "type",
    "questions": "type",
    "rows": "type",
    "facts": "name",
}


def read_xlsform(
    source: bytes | Path, *, name: str = "", language: str = "en", may_lack_translations: bool = False
) -> Questionnaire:
    """Read an .xlsx or .xls workbook whole.

    `name` is used where the settings sheet has no form_id (a path gives its own name otherwise), and
    `language` for texts whose column names no language where the settings name no default_language.
    `may_lack_translations` takes a workbook whose other languages are not whole, too: empty cells stay empty,
    and a language with nothing but headings is one that is to be translated.
    Raises `FileRefused`, whose `rows` hold every reason with its sheet, row and column.
    """
    data = _load(source) if isinstance(source, Path) else source
    if isinstance(source, Path) and not name:
        name = source.stem
    errors: list[RowError] = []
    sheets = read_workbook(data, errors)
    unreadable = {(error.sheet, error.row) for error in errors}  # they seem to lack what they hold
    settings = _read_settings(sheets.get("settings"), language, errors)
    survey = read_table(sheets["survey"], settings.base_language, errors)
    choices = read_table(sheets.get("choices") or _no_choices(), settings.base_language, errors)
    for unused in ("external_choices", "entities", "osm"):
        if unused in sheets and max(sheets[unused].rows, default=1) > 1:
            errors.append(RowError(2, f"The sheet {unused} is not supported.", sheet=unused))
    languages = _order_languages(settings, survey, choices, has_empty=may_lack_translations)
    reader = SurveyReader(survey, choices, read_lists(choices, errors), languages, errors)
    blocks = reader.read_blocks()
    reported = {(error.sheet, error.row, error.column) for error in errors}
    questionnaire = _build(settings, languages, blocks, name or _fallback_name, tuple(reader.facts))
    if may_lack_translations:
        questionnaire = msgspec.structs.replace(questionnaire, title=_titles(questionnaire, settings))
    for problem in check_questionnaire(
        fill_languages(questionnaire) if may_lack_translations else questionnaire
    ):
        error = _place(problem, blocks, survey, choices, min(reader.facts.values(), default=1))
        place = (error.sheet, error.row, error.column)
        is_known = place in reported or place[:2] in unreadable
        if not is_known and not _follows_from_refused(problem, questionnaire, reader.refused_names):
            errors.append(error)
    if errors:
        _refuse(errors)
    return questionnaire


class _Settings(msgspec.Struct):
    name: str
    version: str
    default_language: str
    """Empty when the workbook names none."""
    base_language: str
    titles: dict[str, str]
    title_languages: frozenset[str] = frozenset()
    """Languages with a title of their own, or an empty cell for one."""
    is_anonymous: bool = False


def _load(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(largest_file + 1)
    except OSError as error:
        raise FileRefused(f"The file {path.name} cannot be opened: {error.strerror}.", []) from error


def _no_choices() -> Sheet:
    return Sheet("choices", {1: {1: "list_name", 2: "name"}})


def _read_settings(sheet: Sheet | None, language: str, errors: list[RowError]) -> _Settings:
    if sheet is None:
        return _Settings("", "", "", language, {})
    # The default language gives the plain title its language, so it is looked for first.
    named = next((row.text("default_language") for row in read_table(sheet, "", []).rows), "")
    default = read_language(named) or ""
    if named and not default:
        reason = f"The language {named[:60]!r} is not known. Write it with its code: English (en)."
        errors.append(RowError(2, reason, column="default_language", sheet="settings"))
    table = read_table(sheet, "", errors)
    for row in table.rows[1:]:
        errors.append(RowError(row.number, "The settings have more than one row.", sheet="settings"))
    row = table.rows[0] if table.rows else Row(2, {})
    return _Settings(
        name=row.text("form_id"),
        version=row.text("version"),
        default_language=default,
        base_language=default or language,
        titles=row.translations("form_title"),
        title_languages=frozenset(
            column.language for column in table.columns.values() if column.field == "form_title"
        ),
        is_anonymous=read_flag(row, "anonymous", table, errors),
    )


def _order_languages(
    settings: _Settings, survey: Table, choices: Table, *, has_empty: bool
) -> tuple[str, ...]:
    """The languages something is written in, or is to be, the default one first."""
    written = [*survey.languages(), *choices.languages()]
    if has_empty:
        headings = [*survey.columns.values(), *choices.columns.values()]
        written += [column.language for column in headings if column.language]
    found = list(dict.fromkeys(written))
    default = settings.default_language
    if not default and settings.base_language in found:
        default = settings.base_language
    return tuple(dict.fromkeys([default, *found] if default else found)) or (settings.base_language,)


def _build(
    settings: _Settings,
    languages: tuple[str, ...],
    blocks: list[PlacedBlock],
    name: str,
    facts: tuple[str, ...],
) -> Questionnaire:
    """A title that names no language stands for every language without a title of its own."""
    plain = settings.titles.get("", "") or settings.name or name
    own_titles = {language: text for language, text in settings.titles.items() if language}
    core, *others = (block.to_block() for block in blocks)
    return Questionnaire(
        name=settings.name or name,
        title=dict.fromkeys(languages, plain) | own_titles,
        default_language=languages[0],
        languages=languages,
        core=core,
        blocks=tuple(others),
        facts=facts,
        version=settings.version,
        is_anonymous=settings.is_anonymous,
    )


def _titles(questionnaire: Questionnaire, settings: _Settings) -> Texts:
    """Where a language has a cell for its title and nothing in it, the title waits for its translator."""
    empty = settings.title_languages - settings.titles.keys() - {questionnaire.default_language}
    return {code: text for code, text in questionnaire.title.items() if code not in empty}


def _follows_from_refused(problem: Problem, questionnaire: Questionnaire, refused: set[str]) -> bool:
    """True when the problem is only that a row is missing which is reported already."""
    if problem.field == "questions":
        return bool(refused)
    if problem.field not in ("relevant", "constraint") or problem.question is None:
        return False
    question = questionnaire.questions()[problem.question]
    condition = question.relevant if problem.field == "relevant" else question.constraint
    return any(name in refused for name in re.findall(r"\$\{\s*([^{}\s]+)\s*\}", condition))


def _place(
    problem: Problem, blocks: list[PlacedBlock], survey: Table, choices: Table, first_fact: int
) -> RowError:
    """A problem of the questionnaire at the row and column it comes from."""
    field = _headings.get(problem.field, problem.field)
    if problem.question is None and problem.block is None:
        sheet = "survey" if problem.field in ("questions", "facts") else "settings"
        row = {"questions": 1, "facts": first_fact}.get(problem.field, 2)
        return RowError(row, problem.reason, column=field, sheet=sheet)
    if problem.question is None:
        row = blocks[problem.block or 0].row
        return RowError(row, problem.reason, column=survey.heading(field, problem.language), sheet="survey")
    placed = [placed for block in blocks for placed in block.questions][problem.question]
    if problem.row is not None:
        row = placed.grid_rows[problem.row]
        return RowError(row, problem.reason, column=survey.heading(field, problem.language), sheet="survey")
    if problem.choice is None:
        heading = survey.heading(field, problem.language)
        return RowError(placed.row, problem.reason, column=heading, sheet="survey")
    row = placed.choice_rows[problem.choice]
    if row == 0:  # a choice of or_other and a point of a range stand in no row
        return RowError(placed.row, problem.reason, column=survey.heading("type"), sheet="survey")
    return RowError(row, problem.reason, column=choices.heading(field, problem.language), sheet="choices")


def _refuse(errors: list[RowError]) -> None:
    order = {"settings": 0, "survey": 1, "choices": 2}
    errors.sort(key=lambda error: (order.get(error.sheet or "", 3), error.row))
    told = list({str(error): error for error in errors}.values())
    count = "1 reason" if len(told) == 1 else f"{len(told)} reasons"
    raise FileRefused(
        f"The questionnaire was not taken, for {count}.",
        told[:most_errors],
        hint="Nothing of it was kept. Correct the rows and read the workbook again.",
    )
