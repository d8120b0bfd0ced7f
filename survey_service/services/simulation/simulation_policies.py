"""The policies that a simulation compares.

A policy is an object that is told the day and what is known of the past, and says who is asked. A further
policy is one more class, one more line in `POLICIES` and its words on screen. Who is drawn is decided by the
service's own rotation (`sampling`) and the one place where rest and limits are judged (`unit_standing`), not
by a copy of them; how many by the service's own response likelihood (`models`).
"""

from collections.abc import Callable

import numpy as np

from sampling.draw import draw_cells
from sampling.frame import Frame
from survey_service.domain.scenario import Scenario
from survey_service.services.simulation.simulation_community import Community, random_stream
from survey_service.services.simulation.simulation_history import Choice, History, Policy
from survey_service.services.simulation.simulation_likelihood import LikelihoodRotation, SplitForms
from survey_service.services.simulation.simulation_rotation import StratifiedRotation


class AskEveryone:
    """Every survey goes to everybody who is still there."""

    def __init__(self, scenario: Scenario) -> None:
        self.minutes = scenario.surveys.minutes

    def choose(self, survey: int, day: int, history: History) -> Choice:
        """Ask all."""
        return Choice(
            invited=np.flatnonzero(history.active), probability=history.active.astype(np.float64), missing=0
        )


class RandomSample:
    """Every survey draws a fresh simple random sample: new random numbers, and no gate."""

    def __init__(self, community: Community, scenario: Scenario) -> None:
        self.minutes = scenario.surveys.minutes
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


POLICIES: dict[str, Callable[[Community, Scenario], Policy]] = {
    "everyone": lambda community, scenario: AskEveryone(scenario),
    "random": RandomSample,
    "rotation": StratifiedRotation,
    "likelihood": LikelihoodRotation,
    "split": SplitForms,
}
"""In the order in which they are shown. Each community meets a fresh object."""
