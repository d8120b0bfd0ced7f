"""`/staff/simulation`: what a year of surveys would do to a made-up community under each policy.

A post changes nothing: it is posted because it costs seconds of work, which no link should set off.
"""

import asyncio
from threading import Lock
from time import monotonic

from litestar import Response, get, post

from survey_service.domain.errors import LimitReached, SurveyServiceError, Unavailable
from survey_service.domain.roles import check_may
from survey_service.domain.scenario import Scenario, build_scenario
from survey_service.services.simulation.simulate_policies import Simulation, simulate_policies
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import gettext, staff_page
from survey_service.web.staff.simulation_form import SimulationForm, default_form, read_simulation_form
from survey_service.web.staff.simulation_picture import draw_simulation
from survey_service.web.staff.simulation_words import assumption_words, measure_words, policy_words

LONGEST_SECONDS = 30.0

_turn = Lock()
"""One simulation at a time in a process. Held by the thread that works, not by the request, which may end
sooner."""


@get("/staff/simulation", guards=[require_session])
async def show_simulation(request: AnyRequest) -> Response[str]:
    """The form, with the built-in scenario's numbers."""
    check_may(signed_in_staff(request).role, "plan")
    return _page(request, default_form())


@post("/staff/simulation", guards=[refuse_cross_site, require_session], status_code=200)
async def run_simulation(request: AnyRequest) -> Response[str]:
    """The figures for the numbers that were sent."""
    check_may(signed_in_staff(request).role, "plan")
    form = read_simulation_form(await request.form())
    if form.errors:
        return _page(request, form, status=422)
    scenario = build_scenario(form.values)
    try:
        simulation = await asyncio.to_thread(simulate_in_turn, scenario, LONGEST_SECONDS)
    except SurveyServiceError as refusal:
        said = SimulationForm(
            fields=form.fields,
            values=form.values,
            errors=[{"text": f"{refusal.message} {refusal.hint}", "href": "#replications"}],
        )
        return _page(request, said, status=503 if isinstance(refusal, Unavailable) else 422)
    return _page(request, form, simulation=simulation)


def simulate_in_turn(scenario: Scenario, longest_seconds: float) -> Simulation:
    """Simulate unless another simulation is running, and give up when it takes too long."""
    if not _turn.acquire(blocking=False):
        raise Unavailable(
            gettext("Another simulation is running."), hint=gettext("Try again in half a minute.")
        )
    stop_at = monotonic() + longest_seconds

    def report(done: int, total: int) -> None:
        if done < total and monotonic() > stop_at:
            raise LimitReached(
                gettext("This simulation takes too long for a page."),
                hint=gettext("Ask for fewer replications or fewer surveys, or use the command line."),
            )

    try:
        return simulate_policies(scenario, report)
    finally:
        _turn.release()


def _page(
    request: AnyRequest, form: SimulationForm, *, simulation: Simulation | None = None, status: int = 200
) -> Response[str]:
    return staff_page(
        request,
        "staff/simulation.html",
        staff=signed_in_staff(request),
        status=status,
        form=form,
        errors=form.errors,
        simulation=simulation,
        drawings=draw_simulation(simulation) if simulation else [],
        policy_words=policy_words(),
        measure_words=measure_words(),
        assumptions=assumption_words(simulation.scenario if simulation else build_scenario(form.values)),
    )


ROUTES = [show_simulation, run_simulation]
