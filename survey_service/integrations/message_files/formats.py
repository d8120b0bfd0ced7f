"""The formats of formats.toml, checked once; a row of each; and reports read by them."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from survey_service.domain.errors import FileRefused, NotFound, RowError
from survey_service.domain.spreadsheet_cells import guard_cell

FILE = Path(__file__).parent / "formats.toml"
Result = Literal["delivered", "undelivered", "failed", "pending"]


class FileFormat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program's files; see the head of formats.toml."""

    title: str
    source: str
    channels: list[Literal["text", "email"]]
    newline: Literal["\r\n", "\n"]
    most_rows: int
    columns: dict[str, str]
    report: dict[Literal["reference", "status"], str]
    statuses: dict[str, Result]

    def row(self, values: Mapping[str, str]) -> list[str]:
        """The cells of one message."""
        return [
            what.removeprefix("= ") if what.startswith("= ") else _safe(what, values[what])
            for what in self.columns.values()
        ]


class Reported(msgspec.Struct, frozen=True):
    """What a report says of one message."""

    reference: str
    result: Result


@cache
def load_formats() -> dict[str, FileFormat]:
    """Every format, by name."""
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), dict[str, FileFormat])


def find_format(name: str) -> FileFormat:
    """The format of this name."""
    formats = load_formats()
    if name not in formats:
        raise NotFound(f"There is no file format {name!r}.", expected=f"one of {', '.join(formats)}")
    return formats[name]


def write_file(path: Path, file_format: FileFormat, rows: Sequence[Mapping[str, str]]) -> None:
    """Write messages for the program; the file is whole or not there."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator=file_format.newline)
        writer.writerow(file_format.columns)
        writer.writerows(file_format.row(values) for values in rows)
    new.replace(path)


def read_results(path: Path, file_format: FileFormat) -> list[Reported]:
    """Read a report whole, or refuse it with every row that cannot be understood."""
    found: list[Reported] = []
    errors: list[RowError] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for one in _walk(csv.DictReader(file), file_format):
            if isinstance(one, RowError):
                errors.append(one)
            else:
                found.append(one)
    if errors:
        raise FileRefused(
            "The report was not taken.", errors, hint=f"Its columns and words are named in {FILE.name}."
        )
    return found


def _walk(reader: "csv.DictReader[str]", file_format: FileFormat) -> Iterator[Reported | RowError]:
    reference, status = file_format.report["reference"], file_format.report["status"]
    missing = {reference, status} - set(reader.fieldnames or ())
    if missing:
        yield RowError(1, f"There is no column {', '.join(sorted(missing))}.")
        return
    for number, row in enumerate(reader, start=2):
        said = (row[status] or "").strip()
        if said in file_format.statuses:
            yield Reported((row[reference] or "").strip(), file_format.statuses[said])
        else:
            yield RowError(
                number, "This status is not known.", column=status, got=repr(said),
                expected=f"one of {', '.join(file_format.statuses)}",
            )  # fmt: skip


def _safe(what: str, text: str) -> str:
    """An address is one as it stands; another program would not know it with a mark before it."""
    return text if what == "address" else guard_cell(text)
