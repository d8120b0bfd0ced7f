"""Open and close a survey, and give its questionnaire back as a workbook."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from survey_service.db import audit_event, questionnaire_version, survey
from survey_service.db.engine import transaction
from survey_service.db.served_form import ServedVersion
from survey_service.db.survey import Survey
from survey_service.domain.errors import Conflict, LimitReached, NotFound
from survey_service.domain.length import hard_limit_seconds, judge_length, soft_limit_seconds
from survey_service.integrations.xlsform import write_xlsform
from survey_service.services.questionnaires.find_repeats import check_repeats, fill_bank, today_in_utc


async def get_survey(slug: str) -> Survey:
    """Return the survey or say that there is none."""
    found = await survey.find_survey(slug)
    if found is None:
        raise NotFound(f"There is no survey {slug!r}.", hint="See `survey-service survey list`.")
    return found


async def get_newest_version(found: Survey) -> ServedVersion:
    """Return the questionnaire that counts now, with its forms."""
    version = await questionnaire_version.load_newest_version(found.id)
    if version is None:
        raise NotFound(
            f"The survey {found.slug} has no questionnaire.",
            hint="Import its workbook, or publish what was written.",
            code="no_questionnaire",
        )
    return version


async def open_survey(
    slug: str, *, reason: str | None = None, repeat_reason: str | None = None, staff: int | None = None
) -> None:
    """Take answers from now on; opening an open survey changes nothing.

    A form that is longer than people put up with needs a reason, which the audit log keeps. So does each
    question that repeats what the same people were asked; `repeat_reason` is one for all not decided yet.
    """
    async with transaction():
        found = await get_survey(slug)
        if found.state == "open":
            return
        if found.state == "closed":
            raise Conflict(
                f"The survey {slug} is closed.", hint="Import the workbook as a survey of its own."
            )
        version = await get_newest_version(found)
        longest = max(form.planned_seconds for form in version.forms.values())
        _check_length(longest, reason)
        await survey.add_missing_strata(found.id)
        await check_repeats(found.id, slug, version.questionnaire, today=today_in_utc(), reason=repeat_reason)
        await fill_bank(version.questionnaire, found.department)
        await survey.open_survey(found.id, datetime.now(UTC))
        await _note("survey.open", slug, staff, detail={"seconds": longest, "reason": reason})


async def close_survey(slug: str, *, staff: int | None = None) -> None:
    """Take no more answers."""
    async with transaction():
        found = await get_survey(slug)
        if found.state == "closed":
            return
        if found.state == "draft":
            raise Conflict(f"The survey {slug} was never opened.")
        await survey.close_survey(found.id, datetime.now(UTC))
        await _note("survey.close", slug, staff)


async def export_survey(slug: str, path: Path) -> None:
    """Write the newest questionnaire as a workbook that imports as the same."""
    version = await get_newest_version(await get_survey(slug))
    path.write_bytes(write_xlsform(version.questionnaire))


def _check_length(longest: int, reason: str | None) -> None:
    level = judge_length(longest).level
    if level == "cannot_launch":
        raise LimitReached(
            "The longest form takes too long.",
            expected=f"{hard_limit_seconds} seconds at most",
            got=f"{longest} seconds",
            hint="Take questions out, or split blocks.",
        )
    if level == "needs_reason" and not (reason and reason.strip()):
        raise LimitReached(
            "The longest form is longer than most people put up with.",
            expected=f"{soft_limit_seconds} seconds at most, or a reason",
            got=f"{longest} seconds",
            hint="Take questions out, split blocks, or give the reason with --reason.",
        )


async def _note(
    action: str, slug: str, staff: int | None, *, detail: Mapping[str, str | int | None] | None = None
) -> None:
    await audit_event.add_audit_event(
        staff=staff, action=action, object_kind="survey", object_id=slug, detail=detail or {}
    )
