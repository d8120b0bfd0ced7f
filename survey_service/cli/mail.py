"""`survey-service mail …`: the outbox, sent and looked at."""

from datetime import UTC, datetime
from pathlib import Path

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.integrations.message_files.formats import load_formats
from survey_service.services.messages.export_messages import export_messages, read_message_results
from survey_service.services.messages.read_bounces import read_bounces
from survey_service.services.messages.review_outbox import review_outbox
from survey_service.services.messages.send_mails import send_mails


@click.group("mail")
def mail_group() -> None:
    """The mails that wait in the outbox. The worker sends them; these commands do it by hand."""


@mail_group.command("send")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def send_mail_command(as_json: bool) -> None:
    """Send what waits and is due, for at most a minute."""
    done = run_with_database(lambda settings: send_mails(settings))
    if as_json:
        tell_json(done)
        return
    if done.is_waiting:
        click.echo("Nothing sent: no mail server is set (SURVEY_SMTP_HOST), or a worker is sending just now.")
    click.echo(f"{done.sent} sent, {done.deferred} to be tried again, {done.failed} refused.")
    if done.problem:
        click.echo(done.problem, err=True)


@mail_group.command("bounces")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bounces_command(as_json: bool) -> None:
    """Read returned mails (SURVEY_BOUNCES) and mark addresses that take no mail."""
    done = run_with_database(lambda settings: read_bounces(settings, datetime.now(UTC)))
    if as_json:
        tell_json(done)
        return
    click.echo(f"{done.mails} mails read, {done.reports} reports among them.")
    click.echo(f"{done.unreachable} addresses take no mail; {done.soft} came back for another reason.")


@mail_group.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def mail_status_command(as_json: bool) -> None:
    """Say what waits, what went, what failed, and what the mail server said last."""
    found = run_with_database(review_outbox)
    if as_json:
        tell_json(found)
        return
    tell_table(
        ("channel", "kind", "state", "messages"),
        [(one.channel, one.kind, one.state, one.count) for one in found.counts],
    )
    click.echo(found.advice)


@mail_group.command("export")
@click.argument("file_format", metavar="FORMAT", type=click.Choice(list(load_formats())))
@click.argument("path", metavar="FILE.csv", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def export_command(file_format: str, path: Path, as_json: bool) -> None:
    """Write what waits for a program that sends it; from then on it counts as sent.

    The formats are unverified: see integrations/message_files/formats.toml.
    """
    done = run_with_database(lambda settings: export_messages(file_format, path, settings, datetime.now(UTC)))
    if as_json:
        tell_json(done)
        return
    click.echo(f"{done.messages} messages in {path}.")
    for reason, count in done.left_out.items():
        click.echo(f"{count} left out: {reason}.")


@mail_group.command("results")
@click.argument("file_format", metavar="FORMAT", type=click.Choice(list(load_formats())))
@click.argument("path", metavar="FILE.csv", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def results_command(file_format: str, path: Path, as_json: bool) -> None:
    """Read what the program says became of the messages."""
    done = run_with_database(
        lambda settings: read_message_results(file_format, path, settings, datetime.now(UTC))
    )
    if as_json:
        tell_json(done)
        return
    click.echo(
        f"{done.delivered} delivered, {done.pending} on their way, {done.not_delivered} not delivered."
    )
    click.echo(f"{done.unreachable} addresses take no messages; {done.unknown} rows are not ours.")
