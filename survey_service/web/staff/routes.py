"""Every route of staff, under one router with its own answer to somebody who is not signed in."""

from litestar import Router

from survey_service.web.staff import (
    budget,
    calendar,
    channels,
    contacts,
    draws,
    forecast,
    freezes,
    limits,
    paper,
    question_bank,
    replicates,
    safeguarding,
    shares,
    sign_in,
    simulation,
    strata,
    surveys,
)
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
            *contacts.ROUTES,
            *calendar.ROUTES,
            *strata.ROUTES,
            *budget.ROUTES,
            *shares.ROUTES,
            *freezes.ROUTES,
            *limits.ROUTES,
            *forecast.ROUTES,
            *draws.ROUTES,
            *replicates.ROUTES,
            *simulation.ROUTES,
            *safeguarding.ROUTES,
        ],
        exception_handlers={SignInNeeded: send_to_sign_in},
        include_in_schema=False,
    )
]
