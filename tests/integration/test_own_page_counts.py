"""What somebody declines on the own page was sent all the same: it counts everywhere as asked and refused."""

from datetime import UTC, date, datetime

import pytest

from survey_service.db import budget, calendar, result
from survey_service.db.draw_record import find_draw_record
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.make import make_invitation, make_survey
from tests.support.own_page import ask, make_person, path_of
from tests.support.rows import fetch


@pytest.mark.parametrize("posted", ["decline", "leave"])
async def test_a_refusal_shrinks_no_sample_and_gives_no_burden_back(
    client: CheckingClient, settings: Settings, posted: str
) -> None:
    contact = await make_person(settings, last_invited_on=today(settings))
    survey = await make_survey()
    refused = await make_invitation(survey=survey, contact=contact)
    await make_invitation(survey=survey)
    now = datetime.now(UTC)
    await make_invitation(
        survey=survey,
        state="cancelled",
        receipt=None,
        sent_at=None,
        cancelled_at=now,
        cancelled_for="resting",
    )
    await ask(contact, survey.slug, days_ago=0)
    before = await everywhere(survey.id, contact.unit)
    data = {"do": posted, "invitation": str(refused.id)}
    assert (await client.post(f"{await path_of(contact, settings)}/en", data=data)).status_code == 303
    [row] = await fetch("SELECT state, cancelled_for FROM invitation WHERE id = $1", refused.id)
    assert row == {"state": "cancelled", "cancelled_for": "person"}
    assert await everywhere(survey.id, contact.unit) == before
    assert before["invited"] == 2


async def everywhere(survey: int, unit: int) -> dict[str, object]:
    """Every count of what was sent, and what rests on it."""
    [stratum] = await result.count_strata(survey)
    uses = await budget.read_uses(date(2000, 1, 1))
    histories = await budget.list_cell_histories(
        datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )
    waves = await calendar.list_calendar_waves(date(2000, 1, 1), date(2100, 1, 1))
    record = await find_draw_record(survey, 1)
    assert record is not None
    return {
        "invited": stratum.invited,
        "uses": {name: column.tolist() for name, column in uses.items()},
        "sent": await budget.count_sent(date(2000, 1, 1)),
        "histories": [(one.cell, one.invited, one.answered) for one in histories],
        "people": [one.people for one in waves],
        "record": [(one.sent, one.cancelled) for one in record.replicates],
        "ledger": await fetch("SELECT kind, seconds FROM ledger_event"),
        "unit": await fetch("SELECT last_invited_on, promised_from FROM unit WHERE id = $1", unit),
    }
