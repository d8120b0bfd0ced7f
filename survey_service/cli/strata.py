"""`survey-service strata`: how the register is divided into cells, and a survey's strata made of them."""

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.services.contacts.define_cells import (
    SMALL_CELL,
    Division,
    define_cells,
    describe_cells,
    preview_cells,
)
from survey_service.services.rotation.define_strata import StratumCount, list_survey_strata, set_strata

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group("strata")
def strata_group() -> None:
    """Cells of the register, and strata of surveys made of whole cells."""


@strata_group.command("list")
@click.argument("survey", required=False)
@_json
def list_command(survey: str | None, as_json: bool) -> None:
    """List the cells of the register, or the strata of SURVEY, with live counts."""
    if survey is None:
        _tell_cells(run_with_database(lambda _: describe_cells()), as_json)
    else:
        slug = survey
        _tell_strata(slug, run_with_database(lambda _: list_survey_strata(slug)), as_json)


@strata_group.command("preview")
@click.argument("dimensions", metavar="[DIM]...", nargs=-1)
@_json
def preview_command(dimensions: tuple[str, ...], as_json: bool) -> None:
    """Count the cells that a definition by these attributes would give. Nothing is changed."""
    _tell_cells(run_with_database(lambda _: preview_cells(dimensions)), as_json)


@strata_group.command("define")
@click.argument("dimensions", metavar="[DIM]...", nargs=-1)
@_json
def define_command(dimensions: tuple[str, ...], as_json: bool) -> None:
    """Divide the register by audience, frequency, arm and these attributes; everybody moves at once.

    Without an attribute, cells are those of the beginning again.
    """
    _tell_cells(run_with_database(lambda _: define_cells(dimensions)), as_json)


@strata_group.command("set")
@click.argument("survey")
@click.argument("strata", metavar="[NAME=CELL,CELL...]...", nargs=-1)
@_json
def set_command(survey: str, strata: tuple[str, ...], as_json: bool) -> None:
    """Give SURVEY strata of its own, each a union of whole cells.

    A cell ending in * stands for all that begin so (resident* for residents of every frequency and arm).
    Without any, every audience is a stratum again. Only before the first draw.
    """
    chosen: dict[str, list[str]] = {}
    for one in strata:
        name, sign, cells = one.partition("=")
        if not sign or name in chosen:
            raise click.UsageError(f"Each stratum is NAME=CELL,CELL with a name of its own; got {one!r}.")
        chosen[name] = [key.strip() for key in cells.split(",") if key.strip()]
    _tell_strata(survey, run_with_database(lambda _: set_strata(survey, chosen)), as_json)


def _tell_cells(division: Division, as_json: bool) -> None:
    if as_json:
        tell_json(
            {
                "dimensions": division.dimensions,
                "cells": division.cells,
                "small_cells": division.small_cells,
            }
        )
        return
    rows = [(one.key, one.units, one.in_frame) for one in division.cells]
    tell_table(("cell", "units", "in the frame"), rows)
    click.echo(f"Divided by: {', '.join(division.dimensions)}.")
    if division.small_cells:
        click.echo(
            f"Fewer than {SMALL_CELL} units: {', '.join(division.small_cells)}. So small a cell is asked in "
            "leaps; leave an attribute out, or put the cell into a larger stratum.",
            err=True,
        )


def _tell_strata(survey: str, strata: list[StratumCount], as_json: bool) -> None:
    if as_json:
        tell_json({"survey": survey, "strata": strata})
        return
    tell_table(
        ("stratum", "units in the frame", "cells"),
        [(one.name, one.units, ", ".join(one.cells)) for one in strata],
    )
