"""Surveys in: a workbook becomes a draft; the same one changes nothing; an opened survey stays as it is."""

import json
from pathlib import Path

import pytest

from survey_service.db import questionnaire_version, survey
from survey_service.demo.alert_users import workbook_path
from survey_service.domain.errors import Conflict, LimitReached, NotFound, SurveyServiceError
from survey_service.domain.questionnaire import Block
from survey_service.integrations.xlsform import write_xlsform
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.manage_survey import close_survey, export_survey, open_survey
from survey_service.settings import Settings
from tests.support.make import make_question, make_questionnaire, texts
from tests.support.register import contact_rows, fill_register, open_new_survey, six_blocks
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


def write_workbook(folder: Path, questionnaire: object) -> Path:
    path = folder / "workbook.xlsx"
    path.write_bytes(write_xlsform(questionnaire))
    return path


async def test_the_customers_survey_becomes_ten_short_forms() -> None:
    result = await import_survey(workbook_path, department_name="Communities", has_open_link=True)
    assert (result.survey, result.version, result.is_new_version) == ("alert-users", 1, True)
    assert (result.questions, result.forms, result.length) == (11, 10, "on_target")
    assert result.languages == ("en", "fr", "bn", "ar")
    found = await survey.find_survey("alert-users")
    assert (found.state, found.has_open_link, found.department) == ("draft", True, "Communities")
    assert found.title["fr"].startswith("Messages d’alerte")
    forms = await fetch("SELECT share, block_names FROM form")
    assert sum(row["share"] for row in forms) == pytest.approx(1)
    assert len({row["block_names"] for row in forms}) == 10


async def test_the_same_workbook_again_changes_nothing(tmp_path: Path) -> None:
    await import_survey(workbook_path, department_name="Communities")
    again = await import_survey(workbook_path, department_name="Communities", has_open_link=True)
    assert (again.version, again.is_new_version) == (1, False)
    assert len(await fetch("SELECT id FROM questionnaire_version")) == 1
    assert (await survey.find_survey("alert-users")).has_open_link


async def test_a_changed_draft_gets_a_version_and_an_opened_survey_none(tmp_path: Path) -> None:
    await import_survey(write_workbook(tmp_path, six_blocks()), department_name="Parks")
    changed = six_blocks()
    changed = make_questionnaire(name="parks", blocks=changed.blocks[:2])
    path = write_workbook(tmp_path, changed)
    second = await import_survey(path, department_name="Parks")
    assert (second.version, second.is_new_version, second.forms) == (2, True, 1)
    newest = await questionnaire_version.load_newest_version((await survey.find_survey("parks")).id)
    assert len(newest.questionnaire.blocks) == 2
    await open_survey("parks")
    assert not (await import_survey(path, department_name="Parks")).is_new_version
    with pytest.raises(Conflict, match="can no longer change"):
        await import_survey(write_workbook(tmp_path, six_blocks()), department_name="Parks")


async def test_a_survey_belongs_to_one_department(tmp_path: Path) -> None:
    await import_survey(write_workbook(tmp_path, six_blocks()), department_name="Parks")
    with pytest.raises(Conflict, match="belongs to Parks"):
        await import_survey(write_workbook(tmp_path, six_blocks()), department_name="Roads")


async def test_each_audience_is_a_stratum_also_one_that_comes_later(
    settings: Settings, tmp_path: Path
) -> None:
    await fill_register(tmp_path, settings, contact_rows(2))
    slug = await open_new_survey(tmp_path)
    found = await survey.find_survey(slug)
    assert [one.name for one in await survey.list_strata(found.id)] == ["business", "worker"]
    await fill_register(tmp_path, settings, contact_rows(4))
    await survey.add_missing_strata(found.id)
    await survey.add_missing_strata(found.id)
    strata = await survey.list_strata(found.id)
    assert [one.name for one in strata] == ["business", "resident", "visitor", "worker"]
    assert all(len(one.cells) == 1 for one in strata)


async def test_states_follow_each_other(tmp_path: Path) -> None:
    await import_survey(write_workbook(tmp_path, six_blocks()), department_name="Parks")
    with pytest.raises(Conflict, match="never opened"):
        await close_survey("parks")
    await open_survey("parks")
    await open_survey("parks")
    await close_survey("parks")
    await close_survey("parks")
    with pytest.raises(Conflict, match="is closed"):
        await open_survey("parks")
    with pytest.raises(NotFound):
        await open_survey("forests")
    actions = [row["action"] for row in await fetch("SELECT action FROM audit_event ORDER BY id")]
    assert actions == ["survey.import", "survey.open", "survey.close"]


async def test_a_form_over_five_minutes_needs_a_reason(tmp_path: Path) -> None:
    long = Block(
        name="long", label=texts("Long"), questions=tuple(make_question(f"q9{n}") for n in range(28))
    )
    path = write_workbook(tmp_path, make_questionnaire(name="long", blocks=(long,)))
    assert (await import_survey(path, department_name="Parks")).length == "needs_reason"
    for reason in (None, "  "):
        with pytest.raises(LimitReached, match="longer than most people"):
            await open_survey("long", reason=reason)
    await open_survey("long", reason="asked once in ten years")
    [noted] = await fetch("SELECT detail FROM audit_event WHERE action = 'survey.open'")
    assert json.loads(str(noted["detail"])) == {"seconds": 307, "reason": "asked once in ten years"}


async def test_a_form_over_ten_minutes_cannot_be_opened(tmp_path: Path) -> None:
    long = Block(
        name="long", label=texts("Long"), questions=tuple(make_question(f"q9{n}") for n in range(60))
    )
    path = write_workbook(tmp_path, make_questionnaire(name="long", blocks=(long,)))
    assert (await import_survey(path, department_name="Parks")).length == "cannot_launch"
    with pytest.raises(LimitReached, match="takes too long"):
        await open_survey("long")


async def test_the_export_imports_as_the_same(tmp_path: Path) -> None:
    await import_survey(workbook_path, department_name="Communities")
    path = tmp_path / "export.xlsx"
    await export_survey("alert-users", path)
    assert not (await import_survey(path, department_name="Communities")).is_new_version


@pytest.mark.parametrize("slug", ["   ", "ছবি", "x" * 61])
async def test_a_name_that_cannot_be_an_address_is_refused(tmp_path: Path, slug: str) -> None:
    path = write_workbook(tmp_path, six_blocks())
    with pytest.raises(SurveyServiceError, match="no usable name"):
        await import_survey(path, department_name="Parks", slug=slug)
    assert await survey.list_surveys() == []
