"""Questionnaires stored before there were short texts: their open questions keep the large box."""

import json

import pytest

from survey_service.db.engine import connection
from survey_service.db.migrations import m0035_open_texts_stay_long as migration
from tests.support.make import make_question, make_questionnaire, make_survey, texts
from tests.support.make_questionnaire import Block
from tests.support.rows import fetch


@pytest.mark.usefixtures("database")
async def test_a_stored_text_becomes_a_long_one_and_nothing_else_changes() -> None:
    tricky = texts('Write "type": "text" here')
    questions = (make_question("a", type="text", label=tricky), make_question("b", label=tricky))
    core = Block(name="core", label={}, questions=questions)
    survey = await make_survey(questionnaire=make_questionnaire(core=core, blocks=()))
    (before,) = await fetch("SELECT definition FROM questionnaire_version")

    async with connection() as lent:
        await lent.execute(migration.STATEMENT, migration.PLAIN, migration.LONG)

    (after,) = await fetch("SELECT definition FROM questionnaire_version")
    old, new = json.loads(before["definition"]), json.loads(after["definition"])
    assert new["core"]["questions"][0].pop("appearance") == "multiline"
    assert new == old
    assert survey.questionnaire.core.questions[0].appearance == ""
