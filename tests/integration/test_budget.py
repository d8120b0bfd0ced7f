"""Plan, price, approve, draw: what a department can do with the year's invitations, and what it cannot."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from survey_service.db.staff import StaffMember
from survey_service.domain.errors import Conflict, LimitReached, NotAllowed, NotFound, SurveyServiceError
from survey_service.services.administration.add_staff import add_staff
from survey_service.services.planning.approve_survey import approve_survey, withdraw_approval
from survey_service.services.planning.grant_exception import grant_exception, set_share
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.plan_strata import plan_survey
from survey_service.services.planning.price_survey import price_survey
from survey_service.services.planning.review_budget import review_budget
from survey_service.services.questionnaires.manage_survey import close_survey
from survey_service.services.rotation.cancel_invitations import cancel_invitations
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.live_server import run_program
from tests.support.make import make_department
from tests.support.register import contact_row, contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


def n(number: int) -> PlanRequest:
    return PlanRequest(invitations=number)


async def test_capacity_is_what_people_allow(settings: Settings, tmp_path: Path) -> None:
    rows = [
        *contact_rows(10),
        contact_row(11, consent_survey="no"),
        contact_row(12, unit="H1", audience="resident"),
        contact_row(13, unit="H1", audience="resident"),
    ]
    await fill_register(tmp_path, settings, rows)
    # A household counts once: whichever of its people is asked, the others rest with them.
    assert (await review_budget(settings)).capacity == 22
    await fetch("UPDATE contact SET surveys_a_year = 1 WHERE reference IN ('R00001', 'R00012')")
    await fetch("UPDATE contact SET surveys_a_year = 0 WHERE reference = 'R00002'")
    await fetch("UPDATE contact SET surveys_a_year = 4 WHERE reference = 'R00003'")
    await fetch("UPDATE contact SET state = 'left' WHERE reference = 'R00004'")
    # 6 x 2 and R00003's 2, for a choice only ever lowers the limit; 1 of R00001; 1 of the household.
    assert (await review_budget(settings)).capacity == 16
    assert (await review_budget(replace(settings, invitations_a_year=4))).capacity == 30


async def test_what_is_sent_reserved_and_cancelled_counts(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(100))
    slug = await open_new_survey(tmp_path)
    await draw_wave(slug, settings, n=20)
    await draw_wave(slug, settings, n=30, reserve_only=True)
    found = await review_budget(settings)
    assert (found.capacity, found.used, found.free) == (200, 50, 150)
    assert found.departments["Parks"].used == 50
    forecast = await forecast_survey(slug, settings, n=10)
    assert (forecast.budget.capacity, forecast.budget.used, forecast.budget.after) == (200, 50, 60)
    await cancel_invitations(slug, settings)
    found = await review_budget(settings)
    assert (found.used, found.departments["Parks"].used) == (20, 20)
    # A year later nothing of it counts any more.
    later = await review_budget(settings, day=today(settings) + timedelta(days=365))
    assert (later.used, later.departments["Parks"].used) == (0, 0)
    assert (await review_budget(settings, day=today(settings) + timedelta(days=364))).used == 20


async def test_who_leaves_takes_their_invitations_along(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(20))
    slug = await open_new_survey(tmp_path)
    drawn = await draw_wave(slug, settings, n=10)
    gone = [one.contact for one in drawn.members[:4]]
    await fetch("UPDATE contact SET state = 'left' WHERE reference = ANY ($1)", gone)
    await fetch("UPDATE contact SET surveys_a_year = 1 WHERE reference = $1", drawn.members[5].contact)
    found = await review_budget(settings)
    assert (found.capacity, found.used, found.free) == (31, 6, 25)
    assert found.departments["Parks"].used == 6


async def test_a_large_draw_needs_an_approval_and_says_how(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(100))
    slug = await open_new_survey(tmp_path)
    strict = replace(settings, approval_threshold=50)
    day = today(settings)
    await draw_wave(slug, strict, n=30, at=day)
    assert not (await forecast_survey(slug, strict, n=20, at=day)).needs_approval
    assert (await forecast_survey(slug, strict, n=21, at=day)).needs_approval
    with pytest.raises(LimitReached, match=f"survey-service budget approve {slug} --by NAME --n 21"):
        await draw_wave(slug, strict, n=21, at=day)
    # Small draws add up for 30 days, and no longer.
    with pytest.raises(LimitReached, match="51 invitations in 30 days"):
        await draw_wave(slug, strict, n=21, at=day + timedelta(days=29))
    assert len((await draw_wave(slug, strict, n=21, at=day + timedelta(days=30))).members) == 21


async def test_a_draw_takes_what_was_approved_and_spends_it(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(200))
    slug = await open_new_survey(tmp_path)
    strict = replace(settings, approval_threshold=10, stratum_minimum=1)
    request = PlanRequest(invitations=60, method="neyman", expected_shares={"worker": 0.02, "resident": 0.02})
    given = await approve_survey(slug, strict, request, by=" Ann  Smith ")
    assert given.approver == "Ann Smith"
    numbers = given.plan.numbers()
    assert numbers["worker"] < numbers["business"]
    found = await review_budget(strict)
    assert (found.kept, found.free, found.departments["Parks"].free) == (60, 340, 340)
    forecast = await forecast_survey(slug, strict)
    assert {name: one.needed for name, one in forecast.by_stratum.items()} == numbers
    assert (forecast.invitations_needed, forecast.needs_approval) == (60, False)
    with pytest.raises(LimitReached, match="More invitations than the approved plan"):
        await draw_wave(slug, strict, n=61)
    drawn = await draw_wave(slug, strict)
    assert {name: one.drawn for name, one in drawn.by_stratum.items()} == numbers
    found = await review_budget(strict)
    assert (found.used, found.kept, found.approvals) == (60, 0, ())
    assert await fetch("SELECT state, draw FROM approval") == [{"state": "spent", "draw": drawn.draw}]
    with pytest.raises(LimitReached, match="needs an approved plan"):
        await draw_wave(slug, strict, n=11)
    actions = await fetch("SELECT action FROM audit_event WHERE object_kind = 'approval' ORDER BY id")
    assert [row["action"] for row in actions] == ["approval.given", "approval.spent"]


async def test_a_smaller_draw_is_shared_as_planned_and_gives_the_rest_back(
    settings: Settings, tmp_path: Path
) -> None:
    await fill_register(tmp_path, settings, contact_rows(200))
    slug = await open_new_survey(tmp_path)
    await approve_survey(slug, settings, n(100), by="Ann")
    drawn = await draw_wave(slug, settings, n=40)
    assert {one.drawn for one in drawn.by_stratum.values()} == {10}
    found = await review_budget(settings)
    assert (found.used, found.kept) == (40, 0)


async def test_one_approval_at_a_time_and_it_can_be_withdrawn(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(100))
    slug = await open_new_survey(tmp_path)
    with pytest.raises(NotFound, match="no approved plan"):
        await withdraw_approval(slug)
    await approve_survey(slug, settings, n(40), by="Ann")
    with pytest.raises(Conflict, match=f"budget withdraw {slug}"):
        await approve_survey(slug, settings, n(10), by="Ann")
    assert await withdraw_approval(slug) == 40
    assert (await review_budget(settings)).kept == 0
    await approve_survey(slug, settings, n(10), by="Ann")
    await close_survey(slug)
    # A closed survey keeps nothing from the others, and gets nothing new.
    assert (await review_budget(settings)).kept == 0
    with pytest.raises(Conflict, match="closed"):
        await approve_survey(slug, settings, n(10), by="Ann")


async def test_a_form_that_grew_has_to_be_approved_again(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(100))
    slug = await open_new_survey(tmp_path)
    await approve_survey(slug, settings, n(40), by="Ann")
    await fetch("UPDATE form SET planned_seconds = planned_seconds + 1")
    with pytest.raises(Conflict, match="has grown"):
        await draw_wave(slug, settings)
    assert (await review_budget(settings)).kept == 40


async def test_a_precision_that_nobody_can_give_is_not_approved(settings: Settings, tmp_path: Path) -> None:
    rows = [*contact_rows(200, audience="worker"), contact_row(201, audience="visitor")]
    await fill_register(tmp_path, settings, rows)
    slug = await open_new_survey(tmp_path)
    with pytest.raises(LimitReached, match=r"Asking everybody brings 29 of 577 answers"):
        await approve_survey(slug, settings, PlanRequest(), by="Ann")
    each = PlanRequest(margin=0.24, each=0.28)
    with pytest.raises(LimitReached, match=r"--report visitor\+worker.*--exempt visitor"):
        await approve_survey(slug, settings, each, by="Ann")
    plan = (await approve_survey(slug, settings, PlanRequest(margin=0.24, each=0.28, exempt=("visitor",)),
                                 by="Ann")).plan  # fmt: skip
    assert plan.exempt == ("visitor",)
    assert (await fetch("SELECT plan->>'exempt' AS exempt FROM approval"))[0]["exempt"] == '["visitor"]'


async def test_a_plan_knows_how_people_responded(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(400))
    slug = await open_new_survey(tmp_path)
    before = await plan_survey(slug, settings, n(100))
    assert before.by_stratum["worker"].response == pytest.approx(937 / 6409, abs=1e-6)
    await draw_wave(slug, settings, n=200)
    answered = """UPDATE invitation i SET state = 'answered', answered_at = now() FROM draw_member m
        JOIN stratum s ON s.id = m.stratum
        WHERE m.id = i.draw_member AND s.name = 'worker' AND m.position <= 40"""
    await fetch(answered)
    # Those whose time is not over yet would make the quick ones look like everybody.
    assert (await plan_survey(slug, settings, n(100))).by_stratum == before.by_stratum
    after = await plan_survey(slug, settings, n(100), day=today(settings) + timedelta(days=30))
    overall = (40 + 20 * 937 / 6409) / 220
    assert after.by_stratum["worker"].response == pytest.approx((40 + 20 * overall) / 70, abs=1e-6)
    assert after.by_stratum["resident"].response == pytest.approx(20 * overall / 70, abs=1e-6)


async def test_a_price_says_what_the_launch_rules_out(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(100, audience="worker"))
    slug = await open_new_survey(tmp_path)
    price = await price_survey(slug, settings, n(60))
    worker = price.by_stratum["worker"]
    assert (worker.capacity, worker.share_of_stratum, worker.share_of_total) == (200, 0.3, 0.3)
    assert (price.free, price.free_after, price.surveys_left, worker.surveys_left) == (200, 140, 2, 2)
    # 40 are left for now; the 60 rest for 60 days.
    day = today(settings)
    assert worker.again_from == (day + timedelta(days=60)).isoformat()
    assert (await price_survey(slug, settings, n(50))).by_stratum["worker"].again_from == day.isoformat()
    assert price.obstacle is None
    assert not price.needs_approval
    assert (await price_survey(slug, replace(settings, approval_threshold=59), n(60))).needs_approval
    # The promise of the price is kept by the draws.
    await draw_wave(slug, settings, n=60)
    early = await forecast_survey(slug, settings, n=60, at=day + timedelta(days=59))
    assert early.by_stratum["worker"].eligible < 60
    then = await forecast_survey(slug, settings, n=60, at=day + timedelta(days=60))
    assert then.by_stratum["worker"].eligible >= 60
    # A year's second round uses up what everybody allows.
    easy = replace(settings, invitations_a_year=1)
    assert (await price_survey(slug, easy, n(60))).by_stratum["worker"].surveys_left == 0


async def grant(settings: Settings, **overrides: Any) -> int:
    values = {
        "invitations": 10, "reason": "a bomb scare", "requested_by": "Bob", "approved_by": "Ann",
        "until": today(settings), "department": "Parks",
    } | overrides  # fmt: skip
    return await grant_exception(values.pop("department"), settings, **values)


async def test_a_share_binds_until_an_exception_lifts_it(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(100))
    slug = await open_new_survey(tmp_path)
    await make_department("Roads")
    assert {one.limit for one in (await review_budget(settings)).departments.values()} == {100}
    await set_share("Parks", 0.3, settings)
    assert {name: one.limit for name, one in (await review_budget(settings)).departments.items()} == {
        "Parks": 60, "Roads": 140,
    }  # fmt: skip
    assert (await price_survey(slug, settings, n(70))).obstacle == "share"
    with pytest.raises(LimitReached, match=r"share of Parks.*Expected: 60 at most.*budget exception"):
        await approve_survey(slug, settings, n(70), by="Ann")
    with pytest.raises(LimitReached, match=r"share of Parks"):
        await draw_wave(slug, settings, n=70)
    await grant(settings)
    await approve_survey(slug, settings, n(70), by="Ann")
    found = await review_budget(settings)
    assert (found.capacity, found.departments["Parks"].limit, found.departments["Parks"].free) == (200, 70, 0)
    assert found.exceptions[0].reason == "a bomb scare"
    # The day after its last, the department is over its share: nothing more, and nothing is taken back.
    tomorrow = await review_budget(settings, day=today(settings) + timedelta(days=1))
    assert (tomorrow.departments["Parks"].free, tomorrow.departments["Parks"].kept) == (-10, 70)
    assert len((await draw_wave(slug, settings)).members) == 70


async def test_an_exception_adds_nothing_to_the_capacity_or_to_a_person(
    settings: Settings, tmp_path: Path
) -> None:
    await fill_register(tmp_path, settings, contact_rows(100))
    slug = await open_new_survey(tmp_path)
    once = replace(settings, invitations_a_year=1)
    await grant(settings, invitations=100_000)
    await draw_wave(slug, once, n=100)
    with pytest.raises(LimitReached, match="capacity"):
        await approve_survey(slug, once, n(1), by="Ann")
    with pytest.raises(LimitReached, match="Nobody may be asked"):
        await draw_wave(slug, once, n=1, at=today(settings) + timedelta(days=90))


async def test_what_one_survey_keeps_another_cannot_draw(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(20, audience="worker"))
    slugs = [await open_new_survey(tmp_path, name) for name in ("trees", "ponds")]
    once = replace(settings, invitations_a_year=1)
    await approve_survey(slugs[0], once, n(15), by="Ann")
    with pytest.raises(LimitReached, match=r"capacity.*Expected: 5 at most"):
        await draw_wave(slugs[1], once, n=6)
    await draw_wave(slugs[1], once, n=5)
    assert len((await draw_wave(slugs[0], once)).members) == 15


@pytest.mark.parametrize(
    ("overrides", "error"),
    [
        ({"department": "Nobody"}, NotFound),
        ({"invitations": 0}, SurveyServiceError),
        ({"reason": "  "}, SurveyServiceError),
        ({"reason": "x" * 401}, SurveyServiceError),
        ({"until": date(2020, 1, 1)}, SurveyServiceError),
        ({"approved_by": " "}, NotAllowed),
        ({"approved_by": "BOB"}, NotAllowed),
    ],
)
async def test_an_exception_that_is_not_one_is_refused(
    settings: Settings, overrides: dict[str, Any], error: type[SurveyServiceError]
) -> None:
    await make_department("Parks")
    with pytest.raises(error):
        await grant(settings, **overrides)
    assert await fetch("SELECT FROM budget_exception") == []
    assert await fetch("SELECT FROM audit_event") == []


async def test_shares_are_given_by_year_and_noted(settings: Settings) -> None:
    await make_department("Parks")
    with pytest.raises(NotFound, match="Expected: one of Parks"):
        await set_share("Roads", 0.5, settings)
    await set_share("Parks", 0.5, settings)
    await set_share("Parks", 0.6, settings)
    assert await fetch("SELECT share FROM department_share") == [{"share": 0.6}]
    rows = await fetch("SELECT action, detail->>'share' AS share FROM audit_event ORDER BY id")
    assert rows == [{"action": "budget.share", "share": "0.5"}, {"action": "budget.share", "share": "0.6"}]


@pytest.mark.parametrize(
    ("requested_by", "approved_by"),
    [("Ann", "ann"), ("Ann Smith", "ann@example.org"), ("ann@example.org", "ANN@example.org ")],
)
async def test_nobody_approves_an_exception_of_their_own(
    settings: Settings, requested_by: str, approved_by: str
) -> None:
    await add_staff(
        email="ann@example.org", password="a long enough pass phrase", role="admin", department="Parks",
        name="Ann Smith",
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="of their own"):
        await grant_exception(
            "Parks", settings, invitations=5, reason="why", requested_by=requested_by,
            approved_by=approved_by, until=today(settings),
        )  # fmt: skip
    assert await fetch("SELECT FROM budget_exception") == []


async def test_only_who_governs_approves_from_a_page(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(20))
    slug = await open_new_survey(tmp_path)
    member = StaffMember(
        id=1, email="c@example.org", name="", role="communications", department=1, department_name="Parks"
    )
    for attempt in (
        approve_survey(slug, settings, n(10), by="Ann", member=member),
        withdraw_approval(slug, member=member),
        set_share("Parks", 0.5, settings, member=member),
        grant(settings, member=member),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def test_the_commands_from_price_to_draw(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(100))
    slug = await open_new_survey(tmp_path)

    def run(*arguments: str) -> str:
        return run_program(settings, "budget", *arguments)

    price = json.loads(run("price", slug, "--n", "80", "--share", "worker=0.2", "--json"))
    assert (price["plan"]["invitations"], price["capacity"], price["free_after"]) == (80, 200, 120)
    assert set(price["by_stratum"]) == {"business", "resident", "visitor", "worker"}
    assert "80 invitations" in run("price", slug, "--n", "80")
    given = json.loads(run("approve", slug, "--n", "80", "--by", "ann@example.org", "--json"))
    assert (given["invitations"], given["approver"]) == (80, "ann@example.org")
    shown = json.loads(run("show", "--json"))
    assert (shown["capacity"], shown["used"], shown["kept"], shown["free"]) == (200, 0, 80, 120)
    assert "free again" in run("withdraw", slug)
    assert "50.0%" in run("share", "Parks", "0.5")
    ends = str(today(settings))
    more = ("--invitations", "30", "--reason", "a flood", "--requested-by", "Bob", "--approved-by", "Ann")
    assert "30 more" in run("exception", "Parks", *more, "--until", ends)
    assert "a flood" in run("show")
    run(
        "approve",
        slug,
        "--margin",
        "50",
        "--report",
        "worker+visitor=60",
        "--exempt",
        "resident",
        "--by",
        "A",
    )
    drawn = json.loads(run_program(settings, "draw", slug, "--json"))
    assert len(drawn["members"]) == sum(one["asked"] for one in drawn["by_stratum"].values())
