"""Every route of staff, under one router with its own answer to somebody who is not signed in."""

from litestar import Router

from survey_service.domain.errors import NotFound
from survey_service.web.staff import (
    budget,
    calendar,
    channels,
    contacts,
    draws,
    forecast,
    freezes,
    launch,
    likelihood,
    limits,
    newsletter,
    other_ways,
    paper,
    question_bank,
    question_editor,
    questions,
    repeats,
    replicates,
    representativeness,
    safeguarding,
    send_test,
    shares,
    sign_in,
    simulation,
    start_survey,
    strata,
    survey_details,
    surveys,
    translations,
    workbook,
)
from survey_service.web.staff.authoring import send_to_questions
from survey_service.web.staff.guards import SignInNeeded, send_to_sign_in

ROUTES = [
    Router(
        path="/",
        route_handlers=[
            *sign_in.ROUTES,
            *surveys.ROUTES,
            *channels.ROUTES,
            *paper.ROUTES,
            *question_bank.ROUTES,
            *repeats.ROUTES,
            *contacts.ROUTES,
            *calendar.ROUTES,
            *newsletter.ROUTES,
            *strata.ROUTES,
            *budget.ROUTES,
            *shares.ROUTES,
            *freezes.ROUTES,
            *limits.ROUTES,
            *likelihood.ROUTES,
            *forecast.ROUTES,
            *draws.ROUTES,
            *replicates.ROUTES,
            *representativeness.ROUTES,
            *start_survey.ROUTES,
            *survey_details.ROUTES,
            *questions.ROUTES,
            *question_editor.ROUTES,
            *launch.ROUTES,
            *translations.ROUTES,
            *workbook.ROUTES,
            *simulation.ROUTES,
            *safeguarding.ROUTES,
            *other_ways.ROUTES,
            *send_test.ROUTES,
        ],
        exception_handlers={SignInNeeded: send_to_sign_in, NotFound: send_to_questions},
        include_in_schema=False,
    )
]
