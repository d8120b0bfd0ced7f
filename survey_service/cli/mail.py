"""`survey-service mail …`: the outbox, sent and looked at."""

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json
from survey_service.services.send_mails import send_mails


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
