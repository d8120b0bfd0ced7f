import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from survey_service.domain.dispositions import (
    Dispositions,
    estimate_eligible_share,
    judge_completeness,
    response_rates,
)

letters = {
    "I": "complete",
    "P": "partial",
    "R": "refusal",
    "NC": "non_contact",
    "O": "other",
    "UH": "unknown_household",
    "UO": "unknown_other",
}


def read_cases() -> list[dict[str, Any]]:
    path = Path(os.environ.get("ORACLES", "../shared/oracles")) / "estimates.json"
    if not path.exists():
        if "CI" in os.environ:
            pytest.fail(f"the reference results are not at {path}; set ORACLES")
        pytest.skip(f"no reference results at {path}; set ORACLES to compare with them")
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["stat"] == "aapor_rates"]


def test_rates_agree_with_every_reference_case() -> None:
    cases = read_cases()
    assert cases
    for case in cases:
        arguments = case["args"]
        counts = Dispositions(**{letters[key]: n for key, n in arguments.items() if key != "e"})
        rates = msgspec.to_builtins(response_rates(counts, eligible_share=arguments["e"]))
        for name, expected in case["result"].items():
            wanted = None if expected is None else pytest.approx(expected, rel=1e-8)
            assert rates[name] == wanted, f"{case['id']} {name}"


def test_the_response_rate_of_the_survey_of_alert_users() -> None:
    rates = response_rates(Dispositions(complete=937, non_contact=6_409 - 937))

    assert pytest.approx(0.1462, abs=5e-5) == rates.RR1
    assert rates.COOP1 == 1
    assert rates.REF1 == 0


def test_with_nobody_asked_there_are_no_rates() -> None:
    assert set(msgspec.to_builtins(response_rates(Dispositions())).values()) == {None}


def test_unknown_cases_count_as_eligible_as_far_as_is_estimated() -> None:
    share = estimate_eligible_share(eligible=80, ineligible=20)
    counts = Dispositions(complete=50, non_contact=50, unknown_other=100)

    assert share == 0.8
    assert estimate_eligible_share(eligible=0, ineligible=0) == 1
    assert pytest.approx(50 / 180) == response_rates(counts, eligible_share=share).RR3


@pytest.mark.parametrize(
    ("answered", "applicable", "expected"),
    [
        (5, 5, "complete"),
        (4, 5, "complete"),
        (3, 5, "partial"),
        (2, 4, "partial"),
        (79, 100, "partial"),
        (49, 100, "break_off"),
        (0, 5, "break_off"),
        (0, 0, "complete"),
    ],
)
def test_an_answered_form_is_complete_partial_or_broken_off(
    answered: int, applicable: int, expected: str
) -> None:
    assert judge_completeness(answered=answered, applicable=applicable) == expected
