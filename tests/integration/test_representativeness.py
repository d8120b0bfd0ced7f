"""Representativeness of a survey: true figures, before and after reminders, and no small group told."""

from datetime import timedelta

import numpy as np
import pytest

from sampling.representativity import represent
from survey_service.db import engine
from survey_service.services.results.review_representativeness import measure_representativeness
from tests.support.client import CheckingClient
from tests.support.make import insert
from tests.support.make_waves import make_waves
from tests.support.rows import fetch
from tests.support.staff import audited, make_staff, sign_in_as


@pytest.mark.usefixtures("database")
async def test_every_wave_is_measured_as_by_hand_and_the_missing_are_named() -> None:
    made = await make_waves(waves=3)
    waves = await measure_representativeness(made.survey.id, small_cell=10)
    assert [one.wave for one in waves] == [1, 2, 3]
    rows = await fetch(
        """SELECT split_part(k.key, '|', 1) AS audience, g.channel, i.answered_at IS NOT NULL AS answered
           FROM invitation i JOIN draw_member m ON m.id = i.draw_member JOIN cell k ON k.id = m.cell
           JOIN message g ON g.receipt = i.receipt JOIN wave w ON w.id = i.wave WHERE w.number = 3"""
    )
    by_hand = represent(
        np.array([row["answered"] for row in rows]),
        {name: [str(row[name]) for row in rows] for name in ("audience", "channel")},
        population=len(rows),
    )
    newest = waves[-1]
    assert newest.cv == pytest.approx(by_hand.cv)
    assert newest.r_indicator == pytest.approx(by_hand.r_indicator)
    assert newest.by_variable == pytest.approx(by_hand.by_variable)
    assert newest.before is None  # nobody was reminded
    assert not newest.is_modelled
    missing = {(one.variable, one.category) for one in newest.missing}
    assert ("audience", "visitor") in missing
    assert ("audience", "resident") not in missing
    assert "face_to_face" in newest.missing[0].remedies


@pytest.mark.usefixtures("database")
async def test_what_reminders_changed_is_told_and_few_people_are_not() -> None:
    made = await make_waves(waves=1, people=600, asked=500)
    async with engine.connection() as lent:
        # Everybody who answered late was reminded first; and one cell has only a handful of answers.
        late = await lent.fetch(
            """SELECT i.id, i.contact, i.sent_at FROM invitation i
               WHERE i.answered_at > i.sent_at + interval '4 days'"""
        )
        for row in late:
            receipt = await insert("receipt", {"contact": row["contact"], "kind": "reminder"})
            at = row["sent_at"] + timedelta(days=4)
            await insert(
                "message",
                {"receipt": receipt, "contact": row["contact"], "invitation": row["id"], "kind": "reminder",
                 "channel": "email", "state": "sent", "queued_at": at, "sent_at": at},
            )  # fmt: skip
        await lent.execute(
            """UPDATE invitation SET answered_at = NULL, state = 'sent' WHERE id IN (
                   SELECT i.id FROM invitation i JOIN draw_member m ON m.id = i.draw_member
                   JOIN cell k ON k.id = m.cell WHERE k.key = 'visitor' AND i.answered_at IS NOT NULL
                   ORDER BY i.id OFFSET 3)"""
        )
    [wave] = await measure_representativeness(made.survey.id, small_cell=10)
    assert wave.before is not None
    assert wave.before[1] != pytest.approx(wave.cv)
    shown = {line.category: line for line in wave.by_category["audience"]}
    assert shown["visitor"].rate is None
    # Alone it could be worked out from the whole: another one is hidden with it.
    assert sum(line.rate is None for line in shown.values()) == 2
    assert "visitor" not in {one.category for one in wave.missing}
    [same] = await measure_representativeness(made.survey.id, small_cell=400)
    assert same.cv is None


async def test_staff_see_the_page(client: CheckingClient) -> None:
    made = await make_waves(waves=2)
    await make_staff()
    await sign_in_as(client)
    page = await client.get(f"/staff/surveys/{made.survey.slug}/representativeness")
    assert page.status_code == 200
    assert "Who is missing in wave 2" in page.text
    assert "Ask face to face where these people are." in page.text
    assert page.text.count('class="chart"') == 2
    assert "representativeness_viewed" in await audited()
