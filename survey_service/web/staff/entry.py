"""`/staff/surveys/…/entry`: answers from paper, face to face or the telephone, typed in by staff."""

import secrets
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import quote

from litestar import Response, get, post
from litestar.response import Redirect
from markupsafe import Markup

from survey_service.db.result import ReviewedSurvey
from survey_service.domain.answers import AnswerError, FormValues
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.domain.late_paper import DAY_RECEIVED, last_entry_day
from survey_service.domain.modes import EnteredMode, entered_modes
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import check_may
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.i18n.translate import use_locale
from survey_service.services.answers.enter_answers import (
    Entry,
    EntryForm,
    closing_day,
    enter_answers,
    find_printed_form,
    get_entry_form,
)
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.respondent.posted import read_posted
from survey_service.web.respondent.question_view import view_errors, view_questions
from survey_service.web.staff.form_words import form_word
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page
from survey_service.web.staff.paper import show_refusal
from survey_service.web.staff.plan_form import describe_refusal

WHO_FIELD, REFERENCE_FIELD, AS_IS_FIELD, SUBMISSION_FIELD = (
    "entry-who", "entry-reference", "entry-as-is", "entry-submission",
)  # fmt: skip
"""Fields beside the questions; no question has a hyphen in its name."""
RECEIVED_FIELDS = ("entry-received-day", "entry-received-month", "entry-received-year")


def mode_words() -> dict[EnteredMode, str]:
    """Each way on screen."""
    return {
        "paper": gettext("On paper"),
        "interview": gettext("Face to face"),
        "phone": gettext("On the telephone"),
    }


@get("/staff/surveys/{slug:str}/entry", guards=[require_session])
async def start_entry(request: AnyRequest) -> Response[Any]:
    """To the page of the form that lies before the person; its code says which that is."""
    survey, query = await _survey(request), request.query_params
    mode = query.get("mode", "paper")
    try:
        if code := query.get("code", "").strip():
            form, language = await find_printed_form(survey, code)
        else:
            form = read_whole_number(query.get("form", "")[:18]) or 0
            language = query.get("language", "")
        await get_entry_form(survey, form, language)
    except SurveyServiceError as refusal:
        return await show_refusal(request, refusal, field="code")
    mode = mode if mode in entered_modes else "paper"
    return Redirect(f"/staff/surveys/{survey.slug}/entry/{form}/{quote(language)}/{mode}", status_code=303)


@get("/staff/surveys/{slug:str}/entry/{form:int}/{language:str}/{mode:str}", guards=[require_session])
async def show_entry(request: AnyRequest) -> Response[Any]:
    """The questions of the form, empty."""
    survey = await _survey(request)
    return _page(request, survey, await _form(request, survey), {})


@post(
    "/staff/surveys/{slug:str}/entry/{form:int}/{language:str}/{mode:str}",
    guards=[refuse_cross_site, require_session],
    status_code=303,
)
async def take_entry(request: AnyRequest) -> Response[Any]:
    """Store what was typed in."""
    survey = await _survey(request)
    form, posted = await _form(request, survey), await read_posted(request)
    state = request.app.state
    received = read_received(posted)
    reference = "" if _first(posted, WHO_FIELD) == "nobody" else _first(posted, REFERENCE_FIELD).strip()
    try:
        if received is None and any(_first(posted, field) for field in RECEIVED_FIELDS):
            raise Conflict("The day received is no date. Write it as 27 3 2026.", code=DAY_RECEIVED)
        if not reference and _first(posted, WHO_FIELD) != "nobody":
            raise NotFound("Say whose answer this is: give the reference, or choose that nobody was invited.")
        errors = await enter_answers(
            signed_in_staff(request),
            survey,
            state.reception.desk,
            form,
            Entry(
                mode=_mode(request),
                reference=reference,
                submission_id=_first(posted, SUBMISSION_FIELD),
                as_is=AS_IS_FIELD in posted,
                fields=posted,
                received_on=received,
            ),
            late_days=state.settings.late_entry_days,
            privacy_notice_version=state.brand.privacy_notice_version,
            at=datetime.now(state.reception.zone),
        )
    except SurveyServiceError as refusal:
        line = describe_refusal(refusal) | {"href": _field_of(refusal, survey)}
        return _page(request, survey, form, posted, lines=[line])
    if errors:
        return _page(request, survey, form, posted, errors=errors)
    day = f"&received={received.isoformat()}" if received else ""
    return Redirect(f"{request.url.path}?stored{day}", status_code=303)


