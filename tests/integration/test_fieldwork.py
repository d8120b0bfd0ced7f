"""Fieldwork carried on by itself: parts in turn, reminders with some left alone, and stopping in time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_service.db.engine import connection
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.services.fieldwork.review_fieldwork import follow_newest
from survey_service.services.fieldwork.run_fieldwork import run_all, run_step, start_fieldwork, stop_now
from survey_service.services.gate.freeze_contact import freeze_contact
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch
from tests.support.staff import csrf_of, make_staff, sign_in_as

DAY = timedelta(days=1)


async def reserve(folder: Path, settings: Settings, *, n: int = 160) -> tuple[int, datetime]:
    """A wave of so many, all of it kept back; the moment it was drawn."""
    await fill_register(folder, settings, contact_rows(400))
    await open_new_survey(folder)
    await draw_wave("parks", settings, n=n, reserve_only=True)
    [wave] = await fetch("SELECT id FROM wave")
    return int(str(wave["id"])), datetime.now(UTC)


async def answer(share: float, *, at: datetime) -> None:
    """So many of those who wait send a complete form."""
    async with connection() as lent:
        await lent.execute(
            """WITH chosen AS (
                   SELECT i.id, i.form, w.survey, f.questionnaire_version FROM invitation i
                   JOIN wave w ON w.id = i.wave JOIN form f ON f.id = i.form
                   WHERE i.state = 'sent' AND (i.id * 7919) % 100 < $1::float8 * 100
               ), marked AS (
                   UPDATE invitation SET state = 'answered', answered_at = $2 FROM chosen
                   WHERE invitation.id = chosen.id
               )
               INSERT INTO response (survey, questionnaire_version, form, origin, invitation, language,
                   disposition, privacy_notice_version, submission, submitted_at)
               SELECT survey, questionnaire_version, form, 'sample', id, 'en', 'complete', 'x', '{}', $2
               FROM chosen""",
            share,
            at,
        )


async def counts() -> dict[str, int]:
    rows = await fetch("SELECT state, count(*)::int AS n FROM invitation GROUP BY state")
    return {str(row["state"]): int(str(row["n"])) for row in rows}


@pytest.mark.usefixtures("database")
async def test_parts_are_released_in_turn_and_what_is_too_much_is_given_back(
    settings: Settings, tmp_path: Path
) -> None:
    wave, now = await reserve(tmp_path, settings)
    await start_fieldwork("parks", settings, margin=0.2)
    first = await run_step(wave, settings, at=now)
    assert (first.step, first.count) == ("release", 40)
    again = await run_step(wave, settings, at=now + DAY)
    assert (again.step, again.count) == ("wait", 0), "it is not due"
    await answer(0.5, at=now + DAY)
    second = await run_step(wave, settings, at=now + 5 * DAY)
    assert (second.step, second.count) == ("release", 40)
    await answer(0.9, at=now + 6 * DAY)
    status = await follow_newest("parks", settings, at=now + 6 * DAY)
    assert all(group.is_reached for group in status.progress.groups)
    assert status.stop_now[0].saved_invitations == 80
    done = await run_all(settings, at=now + 6 * DAY)
    assert [(one.step, one.count) for one in done] == [("enough", 80)]
    left = await counts()
    assert left["cancelled"] == 80
    assert left["sent"] > 0, "nobody who was asked is turned away"
    [places] = await fetch(
        """SELECT count(*)::int AS n FROM unit u JOIN draw_member m ON m.unit = u.id
           JOIN invitation i ON i.draw_member = m.id
           WHERE i.state = 'cancelled' AND u.last_invited_on IS NOT NULL"""
    )
    assert places["n"] == 0, "whoever was not asked keeps the place"
    assert await run_all(settings, at=now + 9 * DAY) == []


@pytest.mark.usefixtures("database")
async def test_reminders_leave_some_alone_by_lot_and_their_effect_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    settings = replace(settings, reminders=2)
    wave, now = await reserve(tmp_path, settings)
    await start_fieldwork("parks", settings, margin=0.05, days_between=0)
    for _ in range(4):
        assert (await run_step(wave, settings, at=now)).step == "release"
    await answer(0.3, at=now)
    waiting = (await counts())["sent"]
    # Some answers short of the aim, whichever forms were answered: what a reminder can bring.
    [group] = (await follow_newest("parks", settings, at=now)).progress.groups
    margin = 0.98 / (group.answers + 3) ** 0.5
    async with connection() as lent:
        await lent.execute("UPDATE fieldwork SET days_between = 4, margin = $1", margin)
    assert (await run_step(wave, settings, at=now + 3 * DAY)).step == "wait"
    done = await run_step(wave, settings, at=now + 5 * DAY)
    held = round(0.1 * waiting)
    assert (done.step, done.count) == ("remind", waiting - held)
    reminders = await fetch("SELECT receipt FROM message WHERE kind = 'reminder'")
    assert len(reminders) == waiting - held
    charged = await fetch("SELECT seconds FROM ledger_event WHERE kind = 'reminder'")
    assert {row["seconds"] for row in charged} == {10}
    assert len(charged) == waiting - held
    async with connection() as lent:
        await lent.execute(
            """UPDATE invitation SET state = 'answered', answered_at = $1 FROM reminder_choice x
               WHERE x.invitation = invitation.id AND x.is_sent AND invitation.id % 2 = 0""",
            now + 6 * DAY,
        )
    effect = (await follow_newest("parks", settings, at=now + 7 * DAY)).effect
    assert (effect.reminded, effect.held_out, effect.held_out_answered) == (waiting - held, held, 0)
    assert effect.difference is not None
    assert effect.difference > 0.3
    second = await run_step(wave, settings, at=now + 10 * DAY)
    again = await fetch("SELECT x.invitation FROM reminder_choice x WHERE x.number = 2 AND x.invitation IN "
                        "(SELECT invitation FROM reminder_choice WHERE is_held_out)")  # fmt: skip
    assert again == [], "who was left alone stays so"
    assert second.step in ("remind", "wait")


@pytest.mark.usefixtures("database")
async def test_a_freeze_holds_it_up_and_stopping_by_hand_gives_back(
    settings: Settings, tmp_path: Path
) -> None:
    wave, now = await reserve(tmp_path, settings)
    with pytest.raises(NotFound):
        await run_step(wave, settings, at=now)
    for wrong in ({"margin": 2.0}, {"days_between": 99}):
        with pytest.raises(SurveyServiceError):
            await start_fieldwork("parks", settings, **wrong)  # type: ignore[arg-type]
    await start_fieldwork("parks", settings)
    await freeze_contact("major incident")
    with pytest.raises(Conflict, match="frozen"):
        await run_step(wave, settings, at=now)
    assert [one.step for one in await run_all(settings, at=now)] == ["wait"]
    assert (await counts()) == {"reserved": 160}
    assert await stop_now(wave, settings, at=now) == 160
    assert (await run_step(wave, settings, at=now)).step == "ended"


async def test_staff_start_look_and_stop(client: CheckingClient, settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(80))
    await open_new_survey(tmp_path)
    await make_staff(department="Parks")
    await sign_in_as(client)
    address = "/staff/surveys/parks/fieldwork"
    assert "Nothing was drawn yet" in (await client.get(address)).text
    await draw_wave("parks", settings, n=40, reserve_only=True)

    async def post(**fields: str) -> int:
        token = csrf_of((await client.get("/staff/surveys")).text)
        answered = await client.post(
            address, data={"csrf_token": token, **fields}, headers={"sec-fetch-site": "same-origin"}
        )
        return answered.status_code

    assert await post(step="start", margin="many", days="4") == 409
    assert await post(step="start", margin="20", days="4") == 303
    assert await post(step="run") == 303
    page = (await client.get(address)).text
    assert "Running" in page
    assert "fewer than ten answers" in page
    assert "left alone by lot" in page
    assert "<svg" not in page.split("<main", 1)[1], "nothing is pictured of few people"
    async with connection() as lent:
        await lent.execute("UPDATE fieldwork SET days_between = 0, margin = 0.1")
    for _ in range(3):
        assert await post(step="run") == 303
    await answer(1.0, at=datetime.now(UTC))
    page = (await client.get(address)).text
    assert "Answers there of those needed" in page
    assert await post(step="stop") == 303
    assert "Ended" in (await client.get(address)).text
