"""Ask once: a survey that repeats what the same people were asked is opened only with a reason."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey_service.db import question_bank
from survey_service.db import survey as survey_table
from survey_service.db.engine import connection
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.domain.questionnaire import Block, Question
from survey_service.integrations.xlsform import write_xlsform
from survey_service.services.questionnaires.find_repeats import (
    ask_again,
    find_repeats,
    get_repeat,
    set_validity,
)
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.list_repeats import list_repeats
from survey_service.services.questionnaires.manage_survey import get_newest_version, get_survey, open_survey
from survey_service.settings import Settings
from tests.support.make import make_questionnaire, texts
from tests.support.register import contact_rows, fill_register

pytestmark = pytest.mark.usefixtures("database")


async def import_asking(
    folder: Path, slug: str, *labels: str, department: str = "Parks", concept: str = "night_safety"
) -> str:
    questions = tuple(
        Question(name=f"q{place}", type="text", label=texts(label), concept="" if place else concept)
        for place, label in enumerate(labels)
    )
    questionnaire = make_questionnaire(
        name=slug, core=Block(name="core", label={}, questions=questions), blocks=()
    )
    path = folder / f"{slug}.xlsx"
    path.write_bytes(write_xlsform(questionnaire))
    await import_survey(path, department_name=department, slug=slug)
    return slug


async def test_a_repeat_is_found_across_departments_and_needs_a_reason(
    tmp_path: Path, settings: Settings
) -> None:
    await fill_register(tmp_path, settings, contact_rows(8))
    safe = "How safe do you feel walking alone in the City after dark?"
    await open_survey(await import_asking(tmp_path, "lights", safe))
    other = "when you walk on your own at night in the Square Mile, do you feel safe?"
    draft = await import_asking(
        tmp_path, "patrols", other, "Which fruit do you like?", department="Public Order", concept=""
    )

    (row,) = await list_repeats(draft)
    assert (row.question, row.other_survey, row.kind, row.decision) == ("q0", "lights", "other_words", None)
    assert row.department == "Parks"
    assert row.shared == ("business", "resident", "visitor", "worker")
    await open_survey(draft)
    assert (await get_survey(draft)).state == "open", "a guess stands in nobody's way"


async def test_the_same_words_need_a_reason(tmp_path: Path, settings: Settings) -> None:
    await fill_register(tmp_path, settings, contact_rows(8))
    await open_survey(await import_asking(tmp_path, "lights", "Is it dark?"))
    draft = await import_asking(tmp_path, "patrols", "is it DARK", department="Roads", concept="")
    with pytest.raises(Conflict, match="asked by Parks in lights"):
        await open_survey(draft)
    with pytest.raises(Conflict):
        await open_survey(draft, repeat_reason="   ")
    await open_survey(draft, repeat_reason="lamps were put up since")
    (decided,) = await list_repeats(draft)
    assert (decided.decision, decided.reason) == ("ask", "lamps were put up since")
    async with connection() as lent:
        actions = [row["action"] for row in await lent.fetch("SELECT action FROM audit_event ORDER BY id")]
    assert "survey.repeat_ask" in actions


async def test_a_decision_is_kept_by_pair_and_a_later_one_counts(tmp_path: Path, settings: Settings) -> None:
    await fill_register(tmp_path, settings, contact_rows(8))
    await open_survey(await import_asking(tmp_path, "lights", "Is it dark?"))
    survey = await get_survey(await import_asking(tmp_path, "patrols", "Is it dark?"))
    questionnaire = (await get_newest_version(survey)).questionnaire
    found = await find_repeats(survey.id, questionnaire, today=datetime.now(UTC).date())
    with pytest.raises(SurveyServiceError, match="no reason"):
        await ask_again(survey.id, survey.slug, found, reason=" \n", staff=None)
    with pytest.raises(NotFound):
        get_repeat(found, "q9 lights q0")
    one = get_repeat(found, "q0 lights q0")
    for reason in ("first", "second"):
        await ask_again(survey.id, survey.slug, [one], reason=reason, staff=None)
    (row,) = await list_repeats(survey.slug)
    assert (row.kind, row.reason) == ("concept", "second")


async def test_surveys_of_other_strata_are_no_repeat(tmp_path: Path, settings: Settings) -> None:
    await fill_register(tmp_path, settings, contact_rows(8))
    lights = await get_survey(await import_asking(tmp_path, "lights", "Is it dark?"))
    await open_survey("lights")
    async with connection() as lent:
        await lent.execute(
            """DELETE FROM stratum_cell WHERE survey = $1 AND cell IN
               (SELECT id FROM cell WHERE split_part(key, '|', 1) <> 'visitor')""",
            lights.id,
        )
    draft = await get_survey(await import_asking(tmp_path, "patrols", "Is it dark?"))
    async with connection() as lent:
        await lent.execute(
            """DELETE FROM stratum_cell WHERE survey = $1 AND cell IN
               (SELECT id FROM cell WHERE split_part(key, '|', 1) = 'visitor')""",
            draft.id,
        )
    assert await list_repeats("patrols") == []
    await survey_table.add_missing_strata(draft.id)
    assert len(await list_repeats("patrols")) == 1


async def test_opening_fills_the_bank_whose_validity_decides(tmp_path: Path, settings: Settings) -> None:
    await fill_register(tmp_path, settings, contact_rows(8))
    await open_survey(await import_asking(tmp_path, "lights", "Is it dark?", "Is it warm?"))
    await import_asking(tmp_path, "patrols", "Are the streets dark?", department="Public Order")
    (entry,) = await question_bank.list_bank_questions()
    assert (entry.concept, entry.question.label["en"], entry.department) == (
        "night_safety",
        "Is it dark?",
        "Parks",
    )
    assert len(await list_repeats("patrols")) == 1
    async with connection() as lent:
        await lent.execute("UPDATE survey SET opened_at = now() - interval '40 days' WHERE slug = 'lights'")
    await set_validity("night_safety", 30, staff=None)
    assert await list_repeats("patrols") == []
    with pytest.raises(SurveyServiceError, match="makes no sense"):
        await set_validity("night_safety", 0, staff=None)
    with pytest.raises(NotFound):
        await set_validity("unknown", 30, staff=None)
