"""`survey-service mailchimp`: the newsletter's list, and a sandbox to try it against."""

import signal
from pathlib import Path
from types import FrameType

import click

from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.integrations.mailchimp.sandbox.state import API_KEY, LIST_ID


@click.group("mailchimp")
def mailchimp_group() -> None:
    """Connect the newsletter, pull its members, write and clear survey links."""


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
