"""`survey-service contacts`: the register in and out, and one person shown or erased."""

from datetime import date
from pathlib import Path

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import show_progress, tell_json, tell_table
from survey_service.domain.errors import SurveyServiceError
from survey_service.services.contacts.contact_rows import NEEDED
from survey_service.services.contacts.import_contacts import ContactsRefused, import_contacts
from survey_service.services.contacts.manage_contacts import erase_contact, export_contacts, show_contact
from survey_service.services.contacts.recompute_burden import recompute_burden
from survey_service.services.contacts.review_burden import figures, review_burden
from survey_service.services.likelihood.explain_likelihood import OwnLikelihood

ANSWERS_NOT_FOUND = "Answers to anonymous surveys cannot be found, by anybody: neither shown nor erased."
_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.group("contacts")
def contacts_group() -> None:
    """The shared register of contacts."""


@contacts_group.command(
    "import",
    help=f"""Take a CSV file (UTF-8, commas) into the register: all of it, or nothing.

    Columns it needs: {", ".join(NEEDED)}. It may have organisation, organisation_size, industry, source, and
    attribute.NAME for any attribute of your own. Importing the same file again changes nothing.""",
)
@click.argument("file", type=_INPUT)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--new-audience", multiple=True, metavar="NAME", help="Allow an audience not known so far.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_command(file: Path, dry_run: bool, new_audience: tuple[str, ...], as_json: bool) -> None:
    with show_progress("Reading") as progress:
        try:
            result = run_with_database(
                lambda settings: import_contacts(
                    file, settings, dry_run=dry_run, new_audiences=new_audience, progress=progress
                )
            )
        except ContactsRefused as refusal:
            if as_json:
                tell_json(_describe(file, dry_run, refusal))
            raise
    if as_json:
        tell_json(
            {
                "file": result.file, "dry_run": dry_run, "rows": result.rows, "new": result.new,
                "changed": result.changed, "unchanged": result.unchanged, "moved": result.moved,
                "refused": 0, "errors": [],
            }
        )  # fmt: skip
        return
    would = "would be " if dry_run else ""
    click.echo(
        f"{result.rows} rows: {result.new} {would}new, {result.changed} {would}changed "
        f"({result.moved} of them moved), {result.unchanged} unchanged, 0 refused."
    )


def _describe(file: Path, dry_run: bool, refusal: ContactsRefused) -> dict[str, object]:
    errors = [{"row": error.row, "column": error.column, "message": str(error)} for error in refusal.rows]
    return {"file": file.name, "dry_run": dry_run, "refused": refusal.count, "errors": errors}


@contacts_group.command("show")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_command(reference: str, as_json: bool) -> None:
    """Show what is known of a person. The look is noted in the audit log."""
    shown = run_with_database(lambda settings: show_contact(reference, settings))
    if as_json:
        tell_json(shown)
        return
    facts = shown.contact
    lines = {
        "reference": facts.reference, "state": facts.state, "cell": facts.cell, "unit": facts.unit_reference,
        "name": facts.name, "email": facts.email or "", "mobile": facts.mobile or "",
        "organisation": facts.organisation, "language": facts.language, "channel": facts.channel,
        "last invited": _day(facts.last_invited_on),
    } | facts.attributes  # fmt: skip
    for name, value in lines.items():
        click.echo(f"{name}: {value}")
    for consent in shown.consents:
        word = "yes" if consent.is_granted else "no"
        click.echo(f"consent to {consent.purpose}: {word} ({consent.source}, {consent.at.date()})")
    burden = shown.burden
    click.echo(f"asked this year: {burden.invitations} invitations, {burden.seconds} seconds charged")
    click.echo(f"response likelihood: {_likelihood(shown.likelihood)}")
    click.echo(
        f"held as well (--json shows it): {len(shown.invitations)} invitations, {len(shown.ledger)} events "
        f"of the ledger, {len(shown.known_facts)} facts given, {len(shown.attributes_before)} changes of "
        f"attributes, {len(shown.newsletter)} issues of the newsletter"
    )
    click.echo(ANSWERS_NOT_FOUND)


def _likelihood(one: OwnLikelihood) -> str:
    if one.objects:
        return "objected: none is computed"
    return "none" if one.likelihood is None else f"{one.likelihood:.1%}, computed now and not kept"


def _day(day: date | None) -> str:
    return "never" if day is None else day.isoformat()


@contacts_group.command("burden")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--check", is_flag=True, help="Compare the ledger with the events it was charged for instead.")
def burden_command(as_json: bool, check: bool) -> None:
    """Show how invitations and minutes of the rolling year spread over the register; nobody is named."""
    if check:
        _check_ledger(as_json)
        return
    found = run_with_database(review_burden)
    if as_json:
        tell_json(found)
        return
    rows = [
        (one.cell or "everybody", one.people, *(_figure(value) for value in figures(one)))
        for one in (found.everybody, *found.by_cell)
        if one is not None
    ]
    heads = ("mean", "95 % at most", "most")
    tell_table(
        ("cell", "people", *(f"invitations: {one}" for one in heads), *(f"minutes: {one}" for one in heads)),
        rows,
    )


def _figure(value: float | None) -> str:
    return "hidden" if value is None else f"{value:g}"


def _check_ledger(as_json: bool) -> None:
    found = run_with_database(lambda _: recompute_burden())
    if as_json:
        tell_json(found)
    if not found.is_equal:
        kinds = ", ".join(f"{one.kind} ({one.people} people)" for one in found.differences)
        raise SurveyServiceError("The ledger is not what its events come to.", got="" if as_json else kinds)
    if not as_json:
        click.echo(f"The ledger is right: {found.compared.events} events of {found.compared.people} people.")


@contacts_group.command("erase")
@click.argument("reference")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_command(reference: str, yes: bool) -> None:
    """Erase a person: what names them goes for good, what was counted stays counted."""
    if not yes:
        click.confirm(f"Erase {reference}? This cannot be undone", abort=True, err=True)
    run_with_database(lambda settings: erase_contact(reference, settings))
    click.echo(f"Erased. {ANSWERS_NOT_FOUND}")


@contacts_group.command("export")
@click.argument("file", type=_OUTPUT)
def export_command(file: Path) -> None:
    """Write everybody into a CSV file that can be imported again. It is noted in the audit log."""
    count = run_with_database(lambda _: export_contacts(file))
    click.echo(f"{count} contacts written to {file}", err=True)
