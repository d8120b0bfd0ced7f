"""Approvals and draws at the same moment, from one process and from several, and cut off in the middle."""

import asyncio
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from survey_service.db import engine
from survey_service.domain.errors import LimitReached
from survey_service.integrations.xlsform import write_xlsform
from survey_service.services.planning.approve_survey import Approved, approve_survey, withdraw_approval
from survey_service.services.planning.grant_exception import grant_exception, set_share
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.review_budget import BudgetReview, review_budget
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.manage_survey import open_survey
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.drawing import DrawResult
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.live_server import PROGRAM, program_environment
from tests.support.register import contact_rows, fill_register, six_blocks
from tests.support.rows import fetch

DEPARTMENTS = ("Parks", "Roads", "Waste")
WRITTEN = """
    SELECT (SELECT count(*) FROM approval) AS approvals,
        (SELECT count(*) FROM audit_event WHERE action = 'approval.given') AS noted
"""


@pytest.fixture
async def wide(database_url: str) -> str:
    """The database with more connections than people at work in it."""
    async with engine.open_database(database_url, pool_size=32):
        yield database_url


async def open_surveys(folder: Path, count: int) -> list[str]:
    """Open surveys, given to the departments in turn."""
    slugs = []
    for number in range(count):
        slug = f"survey-{number}"
        path = folder / f"{slug}.xlsx"
        path.write_bytes(write_xlsform(six_blocks(slug.replace("-", "_"))))
        await import_survey(path, department_name=DEPARTMENTS[number % 3], slug=slug)
        await open_survey(slug, repeat_reason="tests ask the same again")
        slugs.append(slug)
    return slugs


def check_limits(found: BudgetReview) -> None:
    assert found.used + found.kept <= found.capacity
    assert found.free == found.capacity - found.used - found.kept >= 0
    for name, one in found.departments.items():
        assert one.used + one.kept <= one.limit, name
    assert sum(one.limit - one.exceptions for one in found.departments.values()) <= found.capacity


async def approve(slug: str, settings: Settings, n: int) -> Approved:
    return await approve_survey(slug, settings, PlanRequest(invitations=n), by="Ann")


def granted(results: Sequence[object]) -> int:
    """How many got it; whoever did not was refused for want of room and nothing else."""
    refused = [one for one in results if isinstance(one, BaseException)]
    assert all(isinstance(one, LimitReached) for one in refused), refused
    return len(results) - len(refused)


@pytest.mark.usefixtures("wide")
async def test_many_at_once_never_exceed_capacity_or_share(settings: Settings, tmp_path: Path) -> None:
    """300 people bear 600; three departments have 200 each; 24 at once ask for 45 each."""
    await fill_register(tmp_path, settings, contact_rows(300))
    slugs = await open_surveys(tmp_path, 24)
    until = today(settings) + timedelta(days=30)
    results = await asyncio.gather(
        *(approve(slug, settings, 45) for slug in slugs),
        grant_exception(
            "Waste", settings, invitations=90, reason="an incident", requested_by="Bob", approved_by="Ann",
            until=until,
        ),
        return_exceptions=True,
    )  # fmt: skip
    # Four fit into each share of 200; Waste gets up to two more, if its exception comes in time.
    assert 12 <= granted(results) - 1 <= 13
    check_limits(await review_budget(settings))
    again = [slug for slug, one in zip(slugs, results[:-1], strict=True) if isinstance(one, LimitReached)]
    later = await asyncio.gather(*(approve(slug, settings, 30) for slug in again), return_exceptions=True)
    granted(later)
    found = await review_budget(settings)
    check_limits(found)
    # The exception let Waste past its share; the capacity holds for all of them together.
    assert found.departments["Waste"].kept > 200
    assert found.free < 30


