"""`/me/<token>/<language>/facts`: what a person let us keep about them, to be corrected or forgotten."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
from litestar import post, route
from litestar.exceptions import ClientException
from litestar.types import ASGIApp

from survey_service.domain.answer_fields import AnswerError, FormValues, date_fields
from survey_service.domain.errors import NotFound
from survey_service.domain.known_facts import KnownFact
from survey_service.domain.questionnaire import Question
from survey_service.i18n.locales import find_locale
from survey_service.i18n.translate import use_locale
from survey_service.services.own_page.correct_facts import correct_fact, forget_fact, list_facts
from survey_service.web.forgery import check_same_site
from survey_service.web.respondent.desk import AnyRequest
from survey_service.web.respondent.page_answer import GoTo, PageAnswer
from survey_service.web.respondent.pages import render_page
from survey_service.web.respondent.personal_form import no_such_link
from survey_service.web.respondent.posted import read_posted
from survey_service.web.respondent.question_view import ErrorView, QuestionView, view_errors, view_questions
from survey_service.web.security import csp_nonce

SAVED = "saved"


class FactView(msgspec.Struct, frozen=True, kw_only=True):
    """One fact: the question it came from, filled in as it was answered."""

    fact: str
    question: QuestionView
    language: str
    """Of the question, where it was never asked in the page's."""
    given_on: date
    valid_until: date


@route("/me/{token:str}/{language:str}/facts", http_method=["GET", "HEAD"], include_in_schema=False)
async def show_facts(request: AnyRequest) -> ASGIApp:
    """Everything that is known."""
    return await _show(request)


@post("/me/{token:str}/{language:str}/facts", include_in_schema=False)
async def change_fact(request: AnyRequest) -> ASGIApp:
    """Correct or forget one fact, then show the page anew."""
    check_same_site(request)
    token, language = request.path_params["token"], request.path_params["language"]
    posted = await read_posted(request)
    do, fact = posted.get("do", [""])[0], posted.get("fact", [""])[0]
    error: AnswerError | None = None
    try:
        if do == "forget":
            await forget_fact(token, fact)
        elif do == "correct":
            error = await correct_fact(token, fact, posted, request.app.state.settings, at=datetime.now(UTC))
        else:
            raise ClientException("no such change")
    except NotFound as missing:
        if missing.code != "unknown_fact":
            return no_such_link(request, language, missing)
    if error is not None:
        return await _show(request, posted=posted, error=error)
    return GoTo(f"/me/{token}/{language}/facts?{SAVED}")


async def _show(
    request: AnyRequest, *, posted: FormValues | None = None, error: AnswerError | None = None
) -> ASGIApp:
    token, language = request.path_params["token"], request.path_params["language"]
    request.app.state.reception.answers_a_minute.count(f"me {token}")
    try:
        known = await list_facts(token)
    except NotFound as missing:
        return no_such_link(request, language, missing)
    if find_locale(language) is None:
        return GoTo(f"/me/{token}")
    with use_locale(language):
        facts = [view_fact(one, language, posted, error) for one in known]
        errors: Sequence[ErrorView] = view_errors([error]) if error else ()
    html = render_page(
        request.app.state.pages.environment,
        "respondent/known_facts.html",
        language,
        nonce=csp_nonce(request.scope),
        path=f"/me/{token}/{{locale}}/facts",
        languages=request.app.state.pages.offered,
        facts=facts,
        errors=errors,
        action=f"/me/{token}/{language}/facts",
        back=f"/me/{token}/{language}",
        is_saved=SAVED in request.query_params and error is None,
    )
    return PageAnswer(html.encode(), 422 if error else 200)


def view_fact(
    known: KnownFact, language: str, posted: FormValues | None = None, error: AnswerError | None = None
) -> FactView:
    """One fact in a language, which must also be the current one; an error with what was typed."""
    question = msgspec.structs.replace(known.question, relevant="", constraint="", is_required=True, hint={})
    shown_in = language if language in question.label else next(iter(question.label))
    is_wrong = error is not None and error.question == question.name
    values = posted if is_wrong and posted is not None else fields_of(question, known.answer.value)
    (view,) = view_questions([question], shown_in, values, [error] if error and is_wrong else [])
    return FactView(
        fact=known.fact,
        question=view,
        language=shown_in,
        given_on=known.given_at.date(),
        valid_until=known.valid_until,
    )


def fields_of(question: Question, value: str) -> dict[str, list[str]]:
    """The fields of a question as they would be posted with an answer that is known."""
    if question.type == "date":
        return {
            field: [part.lstrip("0")]
            for field, part in zip(date_fields(question.name), reversed(value.split("-")), strict=True)
        }
    return {question.name: [value]}


ROUTES = [show_facts, change_fact]
