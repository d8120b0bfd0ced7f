"""`survey-service simulate`: one JSON object, plain lines, a picture, refusals."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.domain.scenario import Scenario
from survey_service.services.simulation.simulation_policies import POLICIES
from survey_service.web.staff.simulation_words import assumption_words, measure_words, policy_words

SMALL = """
name = "A <small> town"
seed = "s"
replications = 2
[surveys]
years = 1
burn_in = 2
sample = 50
[[audiences]]
name = "resident"
members = 400
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario that is quickly simulated."""
    path = tmp_path / "town.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def call(*words: object) -> Result:
    return CliRunner().invoke(main, ["simulate", *map(str, words)])


def test_json_is_one_object_with_every_measure_and_its_error(scenario: Path) -> None:
    result = call(scenario, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert told.keys() >= {"scenario", "seed", "replications", "policies", "assumptions", "seconds"}
    assert (told["scenario"], told["seed"], told["replications"]) == ("A <small> town", "s", 2)
    assert list(told["policies"]) == ["everyone", "random", "rotation", "likelihood", "split"]
    for measures in told["policies"].values():
        assert list(measures) == list(measure_words())
        for measure in measures.values():
            assert measure.keys() == {"value", "se"}
            assert measure["se"] >= 0
    assert told["policies"]["everyone"]["invitations_worst"] == {"value": 12.0, "se": 0.0}
    assert any("400 people: resident 400" in line for line in told["assumptions"])
    again = json.loads(call(scenario, "--json").stdout)
    assert again["policies"] == told["policies"]


def test_more_replications_may_be_asked_for(scenario: Path) -> None:
    assert json.loads(call(scenario, "--json", "--replications", 3).stdout)["replications"] == 3
    assert call(scenario, "--replications", 1).exit_code == 2


def test_plain_lines_hold_the_table_and_the_assumptions(scenario: Path) -> None:
    result = call(scenario)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split("\t") == ["A <small> town", *policy_words().values()]
    table = [line.split("\t") for line in lines[1 : 1 + len(measure_words())]]
    assert [row[0] for row in table] == [words.label for words in measure_words().values()]
    assert all(" ± " in figure for row in table for figure in row[1:])
    assert lines[1 + len(measure_words())] == "Assumed:"


def test_the_picture_is_a_sound_file_that_says_the_same_as_the_table(scenario: Path, tmp_path: Path) -> None:
    path = tmp_path / "town.svg"
    table = call(scenario, "--picture", path).stdout
    picture = ElementTree.parse(path).getroot()
    assert picture.tag == f"{SVG}svg"
    assert picture.findtext(f"{SVG}title") == "A <small> town"
    drawings = picture.findall(f"{SVG}svg")
    assert len(drawings) == 6
    ids = [element.get("id") for element in picture.iter() if element.get("id")]
    assert len(set(ids)) == len(ids) == 13
    for drawing in drawings:
        title, description = drawing.findtext(f"{SVG}title"), drawing.findtext(f"{SVG}desc")
        (row,) = [line for line in table.splitlines() if line.startswith(f"{title}\t")]
        for figure in row.split("\t")[1:]:
            assert figure in str(description)
        lengths = [
            float(bar.get("width", "nan")) for bar in drawing.findall(f"{SVG}rect[@class='bar__value']")
        ]
        values = [float(figure.split(" ")[0]) for figure in row.split("\t")[1:]]
        assert sorted(range(3), key=lengths.__getitem__) == sorted(range(3), key=values.__getitem__)
        assert all(0 <= length <= 360 for length in lengths)
    assert not [element for element in picture.iter() if element.get("style")]


def test_refusals(scenario: Path, tmp_path: Path) -> None:
    scenario.write_text("[surveys]\nsample = 0", encoding="utf-8")
    refused = call(scenario)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "surveys.sample" in refused.stderr
    assert "Expected: a whole number >= 1. Got: 0." in refused.stderr
    assert call(tmp_path / "none.toml").exit_code == 2
    assert call("--picture", tmp_path / "none" / "picture.svg").exit_code == 2


def test_every_policy_has_a_name_and_every_assumption_its_numbers() -> None:
    assert list(policy_words()) == list(POLICIES)
    assert all("%(" not in line for line in assumption_words(Scenario()))
