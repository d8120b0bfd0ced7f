"""What is known of a survey's strata before it is planned: who is there, and how such people respond."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sampling.arrays import FloatArray, IntArray
from survey_service.db.budget import CellHistory
from survey_service.db.survey import SurveyStratum
from survey_service.domain.burden import invitation_seconds
from survey_service.domain.errors import LimitReached
from survey_service.domain.questionnaire import Form
from survey_service.services.likelihood.expect_response import CellExpectations, Response, expect_response
from survey_service.services.planning.contact_capacity import NOTHING, CellCapacity, add_up
from survey_service.services.planning.plan_request import PlanRequest
from survey_service.services.planning.share_invitations import effective_answers, score_strata


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known of H strata before a plan is made."""

    names: tuple[str, ...]
    population: IntArray
    available: IntArray
    expected: Response
    scores: FloatArray
    """Claims on invitations."""
    answer_scores: FloatArray
    least_asked: float
    model: int | None = None
    """The model that the response comes from."""

    @property
    def response(self) -> FloatArray:
        """Expected share of invitations answered, of each stratum."""
        return self.expected.rate

    def most_answers(self) -> IntArray:
        """Answers that asking everybody should bring; one at least where there is anybody."""
        most = np.floor(self.available * self.response).astype(np.int64)
        return np.where(self.available > 0, np.maximum(most, 1), 0)

    def reachable(self, places: IntArray | slice = slice(None)) -> float:
        """Answers of an even sample that all those of some strata are worth, when everybody is asked.

        A stratum that answers rarely counts for more than its answers, so this may be less than their sum.
        """
        answers = self.most_answers()[places].astype(np.float64)
        return round(effective_answers(answers, self.population[places]), 1)

    def places(self, names: Iterable[str]) -> IntArray:
        """Positions of strata."""
        return np.array([self.names.index(name) for name in names], dtype=np.int64)


def lay_ground(
    strata: Sequence[SurveyStratum],
    cells: Mapping[int, CellCapacity],
    history: Sequence[CellHistory],
    forms: Sequence[Form],
    request: PlanRequest,
    modelled: CellExpectations | None = None,
) -> Ground:
    """Put together what is known of the strata: who is there, and how such people respond."""
    sums = [add_up(cells.get(cell, NOTHING) for cell in one.cells) for one in strata]
    population = np.array([one.units for one in sums], dtype=np.int64)
    available = np.array([one.askable for one in sums], dtype=np.int64)
    if not available.sum():
        raise LimitReached("Nobody can be asked.", hint="Import contacts who consented to surveys first.")
    askable = {cell: one.askable for cell, one in cells.items()}
    expected = expect_response([one.cells for one in strata], askable, history, modelled)
    response = expected.rate
    planned = max(form.planned_seconds for form in forms)
    share = np.array([request.expected_shares.get(one.name, 0.5) for one in strata])
    cost = invitation_seconds + response * planned
    scores = score_strata(request.method, population, share, response, cost)
    return Ground(
        names=tuple(one.name for one in strata),
        population=population,
        available=available,
        expected=expected,
        scores=scores,
        # By cost the claim is on invitations, m; one on answers is r m. The others claim either alike.
        answer_scores=scores * response if request.method == "cost" else scores,
        least_asked=least_asked_share(forms),
        model=modelled.model if modelled is not None and expected.is_modelled.any() else None,
    )


def least_asked_share(forms: Sequence[Form]) -> float:
    """Return the share of respondents who get the least-asked block; 1 where everybody gets everything."""
    shares: dict[str, float] = {}
    for form in forms:
        for block in form.block_names:
            shares[block] = shares.get(block, 0.0) + form.share
    return min(1.0, min(shares.values(), default=1.0))
