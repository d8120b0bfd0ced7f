"""How commands tell their results: one JSON object, a table on a terminal, or plain lines elsewhere."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from survey_service.services.contacts.contact_file import Progress as Report


def tell_json(value: object) -> None:
    """Print one JSON object and nothing else."""
    click.echo(msgspec.json.encode(value).decode())


def tell_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows; numbers to the right."""
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            click.echo("\t".join(map(str, row)))
        return
    table = Table()
    for place, name in enumerate(columns):
        is_number = all(isinstance(row[place], int | float) for row in rows)
        table.add_column(name, justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*map(str, row))
    Console().print(table)


@contextmanager
def show_progress(words: str) -> Iterator[Report]:
    """Give a function that is told how far a long work is; a bar on a terminal, silence elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn(words), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
