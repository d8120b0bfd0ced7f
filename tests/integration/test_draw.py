"""Draws on a real register: numbers, probabilities, records, limits, replay."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from survey_service.domain.errors import Conflict, LimitReached, NotFound
from survey_service.domain.tokens import hash_token, make_token
from survey_service.services.contacts.manage_contacts import erase_contact
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.drawing import DrawResult
from survey_service.services.rotation.replay_draw import replay_draw
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings, load_secret_key
from tests.support.register import contact_row, contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


def contacts_of(drawn: DrawResult) -> set[str]:
    return {member.contact for member in drawn.members}


async def test_a_draw_is_proportional_with_a_minimum_and_its_weights_add_up(
    settings: Settings, tmp_path: Path
) -> None:
    many = [*contact_rows(400, audience="worker"), *contact_rows_from(401, 20, audience="visitor")]
    await fill_register(tmp_path, settings, many)
    drawn = await draw_wave(await open_new_survey(tmp_path), settings, n=100)
    assert {name: (one.N, one.asked, one.drawn) for name, one in drawn.by_stratum.items()} == {
        "visitor": (20, 20, 20), "worker": (400, 80, 80),
    }  # fmt: skip
    for name, one in drawn.by_stratum.items():
        members = [member for member in drawn.members if member.stratum == name]
        assert sum(member.weight for member in members) == pytest.approx(one.N)
        assert {member.inclusion_probability for member in members} == {one.drawn / one.N}
    assert Counter(member.replicate for member in drawn.members) == {1: 25, 2: 25, 3: 25, 4: 25}


def contact_rows_from(first: int, count: int, **overrides: str) -> list[dict[str, str]]:
    return [contact_row(number, **overrides) for number in range(first, first + count)]


async def test_the_queue_goes_on_where_it_stopped(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(40, audience="worker"))
    slug = await open_new_survey(tmp_path)
    order = [row["reference"] for row in await fetch("SELECT reference FROM unit ORDER BY ticket")]
    first = await draw_wave(slug, settings, n=15)
    second = await draw_wave(slug, settings, n=15)
    assert [member.contact for member in first.members] == order[:15]
    assert [member.contact for member in second.members] == order[15:30]
    third = await draw_wave(slug, settings, n=15)
    assert [member.contact for member in third.members] == order[30:]
    assert third.by_stratum["worker"].shortfall == 5
    with pytest.raises(LimitReached, match="Nobody may be asked"):
        await draw_wave(slug, settings, n=15)
    rested = await draw_wave(slug, settings, n=15, at=today(settings) + timedelta(days=60))
    assert [member.contact for member in rested.members] == order[:15]
    spread = await fetch("SELECT count(*) AS n FROM invitation GROUP BY contact")
    assert {row["n"] for row in spread} == {1, 2}


async def test_everything_of_an_invitation_is_written(settings: Settings, tmp_path: Path) -> None:
    rows = [*contact_rows(30), contact_row(31, language="fr-CA"), contact_row(32, language="de")]
    await fill_register(tmp_path, settings, rows)
    drawn = await draw_wave(await open_new_survey(tmp_path), settings, n=32)
    key = load_secret_key(settings)
    found = await fetch(
        """SELECT i.id, c.reference, i.token_hash, i.language, i.state, i.expires_at - i.sent_at AS life,
               r.kind AS receipt, l.kind, l.seconds, l.planned_seconds, l.survey_slug,
               f.planned_seconds AS form,
               m.position, u.last_invited_on, c.last_invited_on AS contact_day,
               u.ticket - m.ticket_before AS turn
           FROM invitation i JOIN contact c ON c.id = i.contact JOIN receipt r ON r.id = i.receipt
           JOIN ledger_event l ON l.receipt = r.id AND l.pseudonym = c.pseudonym
           JOIN form f ON f.id = i.form JOIN draw_member m ON m.id = i.draw_member AND m.form = f.id
           JOIN unit u ON u.id = m.unit AND u.id = c.unit"""
    )
    assert len(found) == len(drawn.members) == 32
    for row in found:
        assert row["token_hash"] == hash_token(make_token(key, row["id"]))
        assert (row["state"], row["receipt"], row["kind"]) == ("sent", "invitation", "invitation")
        assert (row["life"], row["seconds"], row["survey_slug"]) == (timedelta(days=28), 15, "parks")
        assert row["planned_seconds"] == row["form"] > 0
        assert row["last_invited_on"] == row["contact_day"] == today(settings)
        assert row["turn"] == pytest.approx(1)
    languages = {row["reference"]: row["language"] for row in found}
    assert (languages["R00031"], languages["R00032"], languages["R00001"]) == ("fr", "en", "en")
    clocks = await fetch(
        """SELECT c.clock, max(m.ticket_before) AS last FROM cell c JOIN draw_member m ON m.cell = c.id
           GROUP BY c.id"""
    )
    assert len(clocks) == 4
    assert all(row["clock"] == row["last"] for row in clocks)


async def test_forms_are_given_out_evenly_in_every_stratum(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(200))
    drawn = await draw_wave(await open_new_survey(tmp_path), settings, n=150)
    for name in drawn.by_stratum:
        given = Counter(member.form for member in drawn.members if member.stratum == name)
        assert max(given.values()) - min(given.values()) <= 1


async def test_nobody_exceeds_invitations_of_the_year_nor_the_cap(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(12, audience="worker"))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    for days in (0, 60):
        assert len((await draw_wave(slug, settings, n=12, at=day + timedelta(days=days))).members) == 12
    with pytest.raises(LimitReached):
        await draw_wave(slug, settings, n=12, at=day + timedelta(days=364))
    assert len((await draw_wave(slug, settings, n=12, at=day + timedelta(days=365))).members) == 12


async def test_a_household_gives_one_of_its_people_by_turns(settings: Settings, tmp_path: Path) -> None:
    flat = [contact_row(number, audience="resident", unit="Flat 1") for number in (1, 2, 3)]
    await fill_register(tmp_path, settings, [*flat, *contact_rows_from(4, 3, audience="resident")])
    slug = await open_new_survey(tmp_path)
    asked = []
    for turn in range(4):
        drawn = await draw_wave(slug, settings, n=4, at=today(settings) + timedelta(days=400 * turn))
        assert len(drawn.members) == 4
        mine = [member for member in drawn.members if member.unit == "Flat 1"]
        assert [member.inclusion_probability for member in mine] == [pytest.approx(1 / 3)]
        asked += [member.contact for member in mine]
    assert sorted(asked[:3]) == ["R00001", "R00002", "R00003"]
    assert asked[3] == asked[0]


async def test_nobody_outside_the_frame_is_drawn(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, contact_rows(20, audience="worker"))
    await fetch("UPDATE contact SET state = 'left' WHERE reference = 'R00001'")
    await fetch("UPDATE contact SET state = 'paused' WHERE reference = 'R00002'")
    await fetch("UPDATE contact_detail SET email = NULL, email_key = NULL WHERE name = 'Person 3'")
    await fetch("UPDATE consent SET is_granted = false FROM contact c WHERE c.id = contact "
                "AND reference = 'R00004' AND purpose = 'survey'")  # fmt: skip
    await erase_contact("R00005", settings)
    drawn = await draw_wave(await open_new_survey(tmp_path), settings, n=15)
    assert contacts_of(drawn) == {f"R{number:05d}" for number in range(6, 21)}
    assert drawn.by_stratum["worker"].N == 15


async def test_a_replay_is_identical_and_notices_a_change(settings: Settings, tmp_path: Path) -> None:
    flat = [contact_row(number, audience="resident", unit="Flat 1") for number in (301, 302)]
    await fill_register(tmp_path, settings, [*contact_rows(300), *flat])
    slug = await open_new_survey(tmp_path)
    first = await draw_wave(slug, settings, n=120)
    second = await draw_wave(slug, settings, n=120, seed="another")
    await fill_register(tmp_path, settings, contact_rows_from(400, 50))
    await erase_contact(first.members[0].contact, settings)
    for drawn in (first, second):
        replay = await replay_draw(drawn.draw)
        assert (replay.identical, replay.differences, replay.members) == (True, [], 120)
        assert replay.frame_hash == drawn.frame_hash
    unit = await fetch("SELECT unit FROM draw_member WHERE draw = $1 ORDER BY id LIMIT 1", first.draw)
    await fetch("UPDATE draw_member SET weight = weight + 1 WHERE draw = $1 AND unit = $2", first.draw,
                unit[0]["unit"])  # fmt: skip
    changed = await replay_draw(first.draw)
    assert not changed.identical
    assert [difference.split(" was")[0] for difference in changed.differences] == [
        f"unit {unit[0]['unit']}: weight"
    ]
    await fetch("UPDATE draw SET seed = 'forged' WHERE id = $1", second.draw)
    assert not (await replay_draw(second.draw)).identical
    with pytest.raises(NotFound):
        await replay_draw(99)


async def test_what_cannot_be_drawn_is_refused_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    slug = await open_new_survey(tmp_path)
    with pytest.raises(LimitReached, match="Nobody can be asked"):
        await draw_wave(slug, settings)
    await fill_register(tmp_path, settings, contact_rows(20))
    await import_survey(tmp_path / "parks.xlsx", department_name="Parks", slug="draft")
    with pytest.raises(Conflict, match="not open"):
        await draw_wave("draft", settings)
    with pytest.raises(NotFound):
        await draw_wave("nothing", settings)
    for n in (0, 21):
        with pytest.raises(LimitReached, match="1 to 20"):
            await draw_wave(slug, settings, n=n)
    with pytest.raises(Conflict, match="Nothing can be drawn"):
        await draw_wave(slug, settings, at=date(2020, 1, 1))
    await draw_wave(slug, settings, n=5, at=today(settings) + timedelta(days=9))
    with pytest.raises(Conflict, match="Nothing can be drawn"):
        await draw_wave(slug, settings, n=5)
    counts = await fetch("SELECT (SELECT count(*) FROM wave) AS waves, (SELECT count(*) FROM draw) AS draws")
    assert counts == [{"waves": 1, "draws": 1}]
