"""`survey-service forecast`, `draw` and `replay`."""

from datetime import datetime

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.domain.errors import SurveyServiceError
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.services.rotation.forecast_survey import forecast_survey
from survey_service.services.rotation.replay_draw import replay_draw

_DAY = click.DateTime(["%Y-%m-%d"])
_at = click.option("--at", type=_DAY, metavar="DATE", help="The day it counts for (default: today).")
_n = click.option(
    "--n", type=click.IntRange(min=1), help="Invitations (default: for +-5 points at 15 % response)."
)
_seed = click.option("--seed", help="Key of the draw's random parts (default: the wave's own, recorded).")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command("forecast")
@click.argument("survey")
@_at
@_n
@_seed
@_json
def forecast_command(
    survey: str, at: datetime | None, n: int | None, seed: str | None, as_json: bool
) -> None:
    """Say who could be drawn, who could not and why, and from when there are enough again."""
    day = at.date() if at else None
    found = run_with_database(lambda settings: forecast_survey(survey, settings, at=day, n=n, seed=seed))
    if as_json:
        tell_json(found)
        return
    rows = [
        (
            name, one.N, one.needed, one.eligible, one.shortfall,
            ", ".join(f"{reason} {count}" for reason, count in one.excluded.items() if count) or "-",
            one.next_feasible
            or ("not while they are reserved" if one.excluded["has_open_link"] else "never"),
        )
        for name, one in found.by_stratum.items()
    ]  # fmt: skip
    tell_table(("stratum", "N", "needed", "eligible", "missing", "excluded", "feasible from"), rows)
    click.echo(f"Frame {found.frame_hash[:16]}; nearest days: {', '.join(found.dates) or 'none'}.")
    budget = found.budget
    click.echo(
        f"Invitations of the year: {budget.used} of {budget.capacity} used, {budget.after} after this."
    )
    if found.needs_approval:
        click.echo(f"It needs an approved plan: survey-service budget price {survey}, then budget approve.")


@click.command("draw")
@click.argument("survey")
@_at
@_seed
@_n
@click.option("--expect", metavar="HASH", help="Draw only from the frame a forecast named.")
@click.option("--reserve", is_flag=True, help="Only reserve; `survey-service send` sends.")
@_json
def draw_command(
    survey: str,
    at: datetime | None,
    seed: str | None,
    n: int | None,
    expect: str | None,
    reserve: bool,
    as_json: bool,
) -> None:
    """Draw the next wave of an open survey and invite everybody drawn."""
    day = at.date() if at else None
    drawn = run_with_database(
        lambda settings: draw_wave(
            survey, settings, at=day, seed=seed, n=n, expected_frame=expect, reserve_only=reserve
        )
    )
    if as_json:
        tell_json(drawn)
        return
    rows = [(name, one.N, one.asked, one.drawn, one.shortfall) for name, one in drawn.by_stratum.items()]
    tell_table(("stratum", "N", "asked", "drawn", "shortfall"), rows)
    click.echo(
        f"Draw {drawn.draw}: {len(drawn.members)} {'reserved' if reserve else 'invited'}, seed {drawn.seed}."
    )


@click.command("replay")
@click.argument("draw", type=int)
@_json
def replay_command(draw: int, as_json: bool) -> None:
    """Make a draw again from its seed and frozen frame, and compare."""
    replay = run_with_database(lambda _: replay_draw(draw))
    if as_json:
        tell_json(replay)
    if not replay.identical:
        differences = "" if as_json else "\n" + "\n".join(replay.differences)
        raise SurveyServiceError(f"Draw {draw} came out otherwise.{differences}")
    if not as_json:
        click.echo(f"Draw {draw} is identical: {replay.members} members, frame {replay.frame_hash[:16]}.")
