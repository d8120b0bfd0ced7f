"""`survey split` and `survey import --minutes`: forms that fit, shown before and stored as shown."""

from pathlib import Path

import pytest

from survey_service.domain.errors import SurveyServiceError
from survey_service.integrations.xlsform import write_xlsform
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.split_survey import make_forms, preview_split
from tests.support.register import six_blocks
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


async def test_what_is_shown_is_what_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "parks.xlsx"
    path.write_bytes(write_xlsform(six_blocks()))
    # A core of one point and blocks of two: 5 points, 53 seconds, hold two blocks.
    done = await import_survey(path, department_name="Parks", limit_minutes=0.9)
    assert (done.forms, done.longest_seconds) == (3, 53)
    shown = await preview_split(done.survey, limit_minutes=0.9, completes=385)
    stored = await fetch("SELECT key, share FROM form ORDER BY key")
    assert {row["key"]: row["share"] for row in stored} == pytest.approx(shown.forms)
    assert [round(one.answers) for one in shown.blocks.values()] == [257, 257, 257]
    assert shown.blocks["b1"].margin == pytest.approx(0.061, abs=0.001)
    assert shown.never_meet == []
    shorter = await preview_split(done.survey, limit_minutes=0.6, completes=385)
    assert sorted(shorter.forms) == ["b1", "b2", "b3"]
    assert shorter.never_meet == ["b1+b2", "b1+b3", "b2+b3"]
    assert any("Nobody will have answered both b1 and b2" in one for one in shorter.warnings)


async def test_a_limit_that_no_block_fits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "parks.xlsx"
    path.write_bytes(write_xlsform(six_blocks()))
    with pytest.raises(SurveyServiceError, match="No form can hold the core and the block b1"):
        await import_survey(path, department_name="Parks", limit_minutes=0.4)
    assert await fetch("SELECT id FROM survey") == []


def test_without_a_limit_a_form_holds_two_blocks() -> None:
    assert [form.key for form in make_forms(six_blocks())] == ["b1+b2", "b1+b3", "b2+b3"]
