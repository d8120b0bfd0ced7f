"""Begin a survey: from nothing, from a ready one, as a copy, or from a workbook."""

import asyncio
from collections.abc import Collection
from pathlib import Path

import msgspec

from survey_service.db import draft as draft_table
from survey_service.db import survey as survey_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.draft_changes import make_name
from survey_service.domain.drafts import Draft, carry_sources, keep_languages
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.questionnaire import Block, Questionnaire
from survey_service.domain.roles import check_may
from survey_service.integrations.xlsform import read_xlsform, write_xlsform
from survey_service.services.questionnaires.edit_draft import CurrentDraft, Step, change_draft, load_draft
from survey_service.services.questionnaires.import_survey import LONGEST_SLUG, make_slug
from survey_service.services.questionnaires.settle_anonymity import check_anonymity

WORKBOOK = "workbook"


def make_blank(title: str, language: str) -> Draft:
    """A questionnaire without a question."""
    return Draft(
        questionnaire=Questionnaire(
            name=make_name(title, (), fallback="survey"),
            title={language: title},
            default_language=language,
            languages=(language,),
            core=Block(name="core", label={}, questions=()),
        )
    )


async def read_workbook(content: bytes, name: str) -> Draft:
    """What a workbook holds; raises `FileRefused` with every row that stands in the way.

    A language that is not whole is taken in as it is: it is offered once it is. In a thread: the largest
    workbook takes seconds, and respondents are answered meanwhile.
    """
    read = await asyncio.to_thread(
        read_xlsform, content, name=Path(name).stem[:60], may_lack_translations=True
    )
    return Draft(questionnaire=read, is_split=True)


async def start_survey(
    staff: StaffMember, draft: Draft, *, title: str, change: str, is_anonymous: bool = False
) -> str:
    """Make a survey of this person's department with this draft; return its name in addresses.

    `is_anonymous` makes it so, as does a draft that is.
    """
    check_may(staff.role, "author")
    if is_anonymous:
        draft = msgspec.structs.replace(
            draft, questionnaire=msgspec.structs.replace(draft.questionnaire, is_anonymous=True)
        )
    language = draft.questionnaire.default_language
    if title:
        titles = draft.questionnaire.title
        if titles.get(language) != title:
            titles = {language: title}
        draft = msgspec.structs.replace(
            draft, questionnaire=msgspec.structs.replace(draft.questionnaire, title=titles)
        )
    async with transaction():
        slug = await _find_free_slug(title or draft.questionnaire.title.get(language, ""))
        survey = await survey_table.add_survey(
            slug=slug, department=staff.department, title=draft.questionnaire.title, has_open_link=False
        )
        await draft_table.add_edit(
            survey=survey, number=1, draft=draft, change=change, subject="", staff=staff.id
        )
        await survey_table.add_missing_strata(survey)
        await add_audit_event(
            staff=staff.id,
            action="survey.start",
            object_kind="survey",
            object_id=slug,
            detail={"from": change},
        )
    return slug


async def copy_survey(
    staff: StaffMember, survey: ReviewedSurvey, *, title: str, is_anonymous: bool = False
) -> str:
    """Make a new survey with the draft of another that this person may see."""
    current = await load_draft(survey)
    return await start_survey(staff, current.draft, title=title, change="copied", is_anonymous=is_anonymous)


async def replace_by_workbook(
    staff: StaffMember, survey: ReviewedSurvey, content: bytes, name: str, *, base: int
) -> CurrentDraft:
    """Take the questions of a workbook in place of the draft's; like every step this can be undone."""
    read = await read_workbook(content, name)
    await check_anonymity(survey.id, read.questionnaire.is_anonymous)

    def apply(draft: Draft) -> Draft:
        return carry_sources(draft, read.questionnaire)

    step = Step(change=WORKBOOK, apply=apply, subject=name[:200], seen=lambda draft: draft)
    return await change_draft(staff, survey, step, base=base)


async def write_workbook(
    staff: StaffMember, survey: ReviewedSurvey, languages: Collection[str] | None = None
) -> bytes:
    """The draft as a workbook that reads back as the same; in some of its languages, whole or not."""
    check_may(staff.role, "author")
    draft = (await load_draft(survey)).draft
    base, written = draft.questionnaire.default_language, draft.questionnaire.languages
    kept = [code for code in written if languages is None or code == base or code in languages]
    await add_audit_event(
        staff=staff.id, action="survey.workbook", object_kind="survey", object_id=survey.slug
    )
    return write_xlsform(keep_languages(draft.questionnaire, kept), may_lack_translations=True)


async def _find_free_slug(title: str) -> str:
    stem = _slug(title)
    for number in range(1, 1_000):
        slug = stem if number == 1 else f"{stem[: LONGEST_SLUG - 4]}-{number}"
        if await survey_table.find_survey(slug) is None:
            return slug
    raise SurveyServiceError("There are too many surveys of this name.", hint="Give it another title.")


def _slug(title: str) -> str:
    try:
        return make_slug(make_name(title, (), fallback="survey").replace("_", "-"))
    except SurveyServiceError:
        return "survey"
