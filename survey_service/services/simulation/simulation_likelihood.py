"""Two more policies: response likelihood decides how many of each stratum are asked, and forms are split.

Strata are audience by age. The model is the service's logistic one, taught on what was known at each past
invitation; its level is set anew by every survey. It sets numbers so that answers come in proportion to the
people of each stratum. Who is asked stays the rotation's business.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import expit

from models.arrays import BoolArray, FloatArray
from models.candidates import fit_candidate, log_odds, make_candidate
from models.features import Features, informative
from models.invitation_history import DAY, NOT_YET, Past, known_before
from models.scores import TINY, shift_to_rate
from sampling.allocation import allocate
from sampling.invitations import LEAST_RESPONSE
from sampling.strata import Stratum
from survey_service.domain.scenario import Scenario
from survey_service.services.simulation.simulation_community import Community
from survey_service.services.simulation.simulation_history import Choice, History
from survey_service.services.simulation.simulation_rotation import StratifiedRotation

TAUGHT_SURVEYS = 8
"""The newest surveys that teach the model."""
EVERY = 4
"""It is taught anew with every fourth survey."""
LEAST_ANSWERS = 100
"""Without so many answers strata are asked in proportion to their people."""


class LikelihoodRotation(StratifiedRotation):
    """Stratified rotation in which likelihood decides how many of each stratum are asked."""

    def __init__(self, community: Community, scenario: Scenario, *, minutes: float | None = None) -> None:
        super().__init__(community, scenario, minutes=minutes)
        self._rows: list[FloatArray] = []
        """What was known of those each survey asked, when it asked them, in the order of the history."""
        self._model: Any = None
        self._names: tuple[str, ...] = ()

    def choose(self, survey: int, day: int, history: History) -> Choice:
        """Look at everybody as an invitation of today would find them, draw, and remember how that looked."""
        self._known = self._describe(day, history)
        choice = super().choose(survey, day, history)
        if choice.invited.size:
            self._rows.append(self._known.matrix[choice.invited])
        return choice

    def _share_out(self, day: int, history: History, available: BoolArray) -> list[Stratum]:
        """Share the sample so that the answers expected are in proportion to the people of each cell."""
        frame = self._frame
        population = frame.population()
        rate = self._expect(history, available)
        reachable = np.bincount(frame.cell[available], minlength=population.size)
        sample = min(self._surveys.sample, int(reachable.sum()))
        numbers = allocate(
            population / np.maximum(rate, LEAST_RESPONSE),
            sample,
            minimum=np.minimum(reachable, min(1, sample // population.size)),
            maximum=reachable,
        )
        return [
            Stratum(name=str(cell), cells=(cell,), asked=int(numbers[cell]))
            for cell in np.flatnonzero(population).tolist()
        ]

    def _describe(self, day: int, history: History) -> Features:
        size, none = history.active.size, np.empty(0, dtype=np.int64)
        past = Past(
            invited=history.member, sent=history.sent * DAY,
            answered=np.where(history.answered, (history.sent + 1) * DAY, NOT_YET),
            burdened=history.member, charged=history.sent * DAY, planned=history.planned_seconds,
            is_reminder=np.zeros_like(history.member), signalled=none, signal_at=none, clicks=none,
        )  # fmt: skip
        known = known_before(past, np.arange(size), np.full(size, day * DAY))
        return Features(
            names=("stratum", *known),
            matrix=np.column_stack([self._frame.cell, *known.values()]),
            is_category=np.array([True] + [False] * len(known), dtype=np.bool_),
            categories={"stratum": self._frame.cells},
        )

    def _expect(self, history: History, available: BoolArray) -> FloatArray:
        """Return the mean likelihood of the available people of each cell; 1 while nothing was learned."""
        if history.answered.sum() < LEAST_ANSWERS or not available.any():
            return np.ones(len(self._frame.cells))
        rows = np.concatenate(self._rows[-TAUGHT_SURVEYS:])
        answered = history.answered[-rows.shape[0] :]
        if (self._model is None or len(self._rows) % EVERY == 0) and 0 < answered.sum() < answered.size:
            taught = informative(replace(self._known, matrix=rows))
            self._names = taught.names
            self._model = fit_candidate(
                make_candidate("logistic", taught, stratum=None, seed=0), taught.matrix, answered
            )
        if self._model is None:
            return np.ones(len(self._frame.cells))
        newest = self._rows[-1].shape[0]
        odds = self._odds(rows[-newest:])
        level = (answered[-newest:].sum() + 0.5) / (newest + 1.0)
        shift = shift_to_rate(np.clip(expit(odds), TINY, 1 - TINY), float(level))
        likely = expit(self._odds(self._known.matrix[available]) + shift)
        cell, cells = self._frame.cell[available], len(self._frame.cells)
        people = np.bincount(cell, minlength=cells)
        total = np.bincount(cell, weights=likely, minlength=cells)
        return np.divide(total, people, out=np.ones(cells), where=people > 0)

    def _odds(self, matrix: FloatArray) -> FloatArray:
        columns = [self._known.names.index(name) for name in self._names]
        return log_odds(self._model, matrix[:, columns])


class SplitForms(LikelihoodRotation):
    """The same with the questionnaire's blocks shared out over shorter forms."""

    def __init__(self, community: Community, scenario: Scenario) -> None:
        super().__init__(community, scenario, minutes=scenario.surveys.split_minutes)
