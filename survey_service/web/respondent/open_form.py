"""`/o/<survey>/<language>?from=<channel>`: the form anybody may answer, kept apart from the sample."""

import re
import secrets
from datetime import datetime

from litestar import post, route
from litestar.exceptions import ClientException
from litestar.types import ASGIApp

from survey_service.domain.answers import FormValues
from survey_service.domain.channels import read_channel
from survey_service.domain.flood import make_copy
from survey_service.domain.form_pages import split_pages
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.questionnaire import Questionnaire
from survey_service.services.answers.serve_form import Visit
from survey_service.services.answers.submit_answers import GO_FIELD, submit_answers
from survey_service.web.forgery import check_same_site
from survey_service.web.limits import client_network
from survey_service.web.respondent.desk import (
    AnyRequest,
    Reception,
    choose_language,
    is_offered,
    wanted_language,
)
from survey_service.web.respondent.form_page import (
    CHANNEL_FIELD,
    SUBMISSION_FIELD,
    VERSION_FIELD,
    now_in_seconds,
    offered_locales,
    open_form_action,
    render_form,
)
from survey_service.web.respondent.form_steps import RESUME, Turned, posted_word, show_errors, turn_page
from survey_service.web.respondent.open_defence import doubt_answer, hold_back
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.posted import read_posted
from survey_service.web.security import csp_nonce

_submission_id = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{8})?")


@route("/o/{survey:str}/{language:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_open_form(request: AnyRequest) -> ASGIApp:
    """One of the survey's forms, by lot."""
    reception: Reception = request.app.state.reception
    survey, language = request.path_params["survey"], request.path_params["language"]
    channel = read_channel(request.query_params.get("from"))
    key, lot = request.app.state.secret_key, secrets.token_bytes(8)
    submission_id = make_copy(key, survey, at=int(now_in_seconds()), lot=lot)
    visit = await reception.desk.visit_open(survey, submission_id, channel)
    if not is_offered(visit.version.questionnaire, language):
        return GoTo(f"/o/{survey}?from={channel}")
    if visit.standing != "open":
        return _say(request, "respondent/closed.html", survey, language, visit.version.questionnaire, 410)
    page = reception.pages.open_form_page(
        visit.version.id,
        survey,
        visit.version.questionnaire,
        visit.form,
        language,
        ways=visit.version.ways,
    )
    return PageAnswer(page.fill(channel=channel, submission=submission_id, nonce=csp_nonce(request.scope)))


@route("/o/{survey:str}", http_method=["GET", "HEAD"], include_in_schema=False)
async def choose_open_form_language(request: AnyRequest) -> ASGIApp:
    """To the form in the language the browser asks for most."""
    reception: Reception = request.app.state.reception
    survey = await reception.desk.open_survey(request.path_params["survey"])
    version = await reception.desk.version_of(survey)
    language = choose_language(request, version.questionnaire)
    return GoTo(f"/o/{survey.slug}/{language}?from={read_channel(request.query_params.get('from'))}")


@post("/o/{survey:str}/{language:str}", include_in_schema=False)
async def take_open_answers(request: AnyRequest) -> ASGIApp:
    """Store what was posted; the same copy of the page counts once, however often it is sent."""
    check_same_site(request)
    reception: Reception = request.app.state.reception
    survey, language = request.path_params["survey"], request.path_params["language"]
    reception.answers_a_minute.count(client_network(request))
    posted = await read_posted(request)
    submission_id = posted.get(SUBMISSION_FIELD, [""])[0]
    if not _submission_id.fullmatch(submission_id):
        raise ClientException("the form is not complete")
    channel = read_channel(posted.get(CHANNEL_FIELD, [""])[0])
    version_id = read_whole_number(request.query_params.get(VERSION_FIELD, "")[:18])
    visit = await reception.desk.visit_open(survey, submission_id, channel, version_id=version_id)
    questionnaire = visit.version.questionnaire
    if not is_offered(questionnaire, language):
        return GoTo(f"/o/{survey}?from={channel}")
    if visit.standing != "open":
        return _say(request, "respondent/closed.html", survey, language, questionnaire, 410)
    wanted = _same_page_in(questionnaire, posted, language)
    today = datetime.now(reception.zone).date()
    turned = turn_page(questionnaire, visit.form, posted, language, today=today, wanted=wanted)
    if turned is not None:
        return PageAnswer(_render(request, visit, survey, turned, posted), 422 if turned.errors else 200)
    action = open_form_action(survey, language, visit.version.id)
    if held := hold_back(request, survey, action, language, posted):
        return held
    submitted = await submit_answers(
        reception.desk,
        visit,
        posted,
        language=language,
        privacy_notice_version=reception.brand.privacy_notice_version,
        at=datetime.now(reception.zone),
        flags=doubt_answer(request, survey, posted),
    )
    if submitted.errors:
        turned = show_errors(submitted.errors, split_pages(questionnaire, visit.form), language)
        return PageAnswer(_render(request, visit, survey, turned, posted), 422)
    if submitted.standing == "closed":
        return _say(request, "respondent/closed.html", survey, language, questionnaire, 410)
    # A second click of the same copy was counted by the first: thanks for either.
    return GoTo(f"/o/{survey}/{language}/thanks")


def _same_page_in(questionnaire: Questionnaire, posted: FormValues, language: str) -> str:
    """The language to show the same page in once more: another one, or after it was kept on a device."""
    is_back = posted_word(posted, GO_FIELD) == RESUME
    return wanted_language(questionnaire, posted) or (language if is_back else "")


@route("/o/{survey:str}/{language:str}/thanks", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_open_thanks(request: AnyRequest) -> ASGIApp:
    """Thank. Nothing is promised here: nobody knows who answered."""
    reception: Reception = request.app.state.reception
    survey, language = request.path_params["survey"], request.path_params["language"]
    version = await reception.desk.version_of(await reception.desk.open_survey(survey))
    if not is_offered(version.questionnaire, language):
        return GoTo(f"/o/{survey}")
    return _say(
        request,
        "respondent/thank_you.html",
        survey,
        language,
        version.questionnaire,
        200,
        "/thanks",
        rest_days=0,
        item="",
        action="",
        is_rated=False,
    )


def _say(
    request: AnyRequest,
    template: str,
    survey: str,
    language: str,
    questionnaire: Questionnaire,
    status: int,
    tail: str = "",
    **values: int | str,
) -> PageAnswer:
    page = request.app.state.pages.page(
        template,
        language,
        path=f"/o/{survey}/{{locale}}{tail}",
        languages=offered_locales(questionnaire),
        **values,
    )
    return PageAnswer(page.fill(nonce=csp_nonce(request.scope)), status)


def _render(
    request: AnyRequest,
    visit: Visit,
    survey: str,
    turned: Turned,
    posted: FormValues,
) -> bytes:
    return render_form(
        request.app.state.pages.environment,
        visit.version.questionnaire,
        visit.form,
        turned.language,
        action=open_form_action(survey, turned.language, visit.version.id),
        nonce=csp_nonce(request.scope),
        served_at=now_in_seconds(),
        channel=visit.channel,
        submission=posted[SUBMISSION_FIELD][0],
        values=posted,
        errors=turned.errors,
        page=turned.page,
        ways=visit.version.ways,
        today=datetime.now(request.app.state.reception.zone).date(),
    ).encode()


ROUTES = [show_open_form, choose_open_form_language, take_open_answers, show_open_thanks]
