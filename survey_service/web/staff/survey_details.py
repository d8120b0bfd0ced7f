"""`/staff/surveys/…/details`: title, languages, forms and open link of a survey; `…/history`: its edits."""

from typing import Any

import msgspec
from litestar import Response, get, post

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.drafts import Draft, change_questionnaire
from survey_service.domain.errors import SurveyServiceError
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.services.questionnaires.edit_draft import (
    Step,
    change_draft,
    list_edits_for,
    load_draft,
    restore_edit,
)
from survey_service.services.questionnaires.publish_survey import set_open_link_for
from survey_service.services.questionnaires.settle_anonymity import is_anonymity_fixed
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.authoring import Desk, authoring_page, read_base, sit_down
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session
from survey_service.web.staff.page import gettext
from survey_service.web.staff.question_words import change_words
from survey_service.web.staff.start_survey import LONGEST_TITLE

LONGEST_LIMIT = 60


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the fields."""

    title: str
    languages: tuple[str, ...]
    is_split: bool
    minutes: str
    has_open_link: bool
    is_anonymous: bool
    keeps_meaning: bool = False


@get("/staff/surveys/{slug:str}/details", guards=[require_session])
async def show_details(request: AnyRequest) -> Response[str]:
    """The fields as they stand."""
    desk = await sit_down(request)
    draft = (await load_draft(desk.survey)).draft
    return await _details_page(request, desk, _details_of(draft, desk.survey))


@post("/staff/surveys/{slug:str}/details", guards=[refuse_cross_site, require_session], status_code=303)
async def save_details(request: AnyRequest) -> Response[Any]:
    """Save them; the open link holds at once, everything else when it is published."""
    desk, posted = await sit_down(request), await request.form()
    details, base = _read(posted), read_base(posted)
    if await is_anonymity_fixed(desk.survey.id):
        # The page does not ask then.
        details = msgspec.structs.replace(details, is_anonymous=desk.survey.is_anonymous)
    errors = _find_errors(details)
    if errors:
        return await _details_page(request, desk, details, base=base, errors=errors)
    step = Step(change="details_changed", apply=lambda draft: _put(draft, details), seen=_seen)
    try:
        await change_draft(desk.staff, desk.survey, step, base=base)
        await set_open_link_for(desk.staff, desk.survey, details.has_open_link)
    except SurveyServiceError as refusal:
        return await _details_page(request, desk, details, base=base, refusal=refusal)
    return go_on(f"/staff/surveys/{desk.survey.slug}/questions", "saved")


@get("/staff/surveys/{slug:str}/history", guards=[require_session])
async def show_history(request: AnyRequest) -> Response[str]:
    """Every edit that is kept."""
    return await _history_page(request, await sit_down(request))


@post("/staff/surveys/{slug:str}/history", guards=[refuse_cross_site, require_session], status_code=303)
async def go_back(request: AnyRequest) -> Response[Any]:
    """Make an earlier edit the draft again."""
    desk, posted = await sit_down(request), await request.form()
    number = read_base({"base": posted.get("edit", "")})
    try:
        await restore_edit(desk.staff, desk.survey, number, base=read_base(posted))
    except SurveyServiceError as refusal:
        return await _history_page(request, desk, refusal=refusal, seen=read_base(posted))
    return go_on(f"/staff/surveys/{desk.survey.slug}/questions", "restored")


def _details_of(draft: Draft, survey: ReviewedSurvey) -> Details:
    questionnaire = draft.questionnaire
    return Details(
        title=questionnaire.title.get(questionnaire.default_language, ""),
        languages=questionnaire.languages,
        is_split=draft.is_split,
        minutes="" if draft.limit_minutes is None else f"{draft.limit_minutes:g}",
        has_open_link=survey.has_open_link,
        is_anonymous=questionnaire.is_anonymous,
    )


def _read(posted: Any) -> Details:
    return Details(
        title=" ".join(str(posted.get("title", "")).split())[:LONGEST_TITLE],
        languages=tuple(str(code) for code in posted.getall("language", []) if code in KNOWN_LOCALES),
        is_split=posted.get("forms") == "split",
        minutes=str(posted.get("minutes", "")).strip().replace(",", ".")[:10],
        has_open_link=posted.get("open_link") == "yes",
        keeps_meaning=posted.get("keeps_meaning") == "yes",
        is_anonymous=posted.get("anonymous") == "yes",
    )


def _find_errors(details: Details) -> list[dict[str, str]]:
    errors = []
    if not details.title:
        errors.append({"text": gettext("Give the survey a title"), "href": "#title"})
    if details.is_split and details.minutes and _minutes(details) is None:
        errors.append({"text": gettext("Enter minutes as a number, such as 3"), "href": "#minutes"})
    return errors


def _minutes(details: Details) -> float | None:
    try:
        minutes = float(details.minutes)
    except ValueError:
        return None
    return minutes if 0 < minutes <= LONGEST_LIMIT else None


def _seen(draft: Draft) -> object:
    asked = draft.questionnaire
    return asked.title, asked.languages, asked.is_anonymous, draft.is_split, draft.limit_minutes


def _put(draft: Draft, details: Details) -> Draft:
    """Texts of a language that was taken off stay in the draft's history only."""
    questionnaire = draft.questionnaire
    base = questionnaire.default_language
    unknown = [code for code in questionnaire.languages if code not in KNOWN_LOCALES]
    languages = tuple(dict.fromkeys((base, *details.languages, *unknown)))
    changed = msgspec.structs.replace(
        questionnaire,
        title={**questionnaire.title, base: details.title},
        languages=languages,
        is_anonymous=details.is_anonymous,
    )
    draft = change_questionnaire(draft, changed, keeps_meaning=details.keeps_meaning)
    return msgspec.structs.replace(
        draft, is_split=details.is_split, limit_minutes=_minutes(details) if details.is_split else None
    )


async def _details_page(
    request: AnyRequest,
    desk: Desk,
    details: Details,
    *,
    base: int | None = None,
    errors: list[dict[str, str]] | None = None,
    refusal: SurveyServiceError | None = None,
) -> Response[str]:
    current = await load_draft(desk.survey)
    return await authoring_page(
        request,
        "staff/survey_details.html",
        desk,
        current=current,
        seen=base,
        refusal=refusal,
        errors=errors,
        base=current.number if base is None or refusal else base,
        details=details,
        is_anonymity_fixed=await is_anonymity_fixed(desk.survey.id),
        locales=list(KNOWN_LOCALES.values()),
        change_words=change_words(),
    )


async def _history_page(
    request: AnyRequest, desk: Desk, *, refusal: SurveyServiceError | None = None, seen: int | None = None
) -> Response[str]:
    return await authoring_page(
        request,
        "staff/survey_history.html",
        desk,
        refusal=refusal,
        seen=seen,
        edits=await list_edits_for(desk.staff, desk.survey),
        change_words=change_words(),
    )


ROUTES = [show_details, save_details, show_history, go_back]
