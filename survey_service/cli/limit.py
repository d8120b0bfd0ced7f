"""`survey-service limit`: fewer invitations for one purpose, or for people of one kind."""

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.domain.contact_limit import ContactLimit
from survey_service.services.gate.set_limit import end_limit, list_limits, set_limit


@click.group("limit")
def limit_group() -> None:
    """Named limits: at most so many invitations for a purpose, or to people with an attribute."""


@limit_group.command("set")
@click.argument("name")
@click.option("--invitations", type=click.IntRange(min=1), required=True, help="Most of them.")
@click.option("--days", type=click.IntRange(min=1), default=365, help="In so many days (default: 365).")
@click.option("--purpose", default="", help="Counted over the surveys of this purpose (default: all).")
@click.option("--attribute", default="", metavar="NAME=VALUE", help="Of whoever has it (default: everybody).")
@click.option("--reason", required=True, help="Why, for everybody to read.")
def set_command(name: str, invitations: int, days: int, purpose: str, attribute: str, reason: str) -> None:
    """Set the limit NAME from now on."""
    word, _, value = attribute.partition("=")
    if attribute and not (word and value):
        raise click.UsageError(f"Expected NAME=VALUE; got {attribute!r}.")
    limit = ContactLimit(
        name=name, purpose=purpose, attribute=word, value=value, invitations=invitations, window_days=days
    )
    run_with_database(lambda _: set_limit(limit, reason=reason))
    click.echo(f"Set: {name}.")


@limit_group.command("end")
@click.argument("name")
def end_command(name: str) -> None:
    """End the limit NAME."""
    run_with_database(lambda _: end_limit(name))
    click.echo(f"Ended: {name}.")


@limit_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_command(as_json: bool) -> None:
    """List the limits that hold."""
    found = run_with_database(lambda _: list_limits())
    if as_json:
        tell_json({"limits": found})
        return
    rows = [
        (
            one.limit.name, one.limit.invitations, one.limit.window_days, one.limit.purpose or "any",
            f"{one.limit.attribute}={one.limit.value}" if one.limit.attribute else "everybody", one.reason,
        )
        for one in found
    ]  # fmt: skip
    tell_table(("limit", "invitations", "days", "purpose", "people", "reason"), rows)
