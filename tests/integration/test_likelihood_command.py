"""`survey-service likelihood` as it is run: train, status, permissions, and what a person is told."""

import json

import pytest

from survey_service.settings import Settings
from tests.support.live_server import run_program
from tests.support.make_waves import make_waves
from tests.support.rows import fetch


@pytest.mark.usefixtures("database")
async def test_train_status_and_what_a_person_is_told(settings: Settings) -> None:
    assert "No model yet" in run_program(settings, "likelihood", "status")
    made = await make_waves(waves=4)
    trained = json.loads(run_program(settings, "likelihood", "train", "--seed", "3", "--json"))
    assert trained["rows"] == 1800
    assert trained["is_on"]
    assert {"auc", "brier", "base_brier", "newest_brier", "newest_base_brier"} <= trained["scores"].keys()
    status = json.loads(run_program(settings, "likelihood", "status", "--json"))
    assert status["in_use"]
    card = status["newest"]["card"]
    assert card["rows"] == 1800
    assert card["limits"][0].endswith("It never chooses whom.")
    plain = run_program(settings, "likelihood", "status")
    assert "Model 1: " in plain
    assert "It is on." in plain
    assert "It is off." not in plain

    [row] = await fetch("SELECT reference FROM contact WHERE id = $1", made.contacts[0])
    told = json.loads(run_program(settings, "contacts", "show", str(row["reference"]), "--json"))
    assert 0 < told["likelihood"]["likelihood"] < 1
    assert told["likelihood"]["is_kept"] is False
    assert "answer_rate" in told["likelihood"]["looked_at"]

    run_program(settings, "likelihood", "off", "--reason", "The pilot is over.")
    assert "It is off. The pilot is over." in run_program(settings, "likelihood", "status")
    run_program(settings, "likelihood", "permit", "language", "--record", "DPIA 4", "--by", "Ann Example")
    assert "May be a feature: language, by Ann Example" in run_program(settings, "likelihood", "status")
    assert "no feature any more" in run_program(
        settings, "likelihood", "forbid", "language", "--by", "Ann Example"
    )
    assert run_program(settings, "likelihood", "judge") == "0 waves judged.\n"
