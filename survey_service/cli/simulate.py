"""`survey-service simulate`: what a year of surveys would do to a community under each policy."""

from pathlib import Path
from time import perf_counter

import click
import msgspec

from survey_service.cli.telling import show_progress, tell_json, tell_table
from survey_service.domain.scenario import Scenario, read_scenario
from survey_service.services.simulation.simulate_policies import simulate_policies
from survey_service.web.staff.simulation_picture import picture_file
from survey_service.web.staff.simulation_words import assumption_words, measure_words, policy_words


def check_folder(_: click.Context, __: click.Parameter, value: Path | None) -> Path | None:
    """Refuse before the work what could not be written after it."""
    if value is not None and not value.parent.is_dir():
        raise click.BadParameter(f"The folder {value.parent} does not exist.")
    return value


@click.command("simulate")
@click.argument("scenario", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replications", type=click.IntRange(2, 1_000), help="Made-up communities (default: the scenario's)."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE.svg",
    callback=check_folder,
    help="Write the bars to a file, too.",
)
def simulate_command(
    scenario: Path | None, replications: int | None, as_json: bool, picture: Path | None
) -> None:
    """Compare asking everyone, random samples and stratified rotation in made-up communities.

    SCENARIO is a TOML file of the form of docs/scenarios/default.toml; without one that scenario is run.
    The register is not touched.
    """
    chosen = read_scenario(scenario.read_bytes()) if scenario else Scenario()
    if replications:
        chosen = msgspec.structs.replace(chosen, replications=replications)
    started = perf_counter()
    with show_progress("Asking") as report:
        simulation = simulate_policies(chosen, report)
    seconds = round(perf_counter() - started, 2)
    if picture:
        picture.write_text(picture_file(simulation), encoding="utf-8")
    assumptions = assumption_words(chosen)
    if as_json:
        told = {
            "scenario": chosen.name, "seed": chosen.seed, "replications": chosen.replications,
            "policies": simulation.policies, "assumptions": assumptions, "seconds": seconds,
        }  # fmt: skip
        tell_json(told)
        return
    labels = policy_words()
    rows = [
        (words.label, *(words.write(found[name]) for found in simulation.policies.values()))
        for name, words in measure_words().items()
    ]
    tell_table((chosen.name, *(labels[policy] for policy in simulation.policies)), rows)
    click.echo("Assumed:\n" + "\n".join(f"- {line}" for line in assumptions))
