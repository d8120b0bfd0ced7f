"""Draws at the same moment, and draws that are cut off: limits hold, and it is everything or nothing."""

import asyncio
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from survey_service.db.register import ADVISORY_LOCK
from survey_service.domain.errors import LimitReached
from survey_service.services.contacts.import_contacts import import_contacts
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.drawing import DrawResult
from survey_service.services.rotation.replay_draw import replay_draw
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.live_server import PROGRAM, program_environment
from tests.support.register import contact_rows, fill_register, open_new_survey, six_blocks, write_contacts
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")

COUNTS = """
    SELECT (SELECT count(*) FROM draw) AS draws, (SELECT count(*) FROM draw_member) AS members,
        (SELECT count(*) FROM receipt) AS receipts, (SELECT count(*) FROM invitation) AS invitations,
        (SELECT count(*) FROM ledger_event) AS entries,
        (SELECT count(*) FROM unit WHERE last_invited_on IS NOT NULL) AS resting,
        (SELECT count(*) FROM unit WHERE ticket >= 1) AS moved
"""


async def test_two_departments_at_once_never_ask_one_person_twice(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(200))
    slugs = [
        await open_new_survey(tmp_path, f"survey-{number}", six_blocks(f"s{number}")) for number in range(4)
    ]
    drawn = await asyncio.gather(*(draw_wave(slug, settings, n=60) for slug in slugs), return_exceptions=True)
    done = [one for one in drawn if isinstance(one, DrawResult)]
    refused = [one for one in drawn if not isinstance(one, DrawResult)]
    # 200 people, 60 a survey: the fourth finds 20 left, and all four are served in some order.
    assert refused == []
    asked = [member.contact for one in done for member in one.members]
    assert len(asked) == len(set(asked)) == 200
    assert sum(one.shortfall for result in done for one in result.by_stratum.values()) == 40
    for one in done:
        assert (await replay_draw(one.draw)).identical


async def test_the_year_holds_when_many_draw_at_once(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(40))
    slug = await open_new_survey(tmp_path)
    free = Settings(
        database_url=settings.database_url, data_dir=settings.data_dir, secret_key=settings.secret_key,
        rest_days=0,
    )  # fmt: skip
    # One open link a person; a month later it has expired; twice a year is enough.
    for days, refused in ((0, 4), (30, 4), (60, 5)):
        day = today(settings) + timedelta(days=days)
        drawing = (draw_wave(slug, free, n=40, at=day) for _ in range(5))
        drawn = await asyncio.gather(*drawing, return_exceptions=True)
        assert sum(isinstance(one, LimitReached) for one in drawn) == refused
    counts = await fetch("SELECT count(*) AS n FROM invitation GROUP BY contact")
    assert {row["n"] for row in counts} == {2}


async def test_an_import_waits_for_a_draw(settings: Settings, tmp_path: Path) -> None:
    """Who joins while a draw runs takes a place past the clock the draw leaves."""
    await fill_register(tmp_path, settings, contact_rows(100, audience="worker"))
    slug = await open_new_survey(tmp_path)
    path = write_contacts(tmp_path / "more.csv", contact_rows(130, audience="worker"))
    drawing = asyncio.create_task(draw_wave(slug, settings, n=60))
    while not await fetch("SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"):
        await asyncio.sleep(0)
    await asyncio.gather(drawing, import_contacts(path, settings))
    clock = (await fetch("SELECT clock FROM cell"))[0]["clock"]
    newcomers = await fetch("SELECT ticket FROM unit WHERE reference > 'R00100'")
    assert len(newcomers) == 30
    assert all(row["ticket"] > clock for row in newcomers)


async def test_a_draw_that_is_cut_off_leaves_everything_or_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    """The database ends the connection, a little later in the draw each time."""
    await fill_register(tmp_path, settings, contact_rows(1_040))
    slug = await open_new_survey(tmp_path)
    done = 0
    for patience in range(0, 100, 10):
        drawing = asyncio.create_task(draw_wave(slug, settings, n=100))
        await lock_is_held()
        await asyncio.sleep(patience / 1000)
        await fetch(f"SELECT pg_terminate_backend(pid) FROM ({HOLDERS}) x", ADVISORY_LOCK)
        [result] = await asyncio.gather(drawing, return_exceptions=True)
        done += isinstance(result, DrawResult)
        assert await count_all() == dict.fromkeys(await count_all(), 100 * done) | {"draws": done}
    assert done < 10, "no draw was cut off"
    again = await draw_wave(slug, settings, n=20)
    assert len(again.members) == 20


async def test_a_process_killed_in_a_draw_or_an_approval_leaves_everything_or_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    """Kill -9 of the real program, as soon as it holds the register's lock and somewhat later."""
    await fill_register(tmp_path, settings, contact_rows(400))
    slug = await open_new_survey(tmp_path)
    draw = ["draw", slug, "--n", "40"]
    approve = ["budget", "approve", slug, "--by", "Ann", "--n", "40", "--margin", "50"]
    codes = []
    for patience in (0, 40, 80):
        codes.append(await kill_in_the_middle(draw, settings, patience / 1000))
        found = await count_all()
        assert found == dict.fromkeys(found, 40 * found["draws"]) | {"draws": found["draws"]}
    for patience in (0, 20):
        codes.append(await kill_in_the_middle(approve, settings, patience / 1000))
        [row] = await fetch(
            """SELECT (SELECT count(*) FROM approval) AS given,
                   (SELECT count(*) FROM audit_event WHERE action = 'approval.given') AS noted"""
        )
        assert row["given"] == row["noted"] <= 1
    assert -signal.SIGKILL in codes, "every one was done before it was killed"
    # What was left behind holds nobody up.
    assert len((await draw_wave(slug, settings, n=40)).members) == 40


HOLDERS = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND (classid::bigint << 32 | objid::bigint) = $1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
"""Who holds the register's lock."""


async def lock_is_held() -> None:
    """Return once somebody holds it."""
    while not await fetch(HOLDERS, ADVISORY_LOCK):
        await asyncio.sleep(0)


async def count_all() -> dict[str, int]:
    """Count what a draw writes."""
    return dict((await fetch(COUNTS))[0])


async def kill_in_the_middle(command: list[str], settings: Settings, patience: float) -> int:
    """Start the program, kill it in possession of the lock, see its transaction end; return its code."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *command, env=program_environment(settings),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        await lock_is_held()
        await asyncio.sleep(patience)
        if process.returncode is None:
            process.kill()
        _, said = await process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), said.decode()
        while await fetch(HOLDERS, ADVISORY_LOCK):
            await asyncio.sleep(0.01)
    return process.returncode
