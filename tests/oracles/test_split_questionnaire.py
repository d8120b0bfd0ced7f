"""Split questionnaires against the reference results: every case, by its own fields."""

import json
from typing import Any

import pytest

from sampling.split_forms import BLOCK_FLOOR, split_forms
from tests.oracles.place import ORACLES, need_oracles

FILE = ORACLES / "split_questionnaire.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_bytes())["cases"] if FILE.exists() else []
ALMOST = 1e-6


def test_there_are_cases() -> None:
    need_oracles()
    assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: "+".join(case["minutes"]))
def test_blocks_and_pairs_are_as_frequent_as_they_can_be(case: dict[str, Any]) -> None:
    plan = split_forms(
        case["minutes"], core_minutes=case["core_minutes"], limit_minutes=case["budget_minutes"]
    )
    best = case["best_min_module_share"]
    assert min(plan.block_share.values()) >= BLOCK_FLOOR * best - ALMOST
    wanted = case["then_best_min_pair_share_given_module_floor_0.8"]
    assert min(plan.pair_share.values()) >= wanted - ALMOST
    assert {"+".join(pair) for pair in plan.never_meet} == set(case["infeasible_pairs"])
    assert {"+".join(pair) for pair in plan.pair_share} == set(case["feasible_pairs"])
