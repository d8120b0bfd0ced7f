"""`survey-service survey`: questionnaires in and out, surveys opened and closed."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from survey_service.app import brand_of
from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.db import survey
from survey_service.db.served_form import ServedVersion
from survey_service.services.answers.mix_answers import Mix, mix_answers
from survey_service.services.gate.set_limit import set_purpose
from survey_service.services.questionnaires.find_repeats import newest_version_of
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.list_repeats import list_repeats
from survey_service.services.questionnaires.manage_survey import (
    close_survey,
    export_survey,
    get_survey,
    open_survey,
)
from survey_service.services.questionnaires.split_survey import preview_split
from survey_service.settings import Settings
from survey_service.web.paper.paper_form import SIZES, print_paper_form
from survey_service.web.paper.print_request import read_print_request
from survey_service.web.static_assets import load_static_assets
from survey_service.web.templating import respondent_environment


@click.group("survey")
def survey_group() -> None:
    """Surveys and their questionnaires."""


@survey_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--department", required=True, help="Who asks.")
@click.option("--slug", help="Name in addresses (default: from the workbook).")
@click.option("--open-link", is_flag=True, help="Let anybody answer at /o/SLUG, apart from the sample.")
@click.option(
    "--minutes", type=click.FloatRange(0, min_open=True), help="Longest form; blocks are shared out to fit."
)
@click.option(
    "--anonymous/--named",
    "is_anonymous",
    default=None,
    help="Whether no link is kept from a person to an answer (default: as the workbook says).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_command(
    file: Path,
    department: str,
    slug: str | None,
    open_link: bool,
    minutes: float | None,
    is_anonymous: bool | None,
    as_json: bool,
) -> None:
    """Take an XLSForm workbook (.xlsx, .xls) in as a survey, still to be opened."""
    result = run_with_database(
        lambda _: import_survey(
            file,
            department_name=department,
            slug=slug,
            has_open_link=open_link,
            limit_minutes=minutes,
            is_anonymous=is_anonymous,
        )
    )
    if as_json:
        tell_json(result)
        return
    state = "stored" if result.is_new_version else "unchanged"
    click.echo(f"{result.survey}, version {result.version}: {state}.")
    click.echo(
        f"{result.questions} questions in {result.forms} forms, the longest of {result.longest_seconds} "
        f"seconds ({result.length.replace('_', ' ')}); languages: {', '.join(result.languages)}."
    )
    if result.incomplete:
        click.echo(
            f"Not whole yet, so not offered: {', '.join(result.incomplete)}. Translate what is missing in "
            "the browser, or in the workbook and import it again."
        )
    if result.is_anonymous:
        click.echo("Anonymous: no link is kept from a person to an answer.")


@survey_group.command("split")
@click.argument("slug")
@click.option(
    "--minutes", required=True, type=click.FloatRange(0, min_open=True), help="Longest form, core included."
)
@click.option("--n", "completes", default=385, show_default=True, help="Completed forms expected in all.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def split_command(slug: str, minutes: float, completes: int, as_json: bool) -> None:
    """Show the short forms a limit makes, and how precise each block will be. Nothing is changed."""
    found = run_with_database(lambda _: preview_split(slug, limit_minutes=minutes, completes=completes))
    if as_json:
        tell_json(found)
        return
    tell_table(("form", "share"), [(key, f"{share:.1%}") for key, share in found.forms.items()])
    rows = [
        (name, f"{one.share:.1%}", f"{one.answers:.0f}", "" if one.margin is None else f"±{one.margin:.1%}")
        for name, one in [*found.blocks.items(), *found.pairs.items()]
    ]
    tell_table(("block or pair", "asked", "answers", "margin at 95 %"), rows)
    for warning in found.warnings:
        click.echo(warning)


@survey_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_command(as_json: bool) -> None:
    """List all surveys."""
    found = run_with_database(lambda _: survey.list_surveys())
    if as_json:
        tell_json({"surveys": found})
        return
    rows = [
        (
            one.slug, one.state, one.department, "yes" if one.has_open_link else "no",
            "yes" if one.is_anonymous else "no",
        )
        for one in found
    ]  # fmt: skip
    tell_table(("survey", "state", "department", "open link", "anonymous"), rows)


@survey_group.command("open")
@click.argument("slug")
@click.option("--reason", metavar="TEXT", help="Why the form may take more than five minutes.")
@click.option(
    "--repeat-reason", metavar="TEXT", help="Why questions are asked again that the same people were asked."
)
def open_command(slug: str, reason: str | None, repeat_reason: str | None) -> None:
    """Take answers from now on."""
    run_with_database(lambda _: open_survey(slug, reason=reason, repeat_reason=repeat_reason))
    click.echo(f"{slug} is open.")


@survey_group.command("print")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--form", default="", help="Key of the form (default: the first).")
@click.option("--language", default="", help="Code of the language (default: the survey's own).")
@click.option("--size", type=click.Choice(list(SIZES)), default="ordinary", show_default=True)
def print_command(slug: str, file: Path, form: str, language: str, size: str) -> None:
    """Write a form as a PDF for people who are not online."""

    async def load(settings: Settings) -> tuple[ServedVersion, Settings]:
        return await newest_version_of((await get_survey(slug)).id), settings

    version, settings = run_with_database(load)
    wanted = read_print_request(slug, version, form=form, locale=language, size=size)
    environment = respondent_environment(brand_of(settings), load_static_assets())
    file.write_bytes(
        print_paper_form(
            environment,
            version.questionnaire,
            wanted.form,
            wanted.locale,
            code=wanted.code,
            size=wanted.size,
        )
    )
    click.echo(f"{file}: {wanted.code}")


@survey_group.command("repeats")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def repeats_command(slug: str, as_json: bool) -> None:
    """List the questions that the same people were asked by any department while answers are still valid."""
    found = run_with_database(lambda _: list_repeats(slug))
    if as_json:
        tell_json({"survey": slug, "repeats": found})
        return
    tell_table(
        ("question", "asked before", "by", "valid until", "how sure", "decided"),
        [
            (
                one.question,
                f"{one.other_survey}: {one.other_question}",
                one.department,
                one.valid_until.isoformat(),
                one.kind.replace("_", " ") if one.score == 1 else f"other words, {one.score:.2f}",
                one.decision or "",
            )
            for one in found
        ],
    )


@survey_group.command("purpose")
@click.argument("slug")
@click.argument("purpose")
def purpose_command(slug: str, purpose: str) -> None:
    """Say what a survey is for, so that limits and freezes by purpose know it."""
    run_with_database(lambda _: set_purpose(slug, purpose))
    click.echo(f"{slug} is for {purpose}." if purpose else f"{slug} has no purpose.")


@survey_group.command("close")
@click.argument("slug")
def close_command(slug: str) -> None:
    """Take no more answers."""
    run_with_database(lambda _: close_survey(slug))
    click.echo(f"{slug} is closed.")


@survey_group.command("mix")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def mix_command(slug: str, as_json: bool) -> None:
    """Open the box of an anonymous survey now, as far as that tells nothing of anybody."""

    async def mix(settings: Settings) -> list[Mix]:
        await get_survey(slug)
        return await mix_answers(settings, at=datetime.now(ZoneInfo(settings.time_zone)), slug=slug)

    mixed = run_with_database(mix)
    if as_json:
        tell_json({"survey": slug, "mixed": mixed})
        return
    for one in mixed or [Mix(survey=slug, opened=0, sealed=0, deleted=0)]:
        click.echo(f"{one.survey}: {one.opened} answers opened, {one.sealed} stay sealed.")
        if one.unreadable:
            click.echo(f"{one.unreadable} were sealed under another SURVEY_SECRET_KEY: set it again.")


@survey_group.command("export")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_command(slug: str, file: Path) -> None:
    """Write the questionnaire as a workbook that can be imported again."""
    run_with_database(lambda _: export_survey(slug, file))
    click.echo(f"{slug} written to {file}", err=True)
