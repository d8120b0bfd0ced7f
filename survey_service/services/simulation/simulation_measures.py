"""What a simulation reports of a policy, each figure with its Monte Carlo standard error.

A measure is computed once per community and averaged over the communities; its standard error is their
standard deviation over the root of their number. The error of an estimate (root of a mean of squares) is
averaged as squares, and its standard error follows by linearisation. Formulas: docs/methods.md.
"""

from collections.abc import Sequence
from math import sqrt

import msgspec
import numpy as np

from sampling.arrays import FloatArray
from survey_service.domain.scenario import Scenario
from survey_service.services.simulation.simulation_run import Run


class Measure(msgspec.Struct, frozen=True):
    """A figure and how far the simulation itself may be off; None where nobody answered at all."""

    value: float | None
    se: float | None


ROOTS = frozenset({"weighted_rmse"})
"""Measures whose squares are averaged."""


def summarise_runs(runs: Sequence[Run], scenario: Scenario) -> dict[str, Measure]:
    """Return every measure of one policy, by name, in the order in which they are shown."""
    each = [measure_run(run, scenario) for run in runs]
    return {name: _average(name, np.array([one[name] for one in each])) for name in each[0]}


def measure_run(run: Run, scenario: Scenario) -> dict[str, float]:
    """Measure one community under one policy; in `ROOTS` the square."""
    surveys = run.surveys
    invited = sum(one.invited for one in surveys)
    mean = np.array([one.participation_mean for one in surveys])
    spread = np.array([one.participation_spread for one in surveys])
    years = scenario.surveys.number / scenario.surveys.a_year
    invitations = run.invitations / years
    minutes = run.completes * run.minutes / years
    raw = _points(np.array([one.raw for one in surveys]), run.truth)
    weighted = _points(np.array([one.weighted for one in surveys]), run.truth)
    return {
        "completes_per_100": 100.0 * sum(one.completes for one in surveys) / max(1, invited),
        "completes": sum(one.completes for one in surveys) / len(surveys),
        "invitations": invited / len(surveys),
        "missing": sum(one.missing for one in surveys) / len(surveys),
        "invitations_worst": float(invitations.max()),
        "invitations_p95": float(np.quantile(invitations, 0.95)),
        "minutes_mean": float(minutes.mean()),
        "minutes_worst": float(minutes.max()),
        "minutes_p95": float(np.quantile(minutes, 0.95)),
        "participation_cv": float(np.mean(spread / np.maximum(mean, 1e-12))),
        "r_indicator": float(np.mean(1.0 - 2.0 * spread)),
        "opted_out": 100.0 * run.opted_out,
        "raw_bias": _mean(raw),
        "weighted_bias": _mean(weighted),
        "weighted_rmse": _mean(weighted**2),
    }


def _points(estimates: FloatArray, truth: float) -> FloatArray:
    """Return how far the estimates that exist are off, in percentage points."""
    return 100.0 * (estimates[~np.isnan(estimates)] - truth)


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if values.size else float("nan")


def _average(name: str, values: FloatArray) -> Measure:
    if np.isnan(values).any():
        return Measure(None, None)
    value, se = float(values.mean()), float(values.std(ddof=1)) / sqrt(values.size)
    if name in ROOTS:
        root = sqrt(value)
        return Measure(root, se / (2.0 * root) if root else 0.0)
    return Measure(value, se)
