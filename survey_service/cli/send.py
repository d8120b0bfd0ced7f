"""`survey-service send`, `cancel`, `freeze`, `thaw`, `skyline`: what leaves the house, and what holds it."""

from datetime import datetime

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.domain.contact_gate import kinds
from survey_service.services.gate.freeze_contact import (
    describe_scope,
    freeze_contact,
    list_freezes,
    thaw_contact,
)
from survey_service.services.messages.send_invitations import send_invitations
from survey_service.services.newsletter.plan_issues import add_issue, list_issues, remove_issue
from survey_service.services.rotation.cancel_invitations import cancel_invitations

_wave = click.option("--wave", type=click.IntRange(min=1), help="Its number (default: the newest).")
_replicates = click.option(
    "--replicate", "replicates", type=click.IntRange(min=1), multiple=True,
    help="Only this part of the draw; may be given again (default: all that waits).",
)  # fmt: skip
_kind = click.option("--kind", type=click.Choice(kinds), help="Only this kind of message (default: all).")
_purpose = click.option("--purpose", default="", help="Only surveys of this purpose (default: whatever for).")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command("send")
@click.argument("survey")
@_wave
@_replicates
@_json
def send_command(survey: str, wave: int | None, replicates: tuple[int, ...], as_json: bool) -> None:
    """Send the invitations a draw has reserved; the gate is asked again for each."""
    sent = run_with_database(
        lambda settings: send_invitations(survey, settings, wave=wave, replicates=list(replicates) or None)
    )
    if as_json:
        tell_json(sent)
        return
    click.echo(f"{sent.sent} sent of wave {sent.wave}.")
    for reason, count in sent.cancelled.items():
        click.echo(f"{count} given back: {reason}.")


@click.command("cancel")
@click.argument("survey")
@_wave
@_replicates
def cancel_command(survey: str, wave: int | None, replicates: tuple[int, ...]) -> None:
    """Give back the invitations of a wave that were reserved and not sent."""
    count = run_with_database(
        lambda settings: cancel_invitations(survey, settings, wave=wave, replicates=list(replicates) or None)
    )
    click.echo(f"{count} given back.")


@click.command("freeze")
@click.option("--reason", help="The incident or period, for everybody to read.")
@_kind
@_purpose
@click.option("--list", "is_list", is_flag=True, help="Say what is frozen, and change nothing.")
def freeze_command(reason: str | None, kind: str | None, purpose: str, is_list: bool) -> None:
    """Stop all messages at once, or one kind or purpose of them, until `thaw`."""
    if is_list:
        active = run_with_database(lambda _: list_freezes())
        rows = [
            (describe_scope(one.kind, one.purpose), f"{one.starts_at:%Y-%m-%d %H:%M}", one.reason)
            for one in active
        ]
        tell_table(("what", "since", "reason"), rows)
        return
    if not reason:
        raise click.UsageError("Say why: --reason TEXT")
    run_with_database(lambda _: freeze_contact(reason, kind, purpose=purpose))
    click.echo(f"Frozen: {describe_scope(kind, purpose)}. It ends with `survey-service thaw`.")


@click.command("thaw")
@_kind
@_purpose
def thaw_command(kind: str | None, purpose: str) -> None:
    """End a freeze. Queued messages then go in the order in which they were queued."""
    run_with_database(lambda _: thaw_contact(kind, purpose=purpose))
    click.echo(f"Thawed: {describe_scope(kind, purpose)}.")


@click.group("skyline")
def skyline_group() -> None:
    """The days of the newsletter's issues, around which nothing else is sent."""


@skyline_group.command("add")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
def add_issue_command(day: datetime) -> None:
    """Note an issue."""
    run_with_database(lambda _: add_issue(day.date()))
    click.echo(f"Issue of {day.date()} noted.")


@skyline_group.command("remove")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
def remove_issue_command(day: datetime) -> None:
    """Forget an issue that will not appear."""
    run_with_database(lambda _: remove_issue(day.date()))
    click.echo(f"Issue of {day.date()} removed.")


@skyline_group.command("list")
def list_issues_command() -> None:
    """Name the days of all issues."""
    for day in run_with_database(lambda _: list_issues()):
        click.echo(day.isoformat())
