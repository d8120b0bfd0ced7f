"""The policies that a simulation compares.

A policy is an object that is told the day and what is known of the past, and says who is asked. A further
policy is one more class, one more line in `POLICIES` and its words on screen. Who is drawn is decided by the
service's own rotation (`sampling`) and the one place where rest and limits are judged (`unit_standing`), not
by a copy of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from sampling.allocation import allocate, proportional_scores
from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.availability import NEVER
from sampling.draw import draw_cells, draw_strata
from sampling.frame import Frame
from sampling.prn import permanent_numbers
from sampling.strata import Stratum
from survey_service.db.contact_standing import IN_FRAME, LEFT
from survey_service.domain.scenario import Scenario
from survey_service.services.simulation_community import Community, random_stream
from survey_service.services.unit_standing import ELIGIBLE, ContactRules, UnitStanding

WINDOW_DAYS = 365


@dataclass(slots=True)
class History:
    """What became of the n people so far: the invitations, flat and in order, and who has left."""

    active: BoolArray
    last_invited: IntArray
    member: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    sent: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    planned_seconds: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    answered: BoolArray = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    @classmethod
    def of(cls, size: int) -> "History":
        """Begin: everybody is there and nobody was ever asked."""
        return cls(np.ones(size, dtype=np.bool_), np.full(size, NEVER, dtype=np.int64))

    def add(self, day: int, invited: IntArray, planned_seconds: int, answered: BoolArray) -> None:
        """Write down one survey; `answered` tells of each of those invited."""
        self.last_invited[invited] = day
        self.member = np.concatenate([self.member, invited])
        self.sent = np.concatenate([self.sent, np.full(invited.shape, day)])
        self.planned_seconds = np.concatenate([self.planned_seconds, np.full(invited.shape, planned_seconds)])
        self.answered = np.concatenate([self.answered, answered])


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whom a policy asks."""

    invited: IntArray
    """Positions, shape (m,)."""
    probability: FloatArray
    """Of being asked, of everybody: 0 for those who left, shape (n,)."""
    missing: int
    """Invitations that were wanted and that nobody was available for."""


class Policy(Protocol):
    """One way to choose whom to ask."""

    def choose(self, survey: int, day: int, history: History) -> Choice:
        """Say who is asked in a survey."""


class AskEveryone:
    """Every survey goes to everybody who is still there."""

    def choose(self, survey: int, day: int, history: History) -> Choice:
        """Ask all."""
        return Choice(
            invited=np.flatnonzero(history.active), probability=history.active.astype(np.float64), missing=0
        )


class RandomSample:
    """Every survey draws a fresh simple random sample: new random numbers, and no gate."""

    def __init__(self, community: Community, scenario: Scenario) -> None:
        self._key = community.key
        self._sample = scenario.surveys.sample

    def choose(self, survey: int, day: int, history: History) -> Choice:
        """Draw from everybody at once, as if nobody had ever been asked."""
        u = random_stream(self._key, f"random sample|{survey}").random(history.active.size)
        frame = Frame(
            ids=np.arange(u.size), cell=np.zeros(u.size, dtype=np.int64), u=u, ticket=u,
            active=history.active, cells=("everybody",), clocks=np.zeros(1),
        )  # fmt: skip
        drawn = draw_cells(frame, history.active, {0: self._sample})
        share = drawn.selected.size / max(1, int(history.active.sum()))
        return Choice(
            invited=drawn.selected,
            probability=np.where(history.active, share, 0.0),
            missing=int(drawn.shortfall.sum()),
        )


class StratifiedRotation:
    """The service itself: audiences as strata, the ticket queue, rest and limits of the contact gate."""

    def __init__(self, community: Community, scenario: Scenario) -> None:
        self._key = community.key
        self._surveys = scenario.surveys
        self._rules = ContactRules(
            rest_days=scenario.limits.rest_days,
            cap_seconds=scenario.limits.seconds_a_year,
            window_days=WINDOW_DAYS,
            invitations=scenario.limits.invitations_a_year,
            form_seconds=scenario.surveys.planned_seconds,
        )
        self._audience_of_cell = community.audience_of_cell
        u = permanent_numbers(community.key, map(str, range(community.size)))
        self._frame = Frame(
            ids=np.arange(community.size), cell=community.cell, u=u, ticket=u.copy(),
            active=np.ones(community.size, dtype=np.bool_), cells=community.cells,
            clocks=np.zeros(len(community.cells)),
        )  # fmt: skip

    def choose(self, survey: int, day: int, history: History) -> Choice:
        """Draw the next of each queue, and move the queues on: what is drawn is sent at once."""
        frame = self._frame
        frame.active[:] = history.active
        strata = self._share_out()
        available = self._available(day, history)
        drawn = draw_strata(frame, available, strata, seed=self._key, survey=str(survey))
        frame.ticket[drawn.selected] = drawn.ticket_after
        frame.clocks[:] = drawn.clocks_after
        rate = np.zeros(len(frame.cells))
        for stratum, n, size in zip(strata, drawn.drawn, drawn.population, strict=True):
            rate[list(stratum.cells)] = n / size
        return Choice(
            invited=drawn.selected,
            probability=np.where(history.active, rate[frame.cell], 0.0),
            missing=self._surveys.sample - drawn.selected.size,
        )

    def _share_out(self) -> list[Stratum]:
        """Share the sample out over the audiences in proportion to who is still there, but for the least."""
        audiences, sample = self._audience_of_cell, self._surveys.sample
        population = np.bincount(audiences, weights=self._frame.population()).astype(np.int64)
        numbers = allocate(
            proportional_scores(population),
            min(sample, int(population.sum())),
            minimum=np.minimum(population, min(self._surveys.least, sample // population.size)),
            maximum=population,
        )
        return [
            Stratum(
                name=str(audience),
                cells=tuple(np.flatnonzero(audiences == audience).tolist()),
                asked=int(numbers[audience]),
            )
            for audience in np.flatnonzero(population)
        ]

    def _available(self, day: int, history: History) -> BoolArray:
        """Ask the contact gate about everybody at once. Nobody here pauses or was promised a day."""
        frame, size = self._frame, history.active.size
        never = np.full(size, NEVER, dtype=np.int64)
        standing = UnitStanding(
            rules=self._rules,
            ids=np.arange(size),
            cell=frame.cell,
            u=frame.u,
            ticket=frame.ticket,
            is_active=history.active,
            standing=np.where(history.active, IN_FRAME, LEFT),
            last_invited=history.last_invited,
            promised=never,
            resumes=never,
            frequency=np.full(size, self._rules.invitations),
            busy_until=never,
            past_unit=history.member,
            past_day=history.sent,
            past_seconds=history.planned_seconds,
        )
        available: BoolArray = standing.reasons(day) == ELIGIBLE
        return available


POLICIES: dict[str, Callable[[Community, Scenario], Policy]] = {
    "everyone": lambda community, scenario: AskEveryone(),
    "random": RandomSample,
    "rotation": StratifiedRotation,
}
"""In the order in which they are shown. Each community meets a fresh object."""
