"""Strata of a survey: unions of whole cells, through the service and the command line."""

from pathlib import Path

import pytest

from survey_service.domain.errors import Conflict, LimitReached, NotFound, SurveyServiceError
from survey_service.services.contacts.define_cells import define_cells
from survey_service.services.rotation.define_strata import list_survey_strata, set_strata
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.replay_draw import replay_draw
from survey_service.settings import Settings
from tests.support.cells import WARDS, cells_of, choose, in_wards, residents, workers_in_wards
from tests.support.register import contact_row, fill_register, open_new_survey
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


async def test_a_survey_gets_strata_of_whole_cells(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, in_wards(60))
    slug = await open_new_survey(tmp_path)
    await define_cells(["ward"])
    cells = [f"resident|ward={ward}" for ward in WARDS]
    found = await set_strata(slug, {"east": cells[:1], "west": ["resident|ward=B*", cells[2]]})
    assert [(one.name, one.cells, one.units) for one in found] == [
        ("east", cells[:1], 20), ("west", cells[1:], 40),
    ]  # fmt: skip
    await choose(1, "R00003")
    assert await cells_of("R00003") == ["resident|frequency=1|ward=Aldgate"]
    assert [one.units for one in await list_survey_strata(slug)] == [20, 40], "who chooses less often stays"
    await fill_register(tmp_path, settings, [contact_row(70, audience="worker")])
    drawn = await draw_wave(slug, settings, n=30)
    assert {name: one.N for name, one in drawn.by_stratum.items()} == {"east": 20, "west": 40}
    with pytest.raises(Conflict, match="was drawn or closed"):
        await set_strata(slug, {"all": ["resident*"]})
    with pytest.raises(Conflict, match=r"several strata of the survey parks: east, west") as refused:
        await define_cells([])
    assert "Keep the attribute" in str(refused.value)
    assert len(await list_survey_strata(slug)) == 2, "a refused definition changes nothing"


async def test_strata_follow_a_finer_definition(settings: Settings, tmp_path: Path) -> None:
    await fill_register(tmp_path, settings, [*in_wards(30), *workers_in_wards(12)])
    own, plain = await open_new_survey(tmp_path), await open_new_survey(tmp_path, "trees")
    await set_strata(own, {"people": ["resident"]})
    await define_cells(["ward"])
    people = await list_survey_strata(own)
    assert [(one.name, one.units) for one in people] == [("people", 30)]
    assert people[0].cells == [f"resident|ward={ward}" for ward in WARDS]
    assert {one.name: one.units for one in await list_survey_strata(plain)} == {"resident": 30, "worker": 12}
    drawn = await draw_wave(plain, settings, n=20)
    await define_cells([])
    assert [(one.name, one.cells) for one in await list_survey_strata(own)] == [("people", ["resident"])]
    members = await fetch(
        """SELECT DISTINCT split_part(k.key, 'ward=', 2) AS ward
           FROM draw_member m JOIN cell k ON k.id = m.cell"""
    )
    assert {row["ward"] for row in members} == set(WARDS), "a drawn wave keeps the cells it was drawn from"
    assert (await replay_draw(drawn.draw)).identical
    assert [one.name for one in await set_strata(own, {})] == ["resident", "worker"]


@pytest.mark.parametrize(
    ("strata", "error", "message"),
    [
        ({"a": ["resident"], "b": ["worker", "resident"]}, Conflict, "two strata, a and b"),
        ({"a": ["residents"]}, NotFound, "whole cells such as resident"),
        ({"a": ["resident|ward=Aldgate"]}, NotFound, "can only be part of one"),
        ({"a": ["x*"]}, NotFound, "does not exist"),
        ({"a": ["worker", "worker*"], "b": []}, LimitReached, r"in stratum b can be asked.*resident"),
        ({"a": ["visitor"]}, LimitReached, "Nobody in stratum a"),
        ({" ": ["resident"]}, SurveyServiceError, "needs a name"),
    ],
)
async def test_strata_that_cannot_be_are_refused(
    settings: Settings,
    tmp_path: Path,
    strata: dict[str, list[str]],
    error: type[SurveyServiceError],
    message: str,
) -> None:
    rows = [
        *residents(4),
        contact_row(5, audience="worker"),
        contact_row(6, audience="visitor", consent_survey="no"),
    ]
    await fill_register(tmp_path, settings, rows)
    slug = await open_new_survey(tmp_path)
    with pytest.raises(error, match=message):
        await set_strata(slug, strata)
    assert [one.name for one in await list_survey_strata(slug)] == ["resident", "visitor", "worker"]
