"""Scenarios: the file and the built-in one are equal, and a wrong line is named with what would be right."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.scenario import Scenario, ScenarioRefused, build_scenario, read_scenario

ROOT = Path(__file__).parents[3]


def test_the_documented_scenario_is_the_built_in_one() -> None:
    content = (ROOT / "docs/scenarios/default.toml").read_bytes()
    assert read_scenario(content) == Scenario() == read_scenario(b"")


def test_every_line_is_in_the_documented_scenario() -> None:
    text = (ROOT / "docs/scenarios/default.toml").read_text(encoding="utf-8")
    structs = (Scenario, *(type(one) for one in vars_of(Scenario())))
    for struct in structs:
        for name in struct.__struct_fields__:
            assert f"{name} = " in text or f"[{name}]" in text, name


def vars_of(scenario: Scenario) -> list[object]:
    parts = [scenario.surveys, scenario.limits, scenario.answering, scenario.opinion]
    return [*parts, scenario.audiences[0], scenario.ages[0]]


def test_a_file_changes_only_what_it_says() -> None:
    scenario = read_scenario(b"\xef\xbb\xbf[surveys]\r\nsample = 500\r\n")
    assert scenario.surveys.sample == 500
    assert scenario.surveys.minutes == Scenario().surveys.minutes
    assert scenario.answering == Scenario().answering


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("[surveys]\nsample = 0", "surveys.sample", "Expected: a whole number >= 1. Got: 0."),
        ("[surveys]\nsample = 'x'", "surveys.sample", "Expected: a whole number. Got: 'x'."),
        ("[surveys]\nsample = true", "surveys.sample", "Expected: a whole number. Got: True."),
        ("[surveys]\nsmaple = 5", "surveys.smaple", "There is no such line."),
        ("smaple = 5", "smaple", "There is no such line."),
        ("surveys = 5", "surveys", "Expected: a table. Got: 5."),
        ("replications = 1", "replications", "Expected: a whole number >= 2. Got: 1."),
        ("[answering]\nrate = nan", "answering.rate", "Expected: a number >= 0.01. Got: nan."),
        ("[answering]\nfatigue = inf", "answering.fatigue", "Expected: a number <= 5"),
        ("[[audiences]]\nname = 'a'", "audiences[0].members", "This line is missing."),
        ("[[audiences]]\nname = 'a'\nmembers = 'b'", "audiences[0].members", "Got: 'b'."),
        ("audiences = []", "audiences", "Expected: a list of length >= 1. Got: []."),
        ("[[ages]]\nname = 'a'\nshare = 0.5", "ages.share", "Expected: 1. Got: 0.5."),
        ("[surveys]\nburn_in = 24", "surveys.burn_in", "Expected: 23 or fewer"),
        ("[surveys]\nsample = 6410", "surveys.sample", "Expected: 6409 or fewer. Got: 6410."),
        ("sample", "", "It is no TOML"),
    ],
)
def test_a_wrong_line_is_named_with_what_would_be_right(text: str, field: str, said: str) -> None:
    with pytest.raises(ScenarioRefused) as refused:
        read_scenario(text.encode())
    assert refused.value.field == field
    assert said in str(refused.value)
    assert str(refused.value).endswith("Every line is explained in docs/scenarios/default.toml.")


def test_what_is_no_text_or_goes_too_deep_is_refused() -> None:
    for content in (b"name = '\xff'", b"name = " + b"[" * 100_000):
        with pytest.raises(ScenarioRefused, match="It is no TOML"):
            read_scenario(content)


def test_two_audiences_of_one_name_are_refused() -> None:
    twice = [{"name": "worker", "members": 2_000}] * 2
    with pytest.raises(ScenarioRefused, match="Two have the same name"):
        build_scenario({"audiences": twice})


@given(st.integers(1, 52), st.integers(1, 10))
def test_surveys_keep_to_the_calendar(a_year: int, years: int) -> None:
    surveys = build_scenario({"surveys": {"a_year": a_year, "years": years, "burn_in": 0}}).surveys
    assert surveys.number == a_year * years
    days = [surveys.day(survey) for survey in range(surveys.number)]
    assert days[0] == 0
    assert days == sorted(set(days))
    assert all(surveys.day(year * a_year) == 365 * year for year in range(years))
