"""Allocation against the reference results: every case of allocation.json, by its own fields."""

import json
from typing import Any

import numpy as np
import pytest

from sampling.allocation import (
    allocate,
    allocation_loss,
    invitation_scores,
    neyman_scores,
    power_scores,
    proportional_scores,
)
from sampling.arrays import FloatArray
from tests.oracles.place import ORACLES, need_oracles

FILE = ORACLES / "allocation.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_bytes())["cases"] if FILE.exists() else []


def scores_of(case: dict[str, Any]) -> FloatArray:
    size = np.array(list(case["N"].values()))
    spread = np.array([case["S"][name] for name in case["N"]])
    kind, _, exponent = case["kind"].partition("_")
    if kind == "proportional":
        return proportional_scores(size)
    if kind == "power":
        return power_scores(size, spread, exponent=float(exponent))
    assert kind == "neyman"
    if exponent == "response":
        return invitation_scores(size, spread, np.array([case["response"][name] for name in case["N"]]))
    assert exponent == ""
    return neyman_scores(size, spread)


def test_there_are_cases() -> None:
    need_oracles()
    assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['n']}")
def test_allocation_equals_the_reference(case: dict[str, Any]) -> None:
    names = list(case["N"])
    scores = scores_of(case)
    np.testing.assert_allclose(scores, [case["A"][name] for name in names], rtol=1e-12)
    minimum = np.array([case["min"][name] for name in names])
    maximum = np.array([case["max"][name] for name in names])
    numbers = allocate(scores, case["n"], minimum=minimum, maximum=maximum)
    assert numbers.sum() == case["n"]
    assert (numbers >= minimum).all()
    assert (numbers <= maximum).all()
    assert allocation_loss(scores, numbers) == pytest.approx(case["loss"], rel=1e-9)
