"""What an answer of an open form passes before it is stored: doubts are noted; in a flood it waits."""

from time import time

from survey_service.domain.answers import FormValues
from survey_service.domain.flood import (
    PROOF_BITS,
    PROOF_FIELD,
    TRAP_FIELD,
    WAIT_SECONDS,
    WAITED_FIELD,
    count_filled,
    has_waited,
    is_proof,
    judge_open_answer,
    make_waiting,
    served_at,
)
from survey_service.web.limits import client_network
from survey_service.web.respondent.desk import AnyRequest, Reception
from survey_service.web.respondent.form_page import SUBMISSION_FIELD
from survey_service.web.respondent.page_answer import PageAnswer
from survey_service.web.respondent.pages import render_page
from survey_service.web.security import csp_nonce

TOO_MANY_REQUESTS = 429


def doubt_answer(request: AnyRequest, survey: str, posted: FormValues) -> str:
    """The flags of an answer about to be stored, as the response keeps them."""
    reception: Reception = request.app.state.reception
    served = served_at(request.app.state.secret_key, survey, posted[SUBMISSION_FIELD][0])
    found = judge_open_answer(
        seconds=None if served is None else int(time()) - served,
        filled=count_filled(posted),
        trap="".join(posted.get(TRAP_FIELD, [])),
        network_answers=reception.flood.count_network(survey, client_network(request)),
        network_limit=reception.flood.network_limit,
    )
    return " ".join(found)


def hold_back(
    request: AnyRequest, survey: str, action: str, language: str, posted: FormValues
) -> PageAnswer | None:
    """The page that makes a browser work or wait, while too many answers come; else None."""
    reception: Reception = request.app.state.reception
    if not reception.flood.is_under_attack(survey):
        return None
    key, copy, now = request.app.state.secret_key, posted[SUBMISSION_FIELD][0], int(time())
    if served_at(key, survey, copy) is not None and is_proof(copy, posted.get(PROOF_FIELD, [""])[0]):
        return None
    if has_waited(key, copy, posted.get(WAITED_FIELD, [""])[0], now=now):
        return None
    kept = [
        (name, value)
        for name, values in posted.items()
        if name not in (PROOF_FIELD, WAITED_FIELD)
        for value in values
    ]
    html = render_page(
        reception.pages.environment,
        "respondent/wait.html",
        language,
        nonce=csp_nonce(request.scope),
        action=action,
        kept=kept,
        copy=copy,
        bits=PROOF_BITS,
        proof_field=PROOF_FIELD,
        waited_field=WAITED_FIELD,
        ticket=make_waiting(key, copy, at=now),
        seconds=WAIT_SECONDS,
    )
    return PageAnswer(html.encode(), TOO_MANY_REQUESTS)
