"""`survey-service serve`: the web server."""

import errno
import socket

import click
from granian import Granian
from granian.constants import Interfaces, Loops

from survey_service.app import create_app
from survey_service.cli.database import run_with_database
from survey_service.domain.errors import SurveyServiceError
from survey_service.settings import Settings


def free_port(host: str) -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def check_free(host: str, port: int) -> None:
    """Refuse a port that another program listens on: two servers would share its visitors by chance."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SurveyServiceError(f"This machine cannot listen on {host}: {error.strerror}.") from None
            raise SurveyServiceError(
                f"Another program listens on {host}:{port} already.",
                hint="Stop it, or set SURVEY_PORT (or --port) to a free port.",
            ) from None


async def _read_settings(settings: Settings) -> Settings:
    """Refuse what would only fail in a worker process, where nobody reads the reason."""
    create_app(settings)
    return settings


@click.command("serve")
@click.option("--workers", type=click.IntRange(1, 64), help="Web processes (default: SURVEY_WORKERS).")
@click.option("--host", help="Address to listen on (default: SURVEY_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
def serve_command(workers: int | None, host: str | None, port: int | None) -> None:
    """Serve the public pages, the staff pages and the API."""
    settings = run_with_database(_read_settings)
    address = host or settings.host
    chosen = settings.port if port is None else port
    chosen = chosen or free_port(address)
    check_free(address, chosen)
    click.echo(f"Listening on http://{address}:{chosen}", err=True)
    Granian(
        "survey_service.app:create_app_from_env",
        address=address,
        port=chosen,
        interface=Interfaces.ASGI,
        workers=workers or settings.workers,
        loop=Loops.uvloop,
        factory=True,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=20,
        respawn_failed_workers=True,
    ).serve()
