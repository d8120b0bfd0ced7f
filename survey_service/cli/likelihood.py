"""`survey-service likelihood …`: the model of response likelihood, and how well it would have predicted."""

from pathlib import Path

import click
import msgspec

from survey_service.cli.telling import tell_json, tell_table
from survey_service.services.evaluate_likelihood import evaluate_likelihood


@click.group("likelihood")
def likelihood_group() -> None:
    """How likely an invitation is answered: it says how many to invite, never whom."""


@likelihood_group.command("evaluate")
@click.option(
    "--csv", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table with one row for each invitation.",
)  # fmt: skip
@click.option("--target", required=True, metavar="COL", help="Column that says who answered: 0 or 1.")
@click.option(
    "--time", metavar="COL", help="Column of the time: only the future is predicted, from its past."
)
@click.option(
    "--id", "person", metavar="COL", help="Column of the person: nobody teaches and is predicted at once."
)
@click.option("--stratum", metavar="COL", help="Column whose rates are used where data are few.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same scores.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate_command(
    path: Path,
    target: str,
    time: str | None,
    person: str | None,
    stratum: str | None,
    seed: int,
    as_json: bool,
) -> None:
    """Score the whole procedure on rows it was not taught, on any table."""
    found = evaluate_likelihood(path, target=target, time=time, person=person, stratum=stratum, seed=seed)
    told = msgspec.to_builtins(found)
    if as_json:
        tell_json(told)
        return
    left_out = told.pop("left_out")
    tell_table(
        ("score", "value"),
        [(name, f"{one:.4f}" if isinstance(one, float) else one) for name, one in told.items()],
    )
    for name, reason in left_out.items():
        click.echo(f"Left out: {name} ({reason}).")
