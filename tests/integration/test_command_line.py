"""The command line as other programs use it: one JSON object and its keys, exit codes, refusals."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import COMMANDS, main
from survey_service.integrations.xlsform import write_xlsform
from survey_service.settings import Settings
from tests.support.register import contact_row, contact_rows, six_blocks, write_contacts

Call = Callable[..., Result]


@pytest.fixture
def call(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command on this test's database."""
    monkeypatch.setenv("SURVEY_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SURVEY_DATA_DIR", str(settings.data_dir))

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return run


def read(result: Result) -> dict[str, object]:
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return json.loads(result.stdout)


def test_the_main_job_by_hand(call: Call, tmp_path: Path) -> None:
    contacts = write_contacts(tmp_path / "contacts.csv", contact_rows(80))
    workbook = tmp_path / "parks.xlsx"
    workbook.write_bytes(write_xlsform(six_blocks()))

    told = read(call("contacts", "import", contacts, "--dry-run", "--json"))
    assert told["dry_run"] is True
    assert (told["rows"], told["new"], told["changed"], told["unchanged"], told["refused"]) == (
        80,
        80,
        0,
        0,
        0,
    )
    assert read(call("contacts", "import", contacts, "--json"))["new"] == 80
    assert read(call("survey", "import", workbook, "--department", "Parks", "--json"))["survey"] == "parks"
    assert call("survey", "open", "parks").exit_code == 0
    assert read(call("survey", "list", "--json"))["surveys"][0]["state"] == "open"

    forecast = read(call("forecast", "parks", "--n", 40, "--json"))
    assert forecast.keys() >= {"survey", "at", "by_stratum", "invitations_needed", "budget"}
    stratum = forecast["by_stratum"]["worker"]
    assert stratum.keys() >= {"N", "needed", "eligible", "excluded", "next_feasible"}
    assert forecast["budget"] == {"capacity": 160, "used": 0, "after": 40}

    drawn = read(call("draw", "parks", "--n", 40, "--seed", "x", "--json"))
    assert drawn.keys() >= {
        "draw",
        "survey",
        "at",
        "seed",
        "frame_hash",
        "algorithm",
        "by_stratum",
        "members",
    }
    assert drawn["by_stratum"]["worker"] == {"N": 20, "asked": 10, "drawn": 10, "shortfall": 0}
    assert drawn["members"][0].keys() >= {
        "contact", "unit", "cell", "stratum", "ticket_before", "inclusion_probability", "weight", "replicate",
    }  # fmt: skip
    assert drawn["seed"] == "x"
    assert re.fullmatch("[0-9a-f]{64}", drawn["frame_hash"])
    replay = read(call("replay", drawn["draw"], "--json"))
    assert (replay["identical"], replay["members"]) == (True, 40)

    reference = drawn["members"][0]["contact"]
    shown = read(call("contacts", "show", reference, "--json"))
    assert shown["burden"]["invitations"] == 1
    assert call("contacts", "erase", reference, "--yes").exit_code == 0
    assert call("contacts", "show", reference).exit_code == 1
    assert call("contacts", "export", tmp_path / "out.csv").exit_code == 0
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 80


def test_cells_and_strata_by_hand(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_RANDOM_ARM_PERCENT", "0")
    rows = [
        contact_row(number, **{"attribute.ward": "Aldgate" if number > 8 else "Bridge"})
        for number in range(80)
    ]
    call("contacts", "import", write_contacts(tmp_path / "contacts.csv", rows))
    (tmp_path / "parks.xlsx").write_bytes(write_xlsform(six_blocks()))
    call("survey", "import", tmp_path / "parks.xlsx", "--department", "Parks")
    cells = read(call("strata", "list", "--json"))
    assert cells["dimensions"] == ["audience", "frequency", "arm"]
    assert cells["cells"][0] == {"key": "business", "units": 20, "in_frame": 20}
    told = call("strata", "preview", "ward")
    assert told.exit_code == 0
    assert "business|ward=Aldgate\t18\t18" in told.stdout
    assert "Fewer than 10 units: business|ward=Bridge" in told.stderr
    assert read(call("strata", "define", "ward", "--json"))["dimensions"][-1] == "ward"
    named = read(call("strata", "set", "parks", "work=worker*,business*", "--json"))
    assert [(one["name"], one["units"]) for one in named["strata"]] == [("work", 40)]
    assert "work\t40\tbusiness|ward=Aldgate, " in call("strata", "list", "parks").stdout
    refused = call("strata", "set", "parks", "work=worker|ward=Bank")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "whole cells such as worker|ward=" in refused.stderr
    assert call("strata", "set", "parks", "work").exit_code == 2
    assert read(call("strata", "define", "--json"))["small_cells"] == []


def test_a_refused_file_names_its_rows_on_standard_error(call: Call, tmp_path: Path) -> None:
    rows = [contact_row(1), contact_row(2, email="nobody"), contact_row(3, channel="pigeon")]
    path = write_contacts(tmp_path / "contacts.csv", rows)
    plain = call("contacts", "import", path)
    assert (plain.exit_code, plain.stdout) == (1, "")
    assert "row 3, column email" in plain.stderr
    assert "row 4, column channel" in plain.stderr
    told = call("contacts", "import", path, "--json")
    assert told.exit_code == 1
    refusal = json.loads(told.stdout)
    assert refusal["refused"] == 2
    assert [(error["row"], error["column"]) for error in refusal["errors"]] == [(3, "email"), (4, "channel")]


def test_a_replay_that_differs_exits_with_1(call: Call, tmp_path: Path) -> None:
    refused = call("replay", 17)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "There is no draw 17" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [("draw",), ("draw", "parks", "--n", "0"), ("forecast", "parks", "--at", "soon"), ("nothing",),
     ("contacts", "import", "no-such-file.csv"), ("survey", "import", __file__), ("replay", "one")],
)  # fmt: skip
def test_wrong_use_exits_with_2(call: Call, words: tuple[str, ...]) -> None:
    assert call(*words).exit_code == 2


def test_a_wrong_setting_is_a_sentence(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_REST_DAYS", "soon")
    result = call("survey", "list")
    assert result.exit_code == 1
    assert result.stderr.startswith("SURVEY_REST_DAYS is not usable.")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(call: Call, name: str) -> None:
    result = call(name, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_a_command_that_needs_a_migrated_database_says_so(
    call: Call, server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The maintenance database of the test server has no tables of ours."""
    monkeypatch.setenv("SURVEY_DATABASE_URL", server.url("postgres"))
    result = call("survey", "list")
    assert result.exit_code == 1
    assert "survey-service migrate" in result.stderr
