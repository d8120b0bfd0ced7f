"""`survey-service demo`: everything once, on the customer's figures, through the real server."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from survey_service.cli.database import run_with_database
from survey_service.cli.serve import check_free, free_port
from survey_service.cli.telling import tell_table
from survey_service.demo import main_job
from survey_service.demo.alert_users import workbook_path
from survey_service.demo.community import write_community
from survey_service.demo.skyline import Skyline, prepare_skyline
from survey_service.domain.errors import SurveyServiceError
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer, serving
from survey_service.integrations.mailchimp.sandbox.state import API_KEY
from survey_service.services.messages.list_links import PersonalLink, list_links
from survey_service.services.own_page.own_page_links import own_page_links
from survey_service.services.results.summarise_survey import SurveySummary, summarise_survey
from survey_service.settings import Settings

DEMO_DATA = Path("var/demo")
START_SECONDS = 30


class DemoReport(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints beside the survey's own figures."""

    languages: tuple[str, ...]
    seconds: float
    newsletter_subscribers: int
    newsletter_links: int


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop after the summary.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Do nothing but write the made-up community and its questionnaire there, to try other commands on.",
)
def demo_command(no_serve: bool, as_json: bool, files: Path | None) -> None:
    """Import the community, draw, let people answer over HTTP, say what happened, then serve."""
    if files is not None:
        _write_files(files)
        return
    # Whatever ends this command ends the server, too: it would hold the port.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _demonstrate(no_serve=no_serve, as_json=as_json)
    except KeyboardInterrupt:
        click.echo("Stopping.", err=True)


def _demonstrate(*, no_serve: bool, as_json: bool) -> None:
    started = time.monotonic()
    settings = _demo_settings()
    if settings.port and not no_serve:
        check_free(settings.host, settings.port)
    say = _silence if as_json else click.echo
    say("Importing the community and drawing the sample …")
    prepared = run_with_database(main_job.prepare, settings)
    port = free_port(settings.host) if no_serve else settings.port or free_port(settings.host)
    settings = replace(settings, port=port, public_url=f"http://{settings.host}:{port}")
    with (
        serving(file=settings.data_dir / "mailchimp.json") as sandbox,
        _server(settings, sandbox) as server,
    ):
        # Never the account that a real key of the environment opens.
        settings = replace(settings, mailchimp_api_key=API_KEY, mailchimp_api_base=sandbox.base)
        say("Letting people answer …")
        main_job.let_people_answer(settings.public_url, prepared)
        run_with_database(main_job.count_doubted_answers, settings)
        summary = run_with_database(lambda _: summarise_survey(main_job.SURVEY), settings)
        say("Connecting Skyline to the sandbox …")
        skyline = run_with_database(lambda one: prepare_skyline(one, sandbox), settings)
        report = DemoReport(
            languages=main_job.LANGUAGES,
            seconds=round(time.monotonic() - started, 1),
            newsletter_subscribers=skyline.subscribers,
            newsletter_links=skyline.links,
        )
        if as_json:
            click.echo(msgspec.json.encode({**_fields(summary), **_fields(report)}).decode())
        else:
            _print_summary(summary, report)
        if no_serve:
            return
        links = run_with_database(lambda one: list_links(main_job.SURVEY, one), settings)
        waiting = next(
            (one for one in links if one.holder.state == "sent" and one.holder.language == "en"), None
        )
        _print_addresses(settings, prepared.password, waiting)
        _print_skyline(settings, sandbox.address, skyline)
        server.wait()


def _write_files(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_community(folder / "community.csv")
    shutil.copyfile(workbook_path, folder / "alert-users.xlsx")
    click.echo(f"Written to {folder}: community.csv, alert-users.xlsx.")


def _demo_settings() -> Settings:
    """Keep the demonstration's data apart from a real register, unless told where to."""
    settings = Settings.from_env()
    if not os.environ.get("SURVEY_DATA_DIR") and not settings.database_url:
        settings = replace(settings, data_dir=DEMO_DATA.absolute())
    return settings


@contextmanager
def _server(settings: Settings, sandbox: SandboxServer) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the real server as a process of its own for as long as the context lasts."""
    environment = os.environ | {
        "SURVEY_DATA_DIR": str(settings.data_dir),
        "SURVEY_PUBLIC_URL": settings.public_url,
        "SURVEY_MAILCHIMP_API_KEY": API_KEY,
        "SURVEY_MAILCHIMP_API_BASE": sandbox.base,
        "SURVEY_NEWSLETTER_SIGN_UP": sandbox.sign_up,
    }
    command = [
        sys.executable,
        "-m",
        "survey_service",
        "serve",
        "--host",
        settings.host,
        "--port",
        str(settings.port),
    ]
    server = subprocess.Popen(command, env=environment)  # noqa: S603 - our own program
    try:
        _wait_until_ready(server, settings)
        yield server
    finally:
        server.terminate()
        server.wait()


def _wait_until_ready(server: "subprocess.Popen[bytes]", settings: Settings) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and server.poll() is None:
        # Not urllib: it would ask a proxy of the environment for our own address.
        connection = http.client.HTTPConnection(settings.host, settings.port, timeout=2)
        try:
            connection.request("GET", "/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass  # not listening yet
        finally:
            connection.close()
        time.sleep(0.1)
    raise SurveyServiceError(
        f"The server did not start on {settings.public_url}.",
        hint="Set SURVEY_PORT to a free port if another program uses this one.",
    )


def _fields(struct: msgspec.Struct) -> dict[str, object]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _silence(_: str) -> None:
    """Say nothing: standard output belongs to the JSON object."""


def _print_summary(summary: SurveySummary, report: DemoReport) -> None:
    rows = [
        (name, one.N, one.drawn, one.answered, f"{one.rate:.1%}") for name, one in summary.by_stratum.items()
    ]
    rows.append(("all", summary.contacts, summary.drawn, summary.responses, f"{summary.response_rate:.1%}"))
    tell_table(("stratum", "in the register", "drawn", "answered", "rate"), rows)
    click.echo(f"Open link: {summary.open_link_responses} answers, kept apart from the sample.")
    click.echo(
        f"Busiest contact: {summary.max_invitations_per_contact} invitation, "
        f"{summary.max_burden_seconds} seconds asked."
    )
    click.echo(f"Languages: {', '.join(report.languages)}. Took {report.seconds} seconds.")


def _print_addresses(settings: Settings, password: str, waiting: PersonalLink | None) -> None:
    base = settings.public_url
    click.echo(f"\nStaff:          {base}/staff  ({main_job.STAFF_EMAIL}, {password})")
    if waiting:
        contact = waiting.holder.contact
        own = run_with_database(lambda one: own_page_links([contact], one), settings)
        click.echo(f"Personal link:  {base}{waiting.path}")
        click.echo(f"Own page:       {own[contact]}")
    click.echo(f"Open link:      {base}/o/{main_job.SURVEY}?from=website")


def _print_skyline(settings: Settings, sandbox: str, skyline: Skyline) -> None:
    click.echo(f"Skyline issue:  {sandbox}{skyline.issue}  (a link for {skyline.links} of its readers)")
    if skyline.reader:
        click.echo(f"A reader's:     {sandbox}{skyline.reader}")
    click.echo(
        "Send the issue there; then reservations become invitations with: "
        f"SURVEY_DATA_DIR={settings.data_dir} survey-service mailchimp follow"
    )
    click.echo("Stop with Ctrl-C.")
