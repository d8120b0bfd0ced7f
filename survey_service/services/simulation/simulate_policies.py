"""What a year of surveys would do to a community under each policy.

Every policy meets the same made-up communities, with the same luck. Nothing here touches the register.
"""

from collections.abc import Callable

import msgspec
from threadpoolctl import threadpool_limits

from models import learning
from survey_service.domain.scenario import Scenario
from survey_service.services.simulation.simulation_community import make_community
from survey_service.services.simulation.simulation_measures import Measure, summarise_runs
from survey_service.services.simulation.simulation_policies import POLICIES
from survey_service.services.simulation.simulation_run import Run, run_surveys

Report = Callable[[int, int], None]
"""Told how many of how many surveys are done; what it raises ends the simulation."""


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """The measures of each policy, by the names of both, in the order in which they are shown."""

    scenario: Scenario
    policies: dict[str, dict[str, Measure]]


def simulate_policies(scenario: Scenario, report: Report) -> Simulation:
    """Run every policy on every community of a scenario."""
    total = len(POLICIES) * scenario.replications * scenario.surveys.number
    done = 0

    def after_each() -> None:
        nonlocal done
        done += 1
        report(done, total)

    runs: dict[str, list[Run]] = {name: [] for name in POLICIES}
    learning.load()
    # Communities are small: more threads would mostly wait for each other.
    with threadpool_limits(1):
        for replication in range(scenario.replications):
            community = make_community(scenario, replication)
            for name, make_policy in POLICIES.items():
                policy = make_policy(community, scenario)
                runs[name].append(run_surveys(policy, community, scenario, after_each=after_each))
    return Simulation(
        scenario=scenario,
        policies={name: summarise_runs(of_policy, scenario) for name, of_policy in runs.items()},
    )
