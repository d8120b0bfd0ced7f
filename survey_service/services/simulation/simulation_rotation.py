"""The service's own way to draw, as a policy of the simulation."""

import numpy as np

from sampling.allocation import allocate, proportional_scores
from sampling.arrays import BoolArray
from sampling.availability import NEVER
from sampling.draw import draw_strata
from sampling.frame import Frame
from sampling.prn import permanent_numbers
from sampling.strata import Stratum
from survey_service.db.contact_standing import IN_FRAME, LEFT
from survey_service.domain.scenario import Scenario, planned_seconds
from survey_service.services.gate.unit_standing import ELIGIBLE, ContactRules, UnitStanding
from survey_service.services.simulation.simulation_community import Community
from survey_service.services.simulation.simulation_history import Choice, History

WINDOW_DAYS = 365


class StratifiedRotation:
    """The service itself: audiences as strata, the ticket queue, rest and limits of the contact gate."""

    def __init__(self, community: Community, scenario: Scenario, *, minutes: float | None = None) -> None:
        self.minutes = scenario.surveys.minutes if minutes is None else minutes
        self._key = community.key
        self._surveys = scenario.surveys
        self._rules = ContactRules(
            rest_days=scenario.limits.rest_days,
            cap_seconds=scenario.limits.seconds_a_year,
            window_days=WINDOW_DAYS,
            invitations=scenario.limits.invitations_a_year,
            form_seconds=planned_seconds(self.minutes),
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
        available = self._available(day, history)
        strata = self._share_out(day, history, available)
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

    def _share_out(self, day: int, history: History, available: BoolArray) -> list[Stratum]:
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
            in_arm=np.zeros(size, dtype=np.bool_),
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
