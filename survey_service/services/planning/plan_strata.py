"""Plan a survey: read what is known of its strata and its past, and compute what it would ask of whom."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sampling.errors import SamplingError
from survey_service.db import budget
from survey_service.db.engine import transaction
from survey_service.db.survey import add_missing_strata, list_strata
from survey_service.domain.errors import LimitReached
from survey_service.services.gate.unit_standing import UnitStanding
from survey_service.services.likelihood.expect_response import expect_by_cell
from survey_service.services.planning.compute_plan import make_plan
from survey_service.services.planning.contact_capacity import capacity_by_cell, read_register
from survey_service.services.planning.plan_ground import lay_ground
from survey_service.services.planning.plan_request import PlanRequest, check_request
from survey_service.services.planning.survey_plan import Plan
from survey_service.services.questionnaires.manage_survey import get_newest_version, get_survey
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings

HISTORY_DAYS = 730
"""Rates of more than two years ago say little about today's."""


async def plan_survey(
    slug: str,
    settings: Settings,
    request: PlanRequest,
    *,
    day: date | None = None,
    units: UnitStanding | None = None,
) -> Plan:
    """Plan a survey as asked. Nothing is changed, and what cannot be reached is part of the plan."""
    async with transaction():
        found = await get_survey(slug)
        version = await get_newest_version(found)
        await add_missing_strata(found.id)
        strata = await list_strata(found.id)
        check_request(request, [one.name for one in strata])
        on = day or today(settings)
        cells = capacity_by_cell(units or await read_register(settings, on), on.toordinal())
        begin = datetime.combine(on, time(12), ZoneInfo(settings.time_zone)).astimezone(UTC)
        history = await budget.list_cell_histories(begin - timedelta(days=HISTORY_DAYS), begin)
        longest = max(form.planned_seconds for form in version.forms.values())
        modelled = await expect_by_cell(
            [cell for one in strata for cell in one.cells], begin, planned_seconds=longest
        )
    forms = list(version.forms.values())
    try:
        ground = lay_ground(strata, cells, history, forms, request, modelled)
        return make_plan(found, ground, request, forms, settings.stratum_minimum)
    except SamplingError as error:
        raise LimitReached(str(error)) from error
