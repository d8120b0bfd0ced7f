"""`survey-service fieldwork`: release a draw part by part, remind, and stop when it is enough."""

from datetime import UTC, datetime

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.services.fieldwork.follow_fieldwork import FieldworkStatus
from survey_service.services.fieldwork.review_fieldwork import follow_newest
from survey_service.services.fieldwork.run_fieldwork import DAYS_BETWEEN, run_step, start_fieldwork, stop_now
from survey_service.settings import Settings


@click.group("fieldwork")
def fieldwork_group() -> None:
    """The fieldwork of a wave: parts of a draw, reminders, and the end when it is enough."""


@fieldwork_group.command("start")
@click.argument("slug")
@click.option("--wave", type=int, help="Number of the wave (default: the newest).")
@click.option("--margin", type=float, help="Points of each figure (default: the approved plan's, else 5).")
@click.option(
    "--days", default=DAYS_BETWEEN, show_default=True, help="Between two parts, and before a reminder."
)
def start_command(slug: str, wave: int | None, margin: float | None, days: int) -> None:
    """Begin: draw with --reserve before. The worker carries it on."""
    share = None if margin is None else margin / 100
    facts = run_with_database(
        lambda settings: start_fieldwork(slug, settings, wave=wave, margin=share, days_between=days)
    )
    groups = "; ".join(" + ".join(group) for group in facts.groups)
    click.echo(f"{slug}, wave {facts.number}: ±{100 * facts.margin:g} points for {groups}.")


@fieldwork_group.command("status")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status_command(slug: str, as_json: bool) -> None:
    """Say how far the newest wave is, what is next, and what stopping now would give."""
    now = datetime.now(UTC)
    status = run_with_database(lambda settings: follow_newest(slug, settings, at=now))
    if as_json:
        tell_json(status)
        return
    tell_table(
        ("stratum", "in the register", "released", "answered", "waiting", "kept back", "next reminder"),
        [
            (
                one.name, one.population, one.released, one.answered, one.waiting, one.reserved,
                status.reminders[one.name].verdict.replace("_", " ") if one.name in status.reminders else "",
            )
            for one in status.strata
        ],
    )  # fmt: skip
    tell_table(
        ("figure", "margin now", "needed", "margin if all is sent", "invitations kept back"),
        [
            (
                " + ".join(group.strata), _points(group.margin), f"±{100 * status.facts.margin:.1f}",
                _points(stop.margin_then), stop.saved_invitations,
            )
            for group, stop in zip(status.progress.groups, status.stop_now, strict=True)
        ],
    )  # fmt: skip


@fieldwork_group.command("run")
@click.argument("slug")
def run_command(slug: str) -> None:
    """Do now what is due in the newest wave, as the worker does every quarter of an hour."""

    async def run(settings: Settings) -> str:
        now = datetime.now(UTC)
        status: FieldworkStatus = await follow_newest(slug, settings, at=now)
        done = await run_step(status.facts.wave, settings, at=now)
        return f"{done.step}: {done.count}"

    click.echo(run_with_database(run))


@fieldwork_group.command("stop")
@click.argument("slug")
def stop_command(slug: str) -> None:
    """Give back what was not sent. Links that are out go on working."""

    async def stop(settings: Settings) -> int:
        now = datetime.now(UTC)
        status = await follow_newest(slug, settings, at=now)
        return await stop_now(status.facts.wave, settings, at=now)

    click.echo(f"{run_with_database(stop)} invitations given back.")


def _points(margin: float | None) -> str:
    return "–" if margin is None else f"±{100 * margin:.1f}"