def read_received(posted: FormValues) -> date | None:
    """The day a form was received; None where nothing stands there, or nothing that is a day."""
    day, month, year = (read_whole_number(_first(posted, field)[:8]) for field in RECEIVED_FIELDS)
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


async def _survey(request: AnyRequest) -> ReviewedSurvey:
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    return survey


async def _form(request: AnyRequest, survey: ReviewedSurvey) -> EntryForm:
    _mode(request)
    language = request.path_params["language"]
    if language not in KNOWN_LOCALES:
        raise NotFound("There is no such language.", got=repr(language))
    return await get_entry_form(survey, request.path_params["form"], language)


def _mode(request: AnyRequest) -> EnteredMode:
    mode = request.path_params["mode"]
    if mode not in entered_modes:
        raise NotFound("There is no such way to answer.", expected=", ".join(entered_modes), got=repr(mode))
    return cast(EnteredMode, mode)


def _first(posted: FormValues, field: str) -> str:
    return next(iter(posted.get(field, ())), "")


def _page(
    request: AnyRequest,
    survey: ReviewedSurvey,
    form: EntryForm,
    posted: FormValues,
    *,
    errors: tuple[AnswerError, ...] = (),
    lines: list[dict[str, str]] | None = None,
) -> Response[str]:
    """The entry page. Questions are in the language of the paper, what surrounds them in that of staff."""
    state = request.app.state
    closed_on = closing_day(survey, state.reception.zone)
    with use_locale(LANGUAGE):
        lines = lines or [{"text": one.text, "href": f"#{one.field}"} for one in view_errors(errors)]
    return staff_page(
        request,
        "staff/entry.html",
        staff=signed_in_staff(request),
        status=422 if lines else 200,
        survey=survey,
        language=LANGUAGE,
        action=request.url.path,
        mode=_mode(request),
        modes=mode_words(),
        form_name=form_word(form.version.questionnaire, form.form, LANGUAGE),
        locale=KNOWN_LOCALES[form.language],
        cards=_cards(request, form, posted, errors),
        typed={
            "who": _first(posted, WHO_FIELD) or "invited",
            "reference": _first(posted, REFERENCE_FIELD),
            "as_is": AS_IS_FIELD in posted,
            "submission": _first(posted, SUBMISSION_FIELD) or secrets.token_hex(16),
            "received": _typed_day(request, posted),
        },
        closed_on=closed_on,
        last_day=None if closed_on is None else last_entry_day(closed_on, state.settings.late_entry_days),
        may_store_as_is=bool(errors),
        is_stored="stored" in request.query_params and not posted,
        errors=lines,
    )


def _field_of(refusal: SurveyServiceError, survey: ReviewedSurvey) -> str:
    """The field a refusal is about; an anonymous survey asks for no reference."""
    if refusal.code == DAY_RECEIVED:
        return f"#{RECEIVED_FIELDS[0]}"
    return "#entry-form" if survey.is_anonymous else f"#{REFERENCE_FIELD}"


def _typed_day(request: AnyRequest, posted: FormValues) -> list[str]:
    """What stands in the fields of the day: what was typed, or the day of the form before."""
    if posted:
        return [_first(posted, field) for field in RECEIVED_FIELDS]
    try:
        day = date.fromisoformat(request.query_params.get("received", ""))
    except ValueError:
        return ["", "", ""]
    return [str(day.day), str(day.month), str(day.year)]


def _cards(
    request: AnyRequest, form: EntryForm, posted: FormValues, errors: tuple[AnswerError, ...]
) -> list[Markup]:
    """The questions as respondents see them, every word in the language of the paper."""
    card = request.app.state.pages.environment.get_template("macros/question.html").module.question_card
    questions = form.form.questions_of(form.version.questionnaire)
    with use_locale(form.language):
        views = view_questions(questions, form.language, posted, errors)
        count = sum(view.number > 0 for view in views)
        return [card(view, count) for view in views]


ROUTES = [start_entry, show_entry, take_entry]
