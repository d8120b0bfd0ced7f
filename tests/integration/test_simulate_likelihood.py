"""The policies that use response likelihood: what they buy, what it costs, and that turns stay turns."""

import numpy as np

from survey_service.domain.scenario import build_scenario
from survey_service.services.simulation.simulate_policies import simulate_policies
from survey_service.services.simulation.simulation_community import make_community
from survey_service.services.simulation.simulation_history import Choice, History
from survey_service.services.simulation.simulation_likelihood import LikelihoodRotation
from survey_service.services.simulation.simulation_run import run_surveys

SMALL = {"audiences": [{"name": "worker", "members": 300}, {"name": "resident", "members": 100}]}


def test_likelihood_buys_evenness_before_weighting_and_short_forms_buy_answers() -> None:
    found = simulate_policies(build_scenario({"replications": 3}), lambda done, total: None)

    def of(policy: str, measure: str) -> float:
        value = found.policies[policy][measure].value
        assert value is not None
        return value

    assert of("likelihood", "raw_bias") < of("rotation", "raw_bias") - 1.0
    assert of("likelihood", "participation_cv") < of("rotation", "participation_cv") - 0.01
    # It asks more of those who rarely answer: fewer completes, and that is the price.
    assert of("likelihood", "completes_per_100") < of("rotation", "completes_per_100")
    assert of("split", "completes_per_100") > of("likelihood", "completes_per_100") + 1.0
    assert of("split", "minutes_mean") < 0.6 * of("likelihood", "minutes_mean")
    for policy in ("likelihood", "split"):
        assert of(policy, "invitations_worst") <= 4.0  # the gate's own limit
        assert of(policy, "missing") == 0.0


def test_likelihood_changes_how_many_of_a_cell_and_never_whose_turn_it_is() -> None:
    """Whoever is asked of a cell is next in its queue among those who may be asked, with or without it."""
    scenario = build_scenario(SMALL | {"surveys": {"sample": 120, "years": 2, "burn_in": 2}})
    community = make_community(scenario, 0)
    policy = LikelihoodRotation(community, scenario)
    numbers: list[np.ndarray] = []
    choose = policy.choose

    def look(survey: int, day: int, history: History) -> Choice:
        ticket, available = policy._frame.ticket.copy(), policy._available(day, history)
        choice = choose(survey, day, history)
        chosen = np.zeros(community.size, dtype=np.bool_)
        chosen[choice.invited] = True
        for cell in range(len(community.cells)):
            here = available & (community.cell == cell)
            if chosen[here].any() and not chosen[here].all():
                assert ticket[here & chosen].max() <= ticket[here & ~chosen].min()
        numbers.append(np.bincount(community.cell[choice.invited], minlength=len(community.cells)))
        return choice

    policy.choose = look  # type: ignore[method-assign]
    run_surveys(policy, community, scenario, after_each=lambda: None)
    assert not np.array_equal(numbers[0], numbers[-1])  # it did learn, and ask otherwise
