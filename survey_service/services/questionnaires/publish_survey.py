"""From the draft to what is answered: publish it as a version, open the survey with it, close the survey.

Answers stay tied to the version they were given to, so that publishing a new one while a survey is open
changes nothing about those. Links that are out keep the form they were sent with.
"""

import msgspec

from survey_service.db import draft as draft_table
from survey_service.db import questionnaire_version
from survey_service.db import survey as survey_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.questionnaire_version import VersionLine
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.drafts import Draft, publishable
from survey_service.domain.errors import Conflict, SurveyServiceError
from survey_service.domain.roles import check_may
from survey_service.domain.version_changes import VersionChange
from survey_service.services.questionnaires.compare_versions import check_changes, review_changes
from survey_service.services.questionnaires.edit_draft import (
    EDITED_MEANWHILE,
    CurrentDraft,
    check_not_closed,
    load_draft,
)
from survey_service.services.questionnaires.find_repeats import check_repeats, today_in_utc
from survey_service.services.questionnaires.judge_draft import DraftJudgement, judge_draft, make_draft_forms
from survey_service.services.questionnaires.manage_survey import close_survey, open_survey
from survey_service.services.questionnaires.store_version import hash_content, store_version
from survey_service.services.results.review_survey import get_survey_for


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """A survey before it is opened or closed, or a new version before it is published."""

    current: CurrentDraft
    judgement: DraftJudgement
    versions: list[VersionLine]
    """Newest first."""
    is_published: bool
    """True when the newest version is the draft as it stands."""
    changes: tuple[VersionChange, ...]
    """What publishing would change about a survey that is open."""


async def review_launch(staff: StaffMember, survey: ReviewedSurvey) -> Launch:
    """What would be published, and what was."""
    check_may(staff.role, "author")
    async with transaction():
        current = await load_draft(survey)
        judgement = judge_draft(current.draft)
        newest = await questionnaire_version.find_newest_version(survey.id)
        served = publishable(current.draft)
        return Launch(
            current=current,
            judgement=judgement,
            versions=await questionnaire_version.list_versions(survey.id),
            is_published=newest is not None
            and (current.number == 0 or newest.content_hash == hash_content(served, judgement.forms)),
            changes=await review_changes(survey, served),
        )


async def publish_draft(
    staff: StaffMember, survey: ReviewedSurvey, *, base: int, is_confirmed: bool = False
) -> int:
    """Make the draft that was looked at the version that is served from now on; return its number.

    `is_confirmed` says that a person has looked at what it changes about a survey that is open.
    """
    check_may(staff.role, "author")
    async with transaction():
        await draft_table.lock_draft(survey.id)
        # It may have been opened since the page was got: from then on answers hang on its words.
        survey = await get_survey_for(staff, survey.slug)
        check_not_closed(survey)
        current = await load_draft(survey)
        if base != current.number:
            raise Conflict("Somebody else changed the survey meanwhile.", code=EDITED_MEANWHILE)
        served = publishable(current.draft)
        changes = await review_changes(survey, served)
        check_changes(changes, is_confirmed=is_confirmed)
        number, is_new = await _publish(survey, current.draft)
        if is_new and survey.state == "open":
            await check_repeats(survey.id, survey.slug, served, today=today_in_utc(), reason=None)
        if is_new:
            await add_audit_event(
                staff=staff.id,
                action="survey.publish",
                object_kind="survey",
                object_id=survey.slug,
                detail={"version": number, "edit": current.number, "confirmed": _confirmed(changes)},
            )
        return number


async def open_for(
    staff: StaffMember,
    survey: ReviewedSurvey,
    *,
    base: int,
    has_open_link: bool,
    reason: str,
    repeat_reason: str,
) -> None:
    """Publish the draft that was looked at and take answers to it from now on."""
    async with transaction():
        await publish_draft(staff, survey, base=base)
        await set_open_link_for(staff, survey, has_open_link)
        await open_survey(survey.slug, reason=reason, repeat_reason=repeat_reason, staff=staff.id)


async def set_open_link_for(staff: StaffMember, survey: ReviewedSurvey, has_open_link: bool) -> None:
    """Let anybody answer, or only those who are invited; holds at once."""
    check_may(staff.role, "author")
    if survey.has_open_link == has_open_link:
        return
    async with transaction():
        await survey_table.set_open_link(survey.id, has_open_link)
        await add_audit_event(
            staff=staff.id,
            action="survey.open_link",
            object_kind="survey",
            object_id=survey.slug,
            detail={"is_on": int(has_open_link)},
        )


async def close_for(staff: StaffMember, survey: ReviewedSurvey) -> None:
    """Take no more answers."""
    check_may(staff.role, "author")
    await close_survey(survey.slug, staff=staff.id)


def _confirmed(changes: tuple[VersionChange, ...]) -> str:
    """What was confirmed, for the audit log: names and codes, no words."""
    told = (
        f"{one.kind} {one.question}{f':{one.code}' if one.code else ''}"
        for one in changes
        if one.needs_confirmation
    )
    return "; ".join(told)[:1_000]


async def _publish(survey: ReviewedSurvey, draft: Draft) -> tuple[int, bool]:
    judgement = judge_draft(draft)
    if judgement.problems:
        raise SurveyServiceError(judgement.problems[0].reason, hint="See the list of what is missing.")
    if judgement.split_refusal:
        raise SurveyServiceError(judgement.split_refusal)
    served = publishable(draft)
    stored = await store_version(survey.id, served, make_draft_forms(draft, served))
    await survey_table.set_title(survey.id, served.title)
    return stored
