"""`/staff/likelihood`: what response likelihood expects of strata, how right it was, and whether it is used.

Figures are of groups of ten people and more. Nothing here, nor on any other page, is about one person.
"""

from typing import Any

from litestar import Response, get, post

from models.model_file import ModelCard
from survey_service.domain.answers import clean_text
from survey_service.domain.errors import Conflict
from survey_service.domain.roles import check_may, may
from survey_service.i18n.formatting import format_percent
from survey_service.services.likelihood.advise_launch import LEAST_WAVES, SLOTS, choose_send_time
from survey_service.services.likelihood.judge_likelihood import switch_likelihood
from survey_service.services.likelihood.order_training import find_ordered_training, order_training
from survey_service.services.likelihood.review_likelihood import review_likelihood
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.bar_picture import draw_bars
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.likelihood_picture import draw_calibration
from survey_service.web.staff.page import gettext, staff_page
from survey_service.web.staff.simulation_picture import Drawing

MOST_LETTERS = 400


@get("/staff/likelihood", guards=[require_session])
async def show_likelihood(request: AnyRequest) -> Response[str]:
    """The model that counts, and how it did."""
    check_may(signed_in_staff(request).role, "plan")
    return await _page(request)


@post("/staff/likelihood/switch", guards=[refuse_cross_site, require_session], status_code=303)
async def switch(request: AnyRequest) -> Response[Any]:
    """Use the newest model or leave it, for a reason."""
    staff, form = signed_in_staff(request), await request.form()
    check_may(staff.role, "govern")
    reason = clean_text(str(form.get("reason", "")))[:MOST_LETTERS]
    if not reason:
        said = {"text": gettext("Say why, for the record"), "href": "#reason"}
        return await _page(request, errors=[said])
    is_on = form.get("do") == "on"
    await switch_likelihood(is_on=is_on, reason=reason, staff=staff.id)
    return go_on("/staff/likelihood", "switched_on" if is_on else "switched_off")


@post("/staff/likelihood/train", guards=[refuse_cross_site, require_session], status_code=303)
async def train(request: AnyRequest) -> Response[Any]:
    """Order a training; the worker does it."""
    try:
        await order_training(signed_in_staff(request))
    except Conflict as refusal:
        said = {"text": f"{refusal.message} {refusal.hint}", "href": "#training"}
        return await _page(request, errors=[said])
    return go_on("/staff/likelihood", "training_asked")


def slot_words() -> dict[str, str]:
    """Each part of the week, in words."""
    words = (
        gettext("Weekdays before noon"),
        gettext("Weekday afternoons"),
        gettext("Weekday evenings from five"),
        gettext("Weekends before noon"),
        gettext("Weekend afternoons"),
        gettext("Weekend evenings from five"),
    )
    return dict(zip(SLOTS, words, strict=True))


def model_words() -> dict[str, str]:
    """Each kind of model, in words."""
    return {
        "rates": gettext("rates of strata"),
        "logistic": gettext("logistic regression"),
        "logistic_splines": gettext("logistic regression with curves"),
        "boosting": gettext("boosted trees"),
    }


def feature_words() -> dict[str, str]:
    """What a model looks at, in words; a permitted attribute has its own name."""
    return {
        "stratum": gettext("audience"),
        "channel": gettext("channel of the invitation"),
        "tenure_days": gettext("days since joining, up to a year"),
        "form_minutes": gettext("minutes of the form"),
        "answer_rate": gettext("share of earlier invitations answered"),
        "answered_last": gettext("whether the last one was answered"),
        "days_since_answer": gettext("days since the last answer"),
        "is_first": gettext("whether it is the first invitation"),
        "invitations_30": gettext("invitations in 30 days"),
        "invitations_90": gettext("invitations in 90 days"),
        "invitations_365": gettext("invitations in a year"),
        "planned_90": gettext("planned minutes in 90 days"),
        "planned_365": gettext("planned minutes in a year"),
        "reminders_365": gettext("reminders in a year"),
        "issues_clicked_180": gettext("issues of the newsletter clicked, where agreed"),
    }


async def _page(request: AnyRequest, *, errors: list[dict[str, str]] | None = None) -> Response[str]:
    staff = signed_in_staff(request)
    review = await review_likelihood()
    card = review.newest.card if review.newest else None
    return staff_page(
        request,
        "staff/likelihood.html",
        staff=staff,
        status=422 if errors else 200,
        review=review,
        ordered=await find_ordered_training(),
        card=card,
        calibration=draw_calibration(card) if card else None,
        drawings=[_draw_strata(card)] if card and card.by_stratum else [],
        slots=SLOTS,
        slot_words=slot_words(),
        best_slot=choose_send_time(card.send_times) if card else None,
        least_waves=LEAST_WAVES,
        model_words=model_words(),
        feature_words=feature_words(),
        may_switch=may(staff.role, "govern"),
        errors=errors or [],
    )


def _draw_strata(card: ModelCard) -> Drawing:
    return draw_bars(
        "expected-yield",
        gettext("Answers expected of 100 invitations"),
        [(name, format_percent(one["expected"]), one["expected"]) for name, one in card.by_stratum.items()],
        whole=1.0,
    )


ROUTES = [show_likelihood, switch, train]
