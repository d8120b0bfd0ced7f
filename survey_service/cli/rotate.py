"""`survey-service rotate`: the rotation alone, on files."""

from pathlib import Path

import click

from survey_service.services.rotation.rotate_files import rotate_files

_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("rotate")
@click.option("--frame", required=True, type=_INPUT, help="Members: id, stratum, u (empty: from the seed).")
@click.option("--events", required=True, type=_INPUT, help="What happened: date, event, id, stratum, u.")
@click.option(
    "--surveys", required=True, type=_INPUT, help="Who is asked: survey, date, minutes, stratum, n."
)
@click.option("--rules", required=True, type=_INPUT, help="seed, rest_days, cap_minutes, window_days (JSON).")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the results."
)
def rotate_command(frame: Path, events: Path, surveys: Path, rules: Path, out: Path) -> None:
    """Draw surveys from a register that people join and leave, and write who was asked.

    Writes selection.csv, shortfall.csv and state.csv. The events are join, leave, move, pause and resume;
    those of a day count before its surveys, and surveys of a day in the order of the file.
    """
    results = rotate_files(frame=frame, events=events, surveys=surveys, rules=rules, out=out)
    click.echo(
        f"{len(results.selection)} invitations, {len(results.shortfall)} shortfalls, "
        f"{len(results.state)} members: written to {out}"
    )
