"""`survey-service mailchimp`: the newsletter's list, and a sandbox to try it against."""

import signal
from datetime import datetime
from pathlib import Path
from types import FrameType

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import API_KEY, LIST_ID
from survey_service.services.newsletter.clear_links import clear_links
from survey_service.services.newsletter.collect_signals import remove_signals
from survey_service.services.newsletter.connect_newsletter import MERGE_TAG, connect_newsletter
from survey_service.services.newsletter.draft_issue import draft_issue
from survey_service.services.newsletter.review_newsletter import review_newsletter
from survey_service.services.newsletter.sync_newsletter import sync_newsletter
from survey_service.services.newsletter.tend_newsletter import tend_links
from survey_service.services.newsletter.write_links import write_links

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_wave = click.option("--wave", type=click.IntRange(min=1), help="Its number (default: the newest).")


@click.group("mailchimp")
def mailchimp_group() -> None:
    """Connect the newsletter, pull its members, write and clear survey links."""


@mailchimp_group.command("connect")
@click.option("--list", "list_id", default="", help="Id of the list; needed when the account has several.")
@click.option("--merge-tag", default=MERGE_TAG, show_default=True, help="Our merge field; made when missing.")
@click.option("--no-webhook", is_flag=True, help="Hear of changes by pulls alone.")
@_json
def connect_command(list_id: str, merge_tag: str, no_webhook: bool, as_json: bool) -> None:
    """Connect the list of SURVEY_MAILCHIMP_API_KEY, or connect again after something changed."""
    done = run_with_database(
        lambda settings: connect_newsletter(
            settings, list_id=list_id, merge_tag=merge_tag.upper(), with_hook=not no_webhook
        )
    )
    if as_json:
        tell_json(done)
        return
    click.echo(f"Connected to {done.list_name} ({done.list_id}), {done.members} subscribers.")
    click.echo(f"Links go into *|{done.merge_tag}|*. Webhook: {done.hook}.")
    click.echo("Next: survey-service mailchimp sync --full")


@mailchimp_group.command("sync")
@click.option("--full", is_flag=True, help="Everybody, and compare; otherwise what changed.")
@_json
def sync_command(full: bool, as_json: bool) -> None:
    """Pull members. One that was broken off goes on where it was."""
    done = run_with_database(lambda settings: sync_newsletter(settings, kind="full" if full else "increment"))
    if as_json:
        tell_json(done)
        return
    click.echo(f"{done.seen} members seen on {done.pages} pages, {done.changed} changed.")
    if done.joined:
        click.echo(f"{done.joined} subscribers joined the register.")
    if done.vanished:
        click.echo(f"{done.vanished} were not in the list any more.")


@mailchimp_group.command("links")
@click.argument("survey")
@_wave
@click.option("--issue", type=click.DateTime(["%Y-%m-%d"]), help="Day of the issue (default: the next).")
@click.option(
    "--replicate", "replicates", type=click.IntRange(min=1), multiple=True,
    help="Only this part of the draw; may be given again (default: all that waits).",
)  # fmt: skip
@click.option("--reminder", is_flag=True, help="Remind those who were sent an invitation and did not answer.")
@click.option("--draft", is_flag=True, help="Also make a draft campaign for these people alone.")
@_json
def links_command(
    survey: str, wave: int | None, issue: datetime | None, replicates: tuple[int, ...], reminder: bool,
    draft: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write the survey links of a wave for an issue, and check them. Called again, it goes on."""
    done = run_with_database(
        lambda settings: write_links(
            survey,
            settings,
            wave=wave,
            kind="reminder" if reminder else "invitation",
            issue=issue.date() if issue else None,
            replicates=list(replicates) or None,
        )
    )
    made = run_with_database(lambda settings: draft_issue(survey, settings, wave=wave)) if draft else ""
    if as_json:
        tell_json(done)
        return
    click.echo(f"{done.confirmed} links stand for the issue of {done.issue}; {done.added} are new.")
    for reason, count in done.denied.items():
        click.echo(f"{count} get none: {reason}.")
    if made:
        click.echo(f"Draft: {made}. An editor looks at it and sends it; this program cannot.")
    if not done.ready:
        raise click.ClickException(f"Not ready: {done.problem}")
    click.echo("Ready: the editors may send.")


@mailchimp_group.command("clear")
@click.argument("survey")
@_wave
@_json
def clear_command(survey: str, wave: int | None, as_json: bool) -> None:
    """Take every link of a wave away, and look that none stands."""
    done = run_with_database(lambda settings: clear_links(survey, settings, wave=wave))
    if as_json:
        tell_json(done)
        return
    click.echo(f"{done.cleared} links taken away, {done.standing} left.")
    if done.problem:
        raise click.ClickException(done.problem)


@mailchimp_group.command("follow")
def follow_command() -> None:
    """Follow the calendar of issues now and do what is due; the worker does it each minute."""
    run_with_database(tend_links)
    click.echo("Calendar, reservations and links are up to date.")


@mailchimp_group.command("forget-signals")
@click.argument("reference")
def forget_signals_command(reference: str) -> None:
    """Note that a person does not agree to the use of clicks and opens, and delete what was kept."""
    count = run_with_database(lambda _: remove_signals(reference, source="command line"))
    click.echo(f"Noted. What was kept of {count} issues is deleted.")


@mailchimp_group.command("status")
@_json
def status_command(as_json: bool) -> None:
    """Say how the connection is."""
    found = run_with_database(lambda _: review_newsletter())
    if as_json:
        tell_json(found)
        return
    if found.connection is None:
        click.echo("Not connected. Run: survey-service mailchimp connect")
        return
    one = found.connection
    click.echo(f"{one.list_name} ({one.list_id}): {one.state} {one.state_reason}".rstrip())
    click.echo(f"Pulled {_moment(one.synced_at)}, compared {_moment(one.compared_at)}.")
    click.echo(f"Webhook {one.hook_state}; last event {_moment(found.health.last_at)}.")
    tell_table(("status", "members"), sorted(found.by_status.items()))
    for alarm in found.alarms:
        click.echo(f"Alarm ({alarm.times} times, last {_moment(alarm.last_at)}): {alarm.message}")


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "never"


@mailchimp_group.command("sandbox")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8899, show_default=True, help="0 takes a free one."
)
@click.option(
    "--file", type=click.Path(dir_okay=False, path_type=Path), help="Where the account is kept between runs."
)
@click.option(
    "--description", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Mailchimp's OpenAPI description: each request is then held against it.",
)  # fmt: skip
def sandbox_command(host: str, port: int, file: Path | None, description: Path | None) -> None:
    """Serve a stand-in for Mailchimp: no account is needed, and nothing leaves this machine."""
    server = SandboxServer(port, host=host, description=description, file=file)
    click.echo(f"Issues to look at:  {server.address}/", err=True)
    click.echo(f"SURVEY_MAILCHIMP_API_BASE={server.base}", err=True)
    click.echo(f"SURVEY_MAILCHIMP_API_KEY={API_KEY}   (list {LIST_ID})", err=True)
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass  # asked to stop
    finally:
        server.save()
        server.server_close()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