@pytest.mark.usefixtures("wide")
async def test_draws_and_approvals_at_once_keep_every_limit(settings: Settings, tmp_path: Path) -> None:
    """What is kept for one survey is not there for another's draw, and a draw spends its own."""
    await fill_register(tmp_path, settings, contact_rows(100))
    slugs = await open_surveys(tmp_path, 12)
    easy = replace(settings, rest_days=0, approval_threshold=10_000)
    await asyncio.gather(*(approve(slug, easy, 10) for slug in slugs[:6]))
    day = today(settings)
    results = await asyncio.gather(
        *(draw_wave(slug, easy, at=day) for slug in slugs[:3]),
        *(draw_wave(slug, easy, n=10, at=day) for slug in slugs[6:]),
        *(approve(slug, easy, 20) for slug in slugs[6:]),
        return_exceptions=True,
    )
    # A department has 66: 20 approved before, 20 to draw, and 40 to approve do not fit.
    assert granted(results) < len(results)
    assert all(isinstance(one, DrawResult) and len(one.members) == 10 for one in results[:3])
    check_limits(await review_budget(easy))
    # What was approved can be drawn to the last one.
    for slug in slugs[3:6]:
        assert len((await draw_wave(slug, easy, at=day + timedelta(days=29))).members) == 10
    check_limits(await review_budget(easy, day=day + timedelta(days=29)))
    each = await fetch("SELECT count(*) AS n FROM invitation WHERE state <> 'cancelled' GROUP BY contact")
    assert max(row["n"] for row in each) <= 2


@pytest.mark.usefixtures("wide")
async def test_shares_changed_at_once_never_exceed_the_whole(settings: Settings, tmp_path: Path) -> None:
    await open_surveys(tmp_path, 3)
    results = await asyncio.gather(
        *(set_share(name, 0.5, settings) for name in DEPARTMENTS), return_exceptions=True
    )
    assert sum(one is None for one in results) == 2
    found = await fetch("SELECT sum(share) AS whole FROM department_share")
    assert found == [{"whole": 1.0}]


@pytest.mark.usefixtures("wide")
async def test_processes_of_their_own_never_exceed_it_either(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(60))
    slugs = await open_surveys(tmp_path, 4)
    for slug in slugs:
        await fetch("UPDATE survey SET department = (SELECT min(id) FROM department) WHERE slug = $1", slug)
    await set_share("Parks", 0.5, settings)
    command = ("budget", "approve", "--by", "Ann", "--n", "25", "--json")
    processes = [
        subprocess.Popen(
            [*PROGRAM, *command, slug],
            env=program_environment(settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for slug in slugs
    ]  # fmt: skip
    told = [await asyncio.to_thread(one.communicate, timeout=120) for one in processes]
    # 60 people bear 120, half of it is theirs: two plans of 25 fit, whoever comes first.
    assert sorted(one.returncode for one in processes) == [0, 0, 1, 1], told
    assert sum("do not fit" in error for _, error in told) == 2
    check_limits(await review_budget(settings))


@pytest.mark.usefixtures("wide")
async def test_an_approval_that_is_cut_off_leaves_everything_or_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    """The database ends the connection, a little later in the approval each time."""
    await fill_register(tmp_path, settings, contact_rows(60))
    (slug,) = await open_surveys(tmp_path, 1)
    given = 0
    for patience in range(0, 60, 12):
        approving = asyncio.create_task(approve(slug, settings, 40))
        while not approving.done() and not await fetch(
            "SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
        ):
            await asyncio.sleep(0)
        await asyncio.sleep(patience / 1000)
        await fetch(
            """SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
        )
        (result,) = await asyncio.gather(approving, return_exceptions=True)
        stands = isinstance(result, Approved)
        given += stands
        assert await fetch(WRITTEN) == [{"approvals": given, "noted": given}]
        assert (await review_budget(settings)).kept == 40 * stands
        if stands:
            await withdraw_approval(slug)
    assert given < 5, "no approval was cut off"
    await approve(slug, settings, 40)
    assert len((await draw_wave(slug, settings)).members) == 40


@pytest.mark.usefixtures("wide")
async def test_a_draw_that_is_cut_off_keeps_its_approval(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(60))
    (slug,) = await open_surveys(tmp_path, 1)
    await approve(slug, settings, 40)
    drawing = asyncio.create_task(draw_wave(slug, settings))
    while not drawing.done() and not await fetch(
        "SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
    ):
        await asyncio.sleep(0)
    await asyncio.sleep(0.02)
    await fetch(
        """SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
    )
    (result,) = await asyncio.gather(drawing, return_exceptions=True)
    found = await review_budget(settings)
    if isinstance(result, DrawResult):
        assert (found.used, found.kept) == (40, 0)
    else:
        assert (found.used, found.kept) == (0, 40)
        assert len((await draw_wave(slug, settings)).members) == 40
    assert await fetch("SELECT state, draw IS NULL AS open FROM approval") == [
        {"state": "spent", "open": False}
    ]
