"""Take a workbook in as a survey, or as a new version of one that is still a draft."""

import re
from pathlib import Path

import msgspec

from survey_service.db import audit_event, department, draft, questionnaire_version, survey
from survey_service.db.engine import transaction
from survey_service.db.survey import Survey
from survey_service.domain.drafts import Draft, publishable, whole_languages
from survey_service.domain.errors import Conflict, SurveyServiceError
from survey_service.domain.length import LengthLevel, judge_length
from survey_service.domain.questionnaire import Form, Questionnaire
from survey_service.integrations.xlsform import read_xlsform
from survey_service.services.questionnaires.manage_survey import get_survey
from survey_service.services.questionnaires.settle_anonymity import check_anonymity
from survey_service.services.questionnaires.split_survey import make_forms
from survey_service.services.questionnaires.store_version import hash_content, store_version

LONGEST_SLUG = 60
RESERVED_SLUGS = frozenset({"new"})
"""Pages of the staff area that stand where a survey's name would."""


class SurveyImport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did."""

    survey: str
    version: int
    is_new_version: bool
    languages: tuple[str, ...]
    incomplete: tuple[str, ...]
    """Languages of the workbook that lack translations: in the draft, and not offered yet."""
    questions: int
    forms: int
    longest_seconds: int
    length: LengthLevel
    is_anonymous: bool


async def import_survey(
    path: Path,
    *,
    department_name: str,
    slug: str | None = None,
    has_open_link: bool = False,
    limit_minutes: float | None = None,
    is_anonymous: bool | None = None,
) -> SurveyImport:
    """Read the workbook and store it. The same content again changes nothing but the open link.

    `is_anonymous` decides over what the workbook says, where it is given. With a limit each form holds what
    fits; without one it holds two blocks beside the core.
    """
    written = read_xlsform(path, may_lack_translations=True)
    if is_anonymous is not None:
        written = msgspec.structs.replace(written, is_anonymous=is_anonymous)
    questionnaire = _whole_part(written)
    forms = make_forms(questionnaire, limit_minutes)
    slug = make_slug(slug or questionnaire.name)
    async with transaction():
        found = await _find_or_make(slug, questionnaire, department_name, has_open_link)
        await check_anonymity(found.id, questionnaire.is_anonymous)
        number, is_new = await _store_version(found, questionnaire, forms)
        if is_new or questionnaire != written:
            await _follow_with_draft(found.id, written, limit_minutes)
        await survey.add_missing_strata(found.id)
        if is_new:
            await audit_event.add_audit_event(
                staff=None, action="survey.import", object_kind="survey", object_id=slug,
                detail={"version": number, "file": path.name},
            )  # fmt: skip
    longest = max(form.planned_seconds for form in forms)
    return SurveyImport(
        survey=slug,
        version=number,
        is_new_version=is_new,
        languages=questionnaire.languages,
        incomplete=tuple(code for code in written.languages if code not in questionnaire.languages),
        questions=sum(question.takes_answer for question in questionnaire.questions()),
        forms=len(forms),
        longest_seconds=longest,
        length=judge_length(longest).level,
        is_anonymous=questionnaire.is_anonymous,
    )


def make_slug(text: str) -> str:
    """Return the name used in addresses: lower-case letters and digits, joined by hyphens."""
    slug = "-".join(re.findall(r"[a-z0-9]+", text.lower()))
    if not slug or len(slug) > LONGEST_SLUG or slug in RESERVED_SLUGS:
        raise SurveyServiceError(
            "The survey has no usable name for its address.",
            expected=f"letters and digits, {LONGEST_SLUG} at most",
            got=repr(text[:LONGEST_SLUG]),
            hint="Give one with --slug.",
        )
    return slug


def _whole_part(written: Questionnaire) -> Questionnaire:
    """The questionnaire in its whole languages; nothing of one that is whole is left out."""
    whole = Draft(questionnaire=written)
    is_whole = len(whole_languages(whole)) == len(written.languages)
    return written if is_whole else publishable(whole)


async def _find_or_make(
    slug: str, questionnaire: Questionnaire, department_name: str, has_open_link: bool
) -> Survey:
    found = await survey.find_survey(slug)
    if found is None:
        await survey.add_survey(
            slug=slug,
            department=await department.ensure_department(department_name),
            title=questionnaire.title,
            has_open_link=has_open_link,
        )
        return await get_survey(slug)
    if found.department != department_name:
        raise Conflict(
            f"The survey {slug} belongs to {found.department}.", hint="Choose another name with --slug."
        )
    if found.state == "draft" or (has_open_link and not found.has_open_link):
        open_link = has_open_link or found.has_open_link
        title = questionnaire.title if found.state == "draft" else found.title
        await survey.update_survey(found.id, title=title, has_open_link=open_link)
    return found


async def _store_version(
    found: Survey, questionnaire: Questionnaire, forms: tuple[Form, ...]
) -> tuple[int, bool]:
    content_hash = hash_content(questionnaire, forms)
    newest = await questionnaire_version.find_newest_version(found.id)
    if newest is not None and newest.content_hash != content_hash and found.state != "draft":
        raise Conflict(
            "The survey has been opened; its questions can no longer change by an import.",
            hint="Import the workbook as a survey of its own with --slug, or change it in the browser.",
        )
    return await store_version(found.id, questionnaire, forms)


async def _follow_with_draft(survey_id: int, questionnaire: Questionnaire, limit: float | None) -> None:
    """What is written in the browser goes on from the workbook that came last."""
    await draft.lock_draft(survey_id)
    newest = await draft.find_newest_edit(survey_id)
    if newest is not None and newest.draft.questionnaire == questionnaire:
        return
    await draft.add_edit(
        survey=survey_id,
        number=1 if newest is None else newest.facts.number + 1,
        draft=Draft(questionnaire=questionnaire, is_split=True, limit_minutes=limit),
        change="workbook",
        subject="",
        staff=None,
    )
