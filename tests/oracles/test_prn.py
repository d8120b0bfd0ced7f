"""`survey-service rotate` against the reference draws: every prn_* folder of the oracles."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_service.cli import main
from tests.oracles.place import ORACLES, need_oracles

SCENARIOS = sorted(ORACLES.glob("prn_*"))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_scenarios() -> None:
    need_oracles()
    assert SCENARIOS


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_rotation_equals_the_reference(folder: Path, tmp_path: Path) -> None:
    files = ("frame.csv", "events.csv", "surveys.csv", "rules.json")
    options = [word for name in files for word in (f"--{name.split('.')[0]}", str(folder / name))]
    run = CliRunner().invoke(main, ["rotate", *options, "--out", str(tmp_path)])
    assert run.exit_code == 0, run.output

    selection = read(tmp_path / "selection.csv")
    expected = read(folder / "expected_selection.csv")
    exact = ("survey", "date", "stratum", "id", "N", "n")
    assert [[row[name] for name in exact] for row in selection] == [
        [row[name] for name in exact] for row in expected
    ]
    for row, wanted in zip(selection, expected, strict=True):
        assert float(row["ticket_before"]) == pytest.approx(float(wanted["ticket_before"]), abs=1e-12)
        assert float(row["weight"]) == pytest.approx(float(wanted["weight"]), rel=1e-12)

    assert read(tmp_path / "shortfall.csv") == read(folder / "expected_shortfall.csv")

    state = {row["id"]: row for row in read(tmp_path / "state.csv")}
    wanted_state = {row["id"]: row for row in read(folder / "expected_state.csv")}
    assert state.keys() == wanted_state.keys()
    for one, wanted in wanted_state.items():
        assert float(state[one].pop("ticket")) == pytest.approx(float(wanted.pop("ticket")), abs=1e-12)
        assert state[one] == wanted
