"""Named limits by purpose and attribute, and freezes by purpose: forecast, draw and gate judge alike."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_service.db import contact, outbox
from survey_service.db.engine import transaction
from survey_service.domain.contact_gate import Deny
from survey_service.domain.contact_limit import ContactLimit
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.services.gate.contact_gate import Purpose, may_contact
from survey_service.services.gate.explain_standing import explain_standing
from survey_service.services.gate.freeze_contact import freeze_contact, thaw_contact
from survey_service.services.gate.set_limit import end_limit, list_limits, set_limit, set_purpose
from survey_service.services.messages.send_invitations import send_invitations
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.price_survey import price_survey
from survey_service.services.planning.review_budget import review_budget
from survey_service.services.rotation.cancel_invitations import cancel_invitations
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import audited

pytestmark = pytest.mark.usefixtures("database")


def limit(**overrides: object) -> ContactLimit:
    values: dict[str, object] = {
        "name": "Terrorism once a year", "purpose": "terrorism", "invitations": 1, "window_days": 365
    }  # fmt: skip
    return ContactLimit(**(values | overrides))  # type: ignore[arg-type]


async def fill(folder: Path, settings: Settings) -> None:
    """Twenty workers, of whom every fourth is a victim of crime."""
    rows = contact_rows(20, audience="worker")
    for number, row in enumerate(rows):
        row["attribute.victim"] = "yes" if number % 4 == 0 else "no"
    await fill_register(folder, settings, rows)


async def test_a_limit_by_purpose_holds_for_that_purpose_alone(settings: Settings, tmp_path: Path) -> None:
    await fill(tmp_path, settings)
    parks, roads = await open_new_survey(tmp_path), await open_new_survey(tmp_path, "roads")
    for slug in (parks, roads):
        await set_purpose(slug, "terrorism")
    await set_limit(limit(), reason="They are asked by everybody")
    other = await open_new_survey(tmp_path, "other")
    day = today(settings)
    drawn = await draw_wave(parks, settings, n=8, at=day)
    later = day + timedelta(days=settings.rest_days)
    found = (await forecast_survey(roads, settings, n=20, at=later)).by_stratum["worker"]
    assert (found.excluded["over_limit"], found.eligible, found.shortfall) == (8, 12, 8)
    assert found.next_feasible == (day + timedelta(days=365)).isoformat()
    assert (await forecast_survey(other, settings, n=20, at=later)).by_stratum["worker"].eligible == 20
    again = await price_survey(roads, settings, PlanRequest(margin=0.4, invitations=4), day=later)
    assert again.by_stratum["worker"].again_from is not None
    # The gate says of each what the forecast counted.
    survey = {row["slug"]: row["id"] for row in await fetch("SELECT id, slug FROM survey")}
    asked = {member.contact for member in drawn.members}
    people = await fetch("SELECT id, reference FROM contact ORDER BY id")
    at = datetime.now(UTC) + timedelta(days=settings.rest_days)
    async with transaction():
        purpose = Purpose(survey=survey[roads], form_seconds=53)
        decisions = await may_contact([row["id"] for row in people], "invitation", at, settings, purpose)
    for row, decision in zip(people, decisions, strict=True):
        assert isinstance(decision, Deny) == (row["reference"] in asked)
        assert not isinstance(decision, Deny) or decision.reason == "over_limit"
    wave = await draw_wave(roads, settings, n=20, at=later)
    assert not {member.contact for member in wave.members} & asked
    assert len(wave.members) == 12
    # Ended, it holds nobody any more.
    await end_limit("terrorism ONCE a year")
    assert await list_limits() == []
    free = await forecast_survey(parks, settings, n=8, at=later + timedelta(days=60))
    assert free.by_stratum["worker"].excluded["over_limit"] == 0
    assert {"limit.set", "limit.end", "survey.purpose"} <= set(await audited())


async def test_a_limit_by_attribute_protects_whoever_has_it(settings: Settings, tmp_path: Path) -> None:
    await fill(tmp_path, settings)
    slug = await open_new_survey(tmp_path)
    before = await review_budget(settings)
    await set_limit(
        limit(name="Victims", purpose="", attribute="victim", value="yes"), reason="They were hurt"
    )
    # The budget no longer counts on their second invitation.
    assert ((await review_budget(settings)).capacity, before.capacity) == (35, 40)
    day = today(settings)
    await draw_wave(slug, settings, n=20, at=day)
    later = day + timedelta(days=settings.rest_days)
    found = await forecast_survey(slug, settings, n=20, at=later)
    assert found.by_stratum["worker"].excluded["over_limit"] == 5
    assert (found.budget.capacity, found.budget.used) == (35, 20)
    drawn = await draw_wave(slug, settings, n=20, at=later)
    rows = await fetch("SELECT reference FROM contact WHERE attributes ->> 'victim' = 'yes' ORDER BY id")
    assert not {member.contact for member in drawn.members} & {row["reference"] for row in rows}
    # A person's own explanation names the same reason and a day that is right.
    victim = await contact.find_contact(rows[0]["reference"])
    assert victim is not None
    standing = await explain_standing(victim, settings, day=later)
    assert (standing.reason, standing.until) == ("over_limit", day + timedelta(days=365))
    assert not (await explain_standing(victim, settings, day=day + timedelta(days=364))).may
    assert (await explain_standing(victim, settings, day=day + timedelta(days=365))).may


async def test_what_a_limit_cannot_be(settings: Settings, tmp_path: Path) -> None:
    await fill(tmp_path, settings)
    await set_limit(limit(), reason="Once")
    refused: list[tuple[ContactLimit, type[Exception]]] = [
        (limit(), Conflict),
        (limit(name="", purpose="x"), SurveyServiceError),
        (limit(name="Nothing", purpose=""), SurveyServiceError),
        (limit(name="Never", invitations=0), SurveyServiceError),
        (limit(name="Half", attribute="victim"), SurveyServiceError),
        (limit(name="Unknown", attribute="shoe", value="42"), NotFound),
        (limit(name="Words", purpose="Counter Terrorism"), SurveyServiceError),
    ]
    for one, error in refused:
        with pytest.raises(error):
            await set_limit(one, reason="Why not")
    with pytest.raises(SurveyServiceError, match="reason"):
        await set_limit(limit(name="Silent"), reason=" ")
    with pytest.raises(NotFound, match="no limit"):
        await end_limit("Silent")
    slug = await open_new_survey(tmp_path)
    await set_purpose(slug, "terrorism")
    await draw_wave(slug, settings, n=4)
    with pytest.raises(Conflict, match="drawn for its purpose"):
        await set_purpose(slug, "")


async def test_a_freeze_of_one_purpose_leaves_other_surveys(settings: Settings, tmp_path: Path) -> None:
    await fill(tmp_path, settings)
    parks, roads = await open_new_survey(tmp_path), await open_new_survey(tmp_path, "roads")
    await set_purpose(parks, "terrorism")
    await draw_wave(parks, settings, n=4)
    await freeze_contact("A major incident", purpose="terrorism")
    with pytest.raises(Conflict, match="Everything for terrorism is frozen"):
        await draw_wave(parks, settings, n=4)
    await draw_wave(roads, settings, n=4)
    run, at = await outbox.begin_run(datetime.now(UTC)), datetime.now(UTC)
    kinds = [one.invitation for one in await outbox.claim_mails(run, 20, at)]
    sent = await fetch(
        """SELECT i.id FROM invitation i JOIN wave w ON w.id = i.wave JOIN survey s ON s.id = w.survey
           WHERE s.slug = 'roads' ORDER BY i.id"""
    )
    assert sorted(one or 0 for one in kinds) == [row["id"] for row in sent]
    with pytest.raises(Conflict, match="everything for terrorism"):
        await thaw_contact()
    await thaw_contact(purpose="terrorism")
    assert len(await outbox.claim_mails(run, 20, at)) == 4, "those the freeze held"


async def test_single_replicates_are_released_and_cancelled(settings: Settings, tmp_path: Path) -> None:
    await fill(tmp_path, settings)
    slug = await open_new_survey(tmp_path)
    await draw_wave(slug, settings, n=16, reserve_only=True)
    assert (await send_invitations(slug, settings, replicates=[2])).sent == 4
    assert await cancel_invitations(slug, settings, replicates=[2, 3]) == 4
    assert await cancel_invitations(slug, settings, replicates=[3]) == 0
    for refused in (
        send_invitations(slug, settings, replicates=[1, 5]),
        cancel_invitations(slug, settings, replicates=[5]),
    ):
        with pytest.raises(NotFound, match="no replicate 5"):
            await refused
    states = await fetch(
        """SELECT r.number, i.state, count(*) AS n FROM invitation i
           JOIN draw_member m ON m.id = i.draw_member JOIN replicate r ON r.id = m.replicate
           GROUP BY r.number, i.state ORDER BY r.number"""
    )
    assert [(row["number"], row["state"], row["n"]) for row in states] == [
        (1, "reserved", 4), (2, "sent", 4), (3, "cancelled", 4), (4, "reserved", 4)
    ]  # fmt: skip
