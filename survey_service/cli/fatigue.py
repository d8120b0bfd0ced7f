"""`survey-service fatigue`: what one more ask costs, as far as it can be told."""

from datetime import UTC, datetime

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.services.likelihood.measure_fatigue import measure_fatigue


@click.command("fatigue")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def fatigue_command(as_json: bool) -> None:
    """Say what one more ask costs in answers, or that it cannot be told yet."""
    found = run_with_database(lambda settings: measure_fatigue(settings, at=datetime.now(UTC)))
    if as_json:
        tell_json(found)
        return
    rows = [
        (
            name.replace("_", " "),
            "cannot tell yet" if one.verdict == "cannot_tell" else f"{100 * one.effect:+.1f} points",
            "" if one.verdict == "cannot_tell" else f"{100 * one.low:+.1f} to {100 * one.high:+.1f}",
            one.reason.replace("_", " "),
            str(one.invitations),
        )
        for name, one in found.effects.items()
    ]
    tell_table(("outcome", "one more ask just before", "95 % interval", "why not", "invitations"), rows)
    if found.costs:
        tell_table(
            ("department", "invitations in a year", "answers lost to later asks", "95 % interval"),
            [
                (
                    one.department,
                    str(one.invitations),
                    f"{one.answers_lost:.0f}",
                    f"{one.low:.0f} to {one.high:.0f}",
                )
                for one in found.costs
            ],
        )
