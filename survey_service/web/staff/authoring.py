"""What the pages on which a survey is written share: who may, the draft before them, and a refused save."""

from typing import Any

import msgspec
from litestar import Response
from litestar.response import Redirect

from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import Conflict, FileRefused, NotFound, SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import check_may, may
from survey_service.i18n.locales import Locale, find_locale
from survey_service.services.questionnaires.edit_draft import (
    EDITED_MEANWHILE,
    CurrentDraft,
    list_edits_since,
    load_draft,
)
from survey_service.services.questionnaires.try_form import trial_path
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.errors import answer_error
from survey_service.web.staff.guards import AnyRequest, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page

UNPUBLISHED = "unpublished"
"""In the address somebody is sent to who asked for a page that needs published questions."""

BASE_FIELD = "base"
"""Posted by every form: the number of the draft that was before the person."""


class Desk(msgspec.Struct, frozen=True):
    """A person at a survey they may write."""

    staff: StaffMember
    survey: ReviewedSurvey


async def sit_down(request: AnyRequest) -> Desk:
    """The survey of the address, for somebody who may write it."""
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "author")
    return Desk(staff, survey)


def read_base(posted: Any) -> int:
    """The draft the person had before them."""
    return read_whole_number(str(posted.get(BASE_FIELD, ""))[:12]) or 0


def is_overtaken(refusal: SurveyServiceError) -> bool:
    """True when somebody else was faster."""
    return isinstance(refusal, Conflict) and refusal.code == EDITED_MEANWHILE


def status_of_refusal(refusal: SurveyServiceError | None) -> int:
    """The status of a page that shows a refusal."""
    return 200 if refusal is None else (409 if isinstance(refusal, Conflict) else 422)


def as_errors(refusal: SurveyServiceError | None, href: str) -> list[dict[str, str]]:
    """A refusal as lines of the error summary; a refused file gives its reasons, row by row."""
    if refusal is None:
        return []
    lines = [{"text": " ".join(filter(None, (refusal.message, _got(refusal)))), "href": href}]
    if isinstance(refusal, FileRefused):
        lines += [{"text": str(row), "href": href} for row in refusal.rows[:50]]
        if len(refusal.rows) > 50:
            lines.append({"text": gettext("And more like these."), "href": href})
    return lines


async def authoring_page(
    request: AnyRequest,
    template: str,
    desk: Desk,
    *,
    refusal: SurveyServiceError | None = None,
    errors: list[dict[str, str]] | None = None,
    current: CurrentDraft | None = None,
    seen: int | None = None,
    **values: Any,
) -> Response[str]:
    """A page with the draft as it stands; after somebody else was faster, also with what they did."""
    current = current or await load_draft(desk.survey)
    overtaken_by = []
    if refusal is not None and is_overtaken(refusal) and seen is not None:
        overtaken_by = await list_edits_since(desk.survey, seen)
    base_language = current.draft.questionnaire.default_language
    status = status_of_refusal(refusal)
    shown = errors if errors is not None else as_errors(refusal, "#main-content")
    return staff_page(
        request,
        template,
        staff=desk.staff,
        status=status if refusal else (422 if shown else 200),
        survey=desk.survey,
        language=LANGUAGE,
        current=current,
        questionnaire=current.draft.questionnaire,
        base_language=base_language,
        base_field=BASE_FIELD,
        overtaken_by=overtaken_by,
        trial_path=trial_path(request.app.state.secret_key, desk.survey, ""),
        preview_languages=preview_languages(current),
        errors=shown,
        **values,
    )


def send_to_questions(request: AnyRequest, error: NotFound) -> Response[Any]:
    """What needs published questions has nothing to show before there are any: those who write go there."""
    slug = request.path_params.get("slug", "")
    is_questions = request.url.path.endswith("/questions")
    if error.code == "no_questionnaire" and not is_questions and may(signed_in_staff(request).role, "author"):
        return Redirect(f"/staff/surveys/{slug}/questions?{UNPUBLISHED}", status_code=303)
    return answer_error(request, error)


def preview_languages(current: CurrentDraft) -> list[Locale]:
    """The languages a draft can be looked at in."""
    found = (find_locale(code) for code in current.draft.questionnaire.languages)
    return [locale for locale in found if locale is not None]


def _got(refusal: SurveyServiceError) -> str:
    parts = []
    if refusal.got and refusal.got not in refusal.message:
        parts.append(gettext("Given: %(got)s.") % {"got": refusal.got})
    if refusal.expected:
        parts.append(gettext("Possible: %(expected)s.") % {"expected": refusal.expected})
    return " ".join(parts)
