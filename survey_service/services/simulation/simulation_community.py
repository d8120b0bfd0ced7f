"""A made-up community for a simulation: who is in it, how gladly each answers, what each thinks.

A policy never sees what is in here beyond what a register knows: audience and age.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.prn import hash_bits
from survey_service.domain.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """n people in C cells, a cell being the people of one audience and age band."""

    key: str
    """Names this community; everything random about it or its surveys is derived from it."""
    cells: tuple[str, ...]
    audience_of_cell: IntArray
    """Position of each cell's audience in the scenario, shape (C,)."""
    cell: IntArray
    """Cell code of each person, shape (n,)."""
    log_odds: FloatArray
    """Of answering a form of the usual length while not tired, shape (n,)."""
    opinion: BoolArray
    """Whether each holds the opinion that the surveys estimate, shape (n,)."""

    @property
    def size(self) -> int:
        """Number of people."""
        return self.cell.size

    def population(self) -> IntArray:
        """People of each cell, shape (C,)."""
        return np.bincount(self.cell, minlength=len(self.cells))


def random_stream(key: str, purpose: str) -> np.random.Generator:
    """Random numbers of one purpose, the same whatever else was drawn before."""
    return np.random.default_rng(int(hash_bits(key, [purpose])[0]))


def make_community(scenario: Scenario, replication: int) -> Community:
    """Make one of a scenario's communities; the same replication gives the same people."""
    key = f"{scenario.seed}|{replication}"
    numbers = random_stream(key, "people")
    audience = np.repeat(
        np.arange(len(scenario.audiences)), [audience.members for audience in scenario.audiences]
    )
    shares = np.array([age.share for age in scenario.ages])
    age = numbers.choice(shares.size, size=audience.size, p=shares / shares.sum())
    hidden = numbers.standard_normal(audience.size)

    answering = np.array([one.answering for one in scenario.audiences])[audience]
    answering += np.array([one.answering for one in scenario.ages])[age]
    answering += scenario.answering.willingness * hidden
    thinking = np.array([one.opinion for one in scenario.audiences])[audience]
    thinking += np.array([one.opinion for one in scenario.ages])[age]
    thinking += scenario.opinion.willingness * hidden

    holds = to_share(_with_mean(thinking, scenario.opinion.share))
    return Community(
        key=key,
        cells=tuple(f"{one.name}|{band.name}" for one in scenario.audiences for band in scenario.ages),
        audience_of_cell=np.repeat(np.arange(len(scenario.audiences)), len(scenario.ages)),
        cell=audience * len(scenario.ages) + age,
        log_odds=_with_mean(answering, scenario.answering.rate),
        opinion=numbers.random(audience.size) < holds,
    )


def to_share(log_odds: FloatArray) -> FloatArray:
    """Return the probability of log-odds."""
    share: FloatArray = 1.0 / (1.0 + np.exp(-log_odds))
    return share


def _with_mean(log_odds: FloatArray, share: float) -> FloatArray:
    """Shift log-odds so that the mean probability is a share."""
    return log_odds + _bisect(lambda shift: float(to_share(log_odds + shift).mean()) - share)


def _bisect(rising: Callable[[float], float]) -> float:
    """Find where a rising function is 0; log-odds beyond 100 are as good as certain."""
    low, high = -100.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
