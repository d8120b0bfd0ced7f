"""Write a survey's questionnaire step by step: every step is kept, and nobody overwrites another unseen."""

from collections.abc import Callable

import msgspec

from survey_service.db import draft as draft_table
from survey_service.db import questionnaire_version
from survey_service.db.audit_event import add_audit_event
from survey_service.db.draft import EditFacts
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.drafts import Draft
from survey_service.domain.errors import Conflict, NotFound
from survey_service.domain.roles import check_may

EDITED_MEANWHILE = "edited_meanwhile"
MOST_SHOWN = 100


class CurrentDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The draft as it stands; `number` names it, 0 where nothing was edited since it was published."""

    number: int
    draft: Draft
    newest: EditFacts | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of writing."""

    change: str
    """What is done, in one word, for example `question_changed`."""
    apply: Callable[[Draft], Draft]
    subject: str = ""
    seen: Callable[[Draft], object] | None = None
    """The part of the draft this step rests on. If somebody changed that part meanwhile the step is
    refused; what they did elsewhere is kept and the step is done upon it."""


async def load_draft(survey: ReviewedSurvey) -> CurrentDraft:
    """The draft of a survey from `get_survey_for`; where nothing was written, what was published last."""
    newest = await draft_table.find_newest_edit(survey.id)
    if newest is not None:
        return CurrentDraft(number=newest.facts.number, draft=newest.draft, newest=newest.facts)
    published = await questionnaire_version.load_newest_version(survey.id)
    if published is None:
        raise NotFound("The survey has no questionnaire.", code="no_questionnaire")
    draft = Draft(questionnaire=published.questionnaire, is_split=len(published.forms) > 1)
    return CurrentDraft(number=0, draft=draft)


async def change_draft(staff: StaffMember, survey: ReviewedSurvey, step: Step, *, base: int) -> CurrentDraft:
    """Do one step upon the draft; `base` is the number of the draft the person had before them.

    Raises `Conflict` with the code `edited_meanwhile` when somebody else changed what the step rests on.
    """
    check_may(staff.role, "author")
    async with transaction():
        await draft_table.lock_draft(survey.id)
        check_not_closed(survey)
        current = await load_draft(survey)
        if base != current.number and not await _is_untouched(survey, step, base, current.draft):
            raise Conflict(
                "Somebody else changed this while you were writing.",
                hint="Look at what they wrote, then save again.",
                code=EDITED_MEANWHILE,
            )
        changed = step.apply(current.draft)
        if changed == current.draft:
            return current
        return await _store(staff, survey, step, current, changed)


async def undo_last(staff: StaffMember, survey: ReviewedSurvey, *, base: int) -> CurrentDraft:
    """Go back to before the last edit; once more goes back one further."""
    check_may(staff.role, "author")
    current = await load_draft(survey)
    if current.newest is None:
        raise Conflict("There is nothing to undo.")
    shown = current.newest.restores or current.newest.number
    return await restore_edit(staff, survey, shown - 1, base=base, change="undone")


async def restore_edit(
    staff: StaffMember, survey: ReviewedSurvey, number: int, *, base: int, change: str = "restored"
) -> CurrentDraft:
    """Make an earlier edit the draft again; what came after it stays in the history."""
    check_may(staff.role, "author")
    async with transaction():
        await draft_table.lock_draft(survey.id)
        check_not_closed(survey)
        current = await load_draft(survey)
        if base != current.number:
            raise Conflict("Somebody else changed the survey meanwhile.", code=EDITED_MEANWHILE)
        earlier = await draft_table.find_edit(survey.id, number)
        if earlier is None:
            raise Conflict("There is nothing to undo.", hint="Older edits are not kept.")
        step = Step(change=change, apply=lambda _: earlier.draft, subject=f"{number}")
        return await _store(staff, survey, step, current, earlier.draft, restores=number)


async def list_edits_for(staff: StaffMember, survey: ReviewedSurvey) -> list[EditFacts]:
    """The history, newest first."""
    check_may(staff.role, "author")
    return await draft_table.list_edits(survey.id, most=MOST_SHOWN)


async def list_edits_since(survey: ReviewedSurvey, number: int) -> list[EditFacts]:
    """What others did since the draft a person had before them."""
    return await draft_table.list_edits_since(survey.id, number)


def check_not_closed(survey: ReviewedSurvey) -> None:
    """Refuse to change what nobody can answer any more."""
    if survey.state == "closed":
        raise Conflict("The survey is closed.", hint="Copy it and change the copy.")


async def _is_untouched(survey: ReviewedSurvey, step: Step, base: int, current: Draft) -> bool:
    if step.seen is None:
        return True
    had = await draft_table.find_edit(survey.id, base or 1)
    if had is None:
        return False
    return _look(step.seen, had.draft) == _look(step.seen, current)


def _look(seen: Callable[[Draft], object], draft: Draft) -> object:
    try:
        return seen(draft)
    except NotFound:
        return None


async def _store(
    staff: StaffMember,
    survey: ReviewedSurvey,
    step: Step,
    current: CurrentDraft,
    draft: Draft,
    *,
    restores: int | None = None,
) -> CurrentDraft:
    number = current.number
    if current.newest is None:
        # What was published is the first page of the history, so that the first edit can be undone.
        number += 1
        await draft_table.add_edit(
            survey=survey.id, number=number, draft=current.draft, change="published", subject="", staff=None
        )
    number += 1
    await draft_table.add_edit(
        survey=survey.id,
        number=number,
        draft=draft,
        change=step.change,
        subject=step.subject,
        staff=staff.id,
        restores=restores,
    )
    await add_audit_event(
        staff=staff.id,
        action="survey.edit",
        object_kind="survey",
        object_id=survey.slug,
        detail={"edit": number, "change": step.change},
    )
    return CurrentDraft(number=number, draft=draft)
