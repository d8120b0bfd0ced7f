"""`survey-service likelihood …`: the model of response likelihood, and how well it would have predicted."""

from pathlib import Path

import click
import msgspec

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.services.likelihood.evaluate_likelihood import evaluate_likelihood
from survey_service.services.likelihood.judge_likelihood import judge_likelihood, switch_likelihood
from survey_service.services.likelihood.permit_feature import forbid_feature, permit_feature
from survey_service.services.likelihood.review_likelihood import (
    LikelihoodReview,
    ModelReview,
    review_likelihood,
)
from survey_service.services.likelihood.train_likelihood import train_likelihood


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


@likelihood_group.command("train")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same model.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def train_command(seed: int, as_json: bool) -> None:
    """Judge the model so far on the waves that ended since, then train a new one on all of them."""
    run_with_database(lambda _: judge_likelihood())
    trained = run_with_database(lambda settings: train_likelihood(seed=seed, zone=settings.time_zone))
    if as_json:
        tell_json(trained)
        return
    click.echo(f"Model {trained.model}: {trained.chosen}, from {trained.rows} invitations.")
    click.echo(f"It is {'on' if trained.is_on else 'off'}. {trained.reason}")


@likelihood_group.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status_command(as_json: bool) -> None:
    """Say which model counts, how it did on waves it was not taught, and what it may know."""
    found = run_with_database(lambda _: review_likelihood())
    if as_json:
        tell_json({**msgspec.to_builtins(found), "in_use": found.is_in_use})
        return
    if found.newest is None:
        click.echo(
            "No model yet: strata are expected to answer as they did. Run: survey-service likelihood train"
        )
    else:
        _tell_model(found.newest)
    _tell_rest(found)


@likelihood_group.command("judge")
def judge_command() -> None:
    """Judge the newest model on every wave that ended since; it switches itself off where it is of no use."""
    click.echo(f"{run_with_database(lambda _: judge_likelihood())} waves judged.")


@likelihood_group.command("on")
@click.option("--reason", required=True, help="Why, for the record.")
def on_command(reason: str) -> None:
    """Use the newest model from now on."""
    run_with_database(lambda _: switch_likelihood(is_on=True, reason=reason))
    click.echo("On.")


@likelihood_group.command("off")
@click.option("--reason", required=True, help="Why, for the record.")
def off_command(reason: str) -> None:
    """Leave the model: strata are then expected to answer as they did."""
    run_with_database(lambda _: switch_likelihood(is_on=False, reason=reason))
    click.echo("Off.")


@likelihood_group.command("permit")
@click.argument("attribute")
@click.option("--record", required=True, help="Where in the data-protection record it is allowed.")
@click.option("--by", required=True, metavar="NAME/EMAIL", help="Who allows it.")
def permit_command(attribute: str, record: str, by: str) -> None:
    """Allow an ATTRIBUTE of people (or their language) as a feature. Without this none is one."""
    run_with_database(lambda _: permit_feature(attribute, record=record, by=by))
    click.echo(f"{attribute} may be a feature of the next model.")


@likelihood_group.command("forbid")
@click.argument("attribute")
@click.option("--by", required=True, metavar="NAME/EMAIL", help="Who forbids it.")
def forbid_command(attribute: str, by: str) -> None:
    """Take the permission of an ATTRIBUTE back. A model that was taught it is switched off."""
    stopped = run_with_database(lambda _: forbid_feature(attribute, by=by))
    click.echo(f"{attribute} is no feature any more." + (" The model is off." if stopped else ""))


def _tell_model(model: ModelReview) -> None:
    card = model.card
    click.echo(
        f"Model {model.model}: {card.chosen}, trained {model.trained_at.date()} on {card.rows} invitations "
        f"({card.answered} answered) sent {card.trained_from} to {card.trained_until}."
    )
    click.echo(f"It is {'on' if model.is_on else 'off'}. {model.reason}")
    if not model.is_readable:
        click.echo("Another version of the program made it: train a new one.", err=True)
    tell_table(("score", "value"), [(name, f"{value:.4f}") for name, value in card.scores.items()])
    rows = [
        (name, f"{one['invitations']:.0f}", f"{one['rate']:.1%}", f"{one['expected']:.1%}")
        for name, one in card.by_stratum.items()
    ]
    tell_table(("stratum", "predicted", "answered", "expected"), rows)
    click.echo(f"Features: {', '.join(card.features)}.")


def _tell_rest(found: LikelihoodReview) -> None:
    for one in found.verdicts:
        word = "better" if one.is_better else "no better"
        click.echo(
            f"Wave {one.wave} of {one.survey}: {word} than the last rate (Brier {one.brier:.4f} against "
            f"{one.base_brier:.4f}); {one.answered} of {one.invitations} answered, "
            f"{one.expected:.0f} were expected."
        )
    for permitted in found.permissions:
        click.echo(
            f"May be a feature: {permitted.attribute}, by {permitted.permitted_by} on "
            f"{permitted.permitted_at.date()} ({permitted.record})."
        )
