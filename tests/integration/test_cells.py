"""Cells: who belongs in which, moving by the joining rule, and a new definition that takes nobody's turn."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from survey_service.domain.errors import SurveyServiceError
from survey_service.services.contacts.define_cells import define_cells, describe_cells, preview_cells
from survey_service.services.contacts.import_contacts import import_contacts
from survey_service.services.contacts.manage_contacts import export_contacts
from survey_service.services.contacts.move_contacts import move_units
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.services.rotation.replay_draw import replay_draw
from survey_service.services.rotation.survey_frame import today
from survey_service.settings import Settings
from tests.support.cells import WARDS, cells_of, choose, in_wards, places, residents, workers_in_wards
from tests.support.register import contact_row, contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


async def test_the_frequency_a_person_chose_makes_a_cell(settings: Settings, tmp_path: Path) -> None:
    flat = [contact_row(number, audience="resident", unit="Flat 1") for number in (7, 8, 9)]
    await fill_register(tmp_path, settings, [*residents(6), *flat])
    assert await choose(1, "R00001", "R00002") == 2
    assert await choose(0, "R00003") == 1
    assert await cells_of("R00001", "R00002", "R00003", "R00004") == [
        "resident|frequency=1", "resident|frequency=1", "resident|frequency=0", "resident",
    ]  # fmt: skip
    await choose(3, "R00007")
    assert await choose(2, "R00008") == 1
    assert await cells_of("R00009") == ["resident|frequency=2"], "the lowest chosen counts for the household"
    assert await choose(0, "R00008") == 1
    assert await cells_of("R00009") == ["resident|frequency=3"], (
        "who wants no survey does not speak for others"
    )
    await choose(0, "R00007", "R00009")
    assert await cells_of("R00009") == ["resident|frequency=0"]
    assert await choose(None, "R00001") == 1
    assert await cells_of("R00001") == ["resident"]
    assert await move_units() == 0


async def test_strata_stay_the_audiences(settings: Settings, tmp_path: Path) -> None:
    arm = replace(settings, random_arm_percent=40)
    await fill_register(tmp_path, arm, contact_rows(200))
    slug = await open_new_survey(tmp_path)
    await choose(1, "R00004", "R00008")
    forecast = await forecast_survey(slug, settings, n=100)
    assert {name: one.N for name, one in forecast.by_stratum.items()} == dict.fromkeys(
        ("business", "resident", "visitor", "worker"), 50
    )
    drawn = await draw_wave(slug, settings, n=100)
    assert {member.stratum for member in drawn.members} == {"business", "resident", "visitor", "worker"}
    assert {member.inclusion_probability for member in drawn.members} == {
        one.drawn / one.N for one in drawn.by_stratum.values()
    }
    by_cell = Counter(member.cell for member in drawn.members)
    sizes = {one.key: one.in_frame for one in (await describe_cells()).cells}
    assert "worker|arm=random" in by_cell
    for key, size in sizes.items():
        share = drawn.by_stratum[key.partition("|")[0]].drawn * size / 50
        assert np.floor(share) <= by_cell[key] <= np.ceil(share), "each cell gives its part of the stratum"
    assert (await replay_draw(drawn.draw)).identical


async def test_units_join_the_randomised_arm_whole_and_by_lot(settings: Settings, tmp_path: Path) -> None:
    arm = replace(settings, random_arm_percent=5)
    rows = [contact_row(number, unit=f"Home {number // 2}", audience="resident") for number in range(2, 4002)]
    await fill_register(tmp_path, arm, rows)
    homes = await fetch(
        """SELECT u.reference, k.key, count(DISTINCT c.is_in_random_arm) AS kinds,
               bool_or(c.is_in_random_arm) AS arm
           FROM unit u JOIN cell k ON k.id = u.cell JOIN contact c ON c.unit = u.id GROUP BY u.id, k.id"""
    )
    assert len(homes) == 2000
    assert {row["kinds"] for row in homes} == {1}, "a household is in the arm as a whole"
    assert all((row["key"] == "resident|arm=random") == row["arm"] for row in homes)
    inside = sum(row["arm"] for row in homes)
    assert abs(inside - 100) < 4 * np.sqrt(2000 * 0.05 * 0.95)
    one = next(row["reference"] for row in homes if row["arm"])
    newcomer = contact_row(5000, unit=one, audience="resident")
    others = [row for row in rows if row["unit"] == one]
    await fill_register(tmp_path, replace(settings, random_arm_percent=0), [newcomer, *others])
    joined = await fetch("SELECT is_in_random_arm AS arm FROM contact WHERE reference = 'R05000'")
    assert joined == [{"arm": True}], "who moves in is where the household is"


async def test_a_mover_takes_the_joining_rule_and_no_extra_turn(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, residents(40))
    slug = await open_new_survey(tmp_path)
    first = await draw_wave(slug, settings, n=15)
    asked = first.members[-1].contact
    before = await places()
    await choose(1, asked)
    there = (await places())[asked]
    assert there[0] == "resident|frequency=1"
    assert there[3] == before[asked][3], "a new cell begins with the clock of the cell it comes from"
    assert there[2] == before[asked][2] > there[3], "asked last, and last in the new cell, too"
    rest = await fetch("SELECT last_invited_on FROM unit WHERE reference = $1", asked)
    assert rest == [{"last_invited_on": today(settings)}]
    for frequency in (None, 1, None):
        await choose(frequency, asked)
        assert (await places())[asked][2] == before[asked][2], "going to and fro wins nothing"
    await fill_register(tmp_path, settings, [contact_row(40, audience="worker")])
    key, prn, ticket, clock = (await places())["R00040"]
    assert (key, ticket, clock) == ("worker", prn, 0.0), "the other queue has not begun"


async def test_a_new_definition_refines_the_queue_and_takes_nobodys_turn(
    settings: Settings, tmp_path: Path
) -> None:
    await fill_register(tmp_path, settings, in_wards(60))
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    first = await draw_wave(slug, settings, n=25, at=day)
    before = await places()
    preview = await preview_cells(["ward"])
    assert {one.key: one.in_frame for one in preview.cells} == dict.fromkeys(
        (f"resident|ward={ward}" for ward in WARDS), 20
    )
    assert await places() == before, "a preview changes nothing"
    made = await define_cells(["ward"])
    assert (made.dimensions, made.cells) == (["audience", "frequency", "arm", "ward"], preview.cells)
    after = await places()
    assert {reference: one[2] for reference, one in after.items()} == {
        reference: one[2] for reference, one in before.items()
    }, "whoever waited waits, and whoever was asked is last"
    assert (await replay_draw(first.draw)).identical
    times = Counter(member.contact for member in first.members)
    second = await draw_wave(slug, settings, n=35, at=day)
    times.update(member.contact for member in second.members)
    assert set(times.values()) == {1}, "nobody within their rest"
    assert second.by_stratum["resident"].N == 60
    third = await draw_wave(slug, settings, n=30, at=day + timedelta(days=60))
    assert Counter(member.cell for member in third.members) == dict.fromkeys(
        (f"resident|ward={ward}" for ward in WARDS), 10
    )


async def test_within_a_definition_everybody_comes_once_before_anybody_twice(
    settings: Settings, tmp_path: Path
) -> None:
    easy = replace(settings, rest_days=20, invitations_a_year=50, cap_minutes=600)
    await fill_register(tmp_path, easy, [*in_wards(24), *workers_in_wards(15)])
    slug = await open_new_survey(tmp_path)
    day = today(settings)
    last: dict[str, int] = {}

    async def draw_some(turns: range, n: int) -> Counter[tuple[str, str]]:
        times: Counter[tuple[str, str]] = Counter()
        for turn in turns:
            for member in (await draw_wave(slug, easy, n=n, at=day + timedelta(days=7 * turn))).members:
                assert 7 * (turn - last.get(member.contact, -99)) >= 20, "rest outlives a definition"
                last[member.contact] = turn
                times[member.cell, member.contact] += 1
                members = await fetch(
                    """SELECT c.reference FROM contact c JOIN unit u ON u.id = c.unit
                       JOIN cell k ON k.id = u.cell WHERE k.key = $1""",
                    member.cell,
                )
                counts = [times[member.cell, row["reference"]] for row in members]
                assert max(counts) - min(counts) <= 1, member.cell
        return times

    await draw_some(range(5), 9)
    await define_cells(["ward"])
    await draw_some(range(5, 14), 8)
    await define_cells([])
    assert {one.key for one in (await describe_cells()).cells} == {"resident", "worker"}
    for key, _, ticket, clock in (await places()).values():
        assert clock < ticket <= clock + 1, f"one turn of {key} holds everybody"
    await draw_some(range(14, 22), 8)


async def test_values_that_differ_in_a_household_and_odd_values_have_names(
    settings: Settings, tmp_path: Path
) -> None:
    rows = [
        contact_row(1, audience="resident", unit="Flat 1", **{"attribute.ward": "Aldgate"}),
        contact_row(2, audience="resident", unit="Flat 1", **{"attribute.ward": ""}),
        contact_row(3, audience="resident", **{"attribute.ward": "a|b,c%"}),
        contact_row(4, audience="resident", **{"attribute.ward": ""}),
        contact_row(5, audience="resident", **{"attribute.ward": "x" * 199 + "1"}),
        contact_row(6, audience="resident", **{"attribute.ward": "x" * 199 + "2"}),
    ]
    await fill_register(tmp_path, settings, rows)
    await define_cells(["ward", "ward", "audience"])
    found = await cells_of(*(f"R0000{number}" for number in (1, 3, 4, 5, 6)))
    assert found[:3] == ["resident|ward=mixed", "resident|ward=a%7Cb%2Cc%25", "resident"]
    assert len(found[3]) == len(found[4]) == 200
    assert found[3] != found[4]
    await fill_register(
        tmp_path, settings, [contact_row(4, audience="resident", **{"attribute.ward": "Aldgate"})]
    )
    assert await cells_of("R00004") == ["resident|ward=Aldgate"], "an attribute that changes moves the unit"


async def test_the_register_goes_out_and_in_under_any_definition(settings: Settings, tmp_path: Path) -> None:
    arm = replace(settings, random_arm_percent=30)
    await fill_register(tmp_path, arm, in_wards(30))
    await define_cells(["ward"])
    await choose(2, "R00005")
    before = await places()
    await export_contacts(tmp_path / "all.csv")
    again = await import_contacts(tmp_path / "all.csv", arm)
    assert (again.unchanged, again.moved) == (30, 0)
    assert await places() == before
    rows = [row | {"audience": "worker"} for row in in_wards(30)]
    assert (await fill_register(tmp_path, arm, rows)).moved == 30
    assert {key.partition("|")[0] for key, *_ in (await places()).values()} == {"worker"}
    assert await move_units() == 0


async def test_attributes_nobody_has_are_refused(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, in_wards(3))
    with pytest.raises(SurveyServiceError, match=r"attribute war\. Expected: any of ward") as refused:
        await define_cells(["ward", "war"])
    assert "attribute.war" in str(refused.value)
    with pytest.raises(SurveyServiceError, match="attribute size"):
        await preview_cells(["size"])
    many = {f"attribute.a{number}": "x" for number in range(6)}
    await fill_register(tmp_path, settings, residents(2, **many))
    with pytest.raises(SurveyServiceError, match="5 attributes at most"):
        await define_cells([f"a{number}" for number in range(6)])
