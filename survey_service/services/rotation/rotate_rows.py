"""Rows of the rotation's input files, read and checked one by one with the row number of each fault."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar

import msgspec

from survey_service.domain.errors import FileRefused, RowError

EventKind = Literal["join", "leave", "move", "pause", "resume"]
KINDS: tuple[EventKind, ...] = ("join", "leave", "move", "pause", "resume")

MINUTE = 1000
"""Planned minutes are counted in thousandths, so that sums and caps are compared exactly."""

MOST_FAULTS = 50
"""More faults than this are not listed: the file is of another kind."""

_LONGEST_NAME = 200
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)


class FrameRow(msgspec.Struct, frozen=True):
    """A member at the start; `u` is None where the seed is to give it."""

    row: int
    id: str
    stratum: str
    u: float | None


class EventRow(msgspec.Struct, frozen=True):
    """Something that happened to a member; `stratum` is empty unless they join or move."""

    row: int
    date: date
    kind: EventKind
    id: str
    stratum: str
    u: float | None


class SurveyRow(msgspec.Struct, frozen=True):
    """What one survey asks of one stratum; `planned` is in thousandths of a minute."""

    row: int
    survey: str
    date: date
    planned: int
    stratum: str
    asked: int


class RulesFile(msgspec.Struct, frozen=True):
    """The rules file. Without a cap the window has no meaning and may be null."""

    seed: str
    rest_days: Annotated[int, msgspec.Meta(ge=0)]
    cap_minutes: Decimal | None
    window_days: Annotated[int, msgspec.Meta(ge=1)] | None


class Cells:
    """The cells of one row, by column name."""

    def __init__(self, row: int, cells: Mapping[str, str]) -> None:
        self.row = row
        self._cells = cells

    def fault(self, column: str, message: str, *, expected: str) -> RowError:
        return RowError(self.row, message, column=column, expected=expected, got=repr(self.text(column)))

    def text(self, column: str) -> str:
        return self._cells.get(column, "").strip()

    def name(self, column: str) -> str:
        text = self.text(column)
        if not text or len(text) > _LONGEST_NAME or not text.isprintable():
            expected = f"1 to {_LONGEST_NAME} printable characters"
            raise self.fault(column, f"There is no usable {column}.", expected=expected)
        return text

    def date(self, column: str) -> date:
        try:
            if _ISO_DATE.fullmatch(self.text(column)):
                return date.fromisoformat(self.text(column))
        except ValueError:
            pass  # a day the calendar does not have is refused like any other text
        raise self.fault(column, "This is not a date.", expected="a day such as 2026-01-31")

    def whole(self, column: str) -> int:
        if not _WHOLE.fullmatch(self.text(column)):
            raise self.fault(column, "This is not a whole number.", expected="0 or more")
        return int(self.text(column))

    def thousandths(self, column: str) -> int:
        try:
            return to_thousandths(Decimal(self.text(column)))
        except (InvalidOperation, ValueError):
            expected = "0 or more, with three decimals at most"
            raise self.fault(column, "This is not a number of minutes.", expected=expected) from None

    def permanent_number(self, column: str) -> float | None:
        if not self.text(column):
            return None
        try:
            u = float(self.text(column))
        except ValueError:
            u = -1.0
        if not 0.0 <= u < 1.0:
            raise self.fault(column, "This is not a permanent random number.", expected="0 <= u < 1")
        return u


Row = TypeVar("Row")


class Table(Generic[Row]):
    """A kind of file: its columns, and how one row of it is read."""

    def __init__(
        self, needed: Sequence[str], read: Callable[[Cells], Row], *, may_be_empty: bool = False
    ) -> None:
        self._needed = needed
        self._read = read
        self._may_be_empty = may_be_empty

    def read(self, path: Path) -> list[Row]:
        """Return the rows of a file, or refuse it with every faulty row."""
        rows: list[Row] = []
        faults: list[RowError] = []
        for cells in self._cells(path):
            try:
                rows.append(self._read(cells))
            except RowError as fault:
                faults.append(fault)
        refuse(path, faults)
        return rows

    def _cells(self, path: Path) -> Iterator[Cells]:
        """Yield the rows below the header; a spreadsheet's blank rows count but say nothing."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                records = csv.reader(file, strict=True)
                header = self._header(path, next(records, []))
                for row, record in enumerate(records, start=2):
                    if any(cell.strip() for cell in record):
                        yield Cells(row, dict(zip(header, record, strict=False)))
        except UnicodeDecodeError as error:
            raise FileRefused(f"{path.name} is not in UTF-8.", [], hint="Save it as CSV UTF-8.") from error
        except csv.Error as error:
            raise FileRefused(f"{path.name} is not a CSV file: {error}.", []) from error

    def _header(self, path: Path, record: Sequence[str]) -> list[str]:
        header = [name.strip() for name in record]
        if not any(header) and self._may_be_empty:
            return []
        missing = [name for name in self._needed if name not in header]
        twice = sorted({name for name in header if name and header.count(name) > 1})
        if missing or twice:
            problem = f"has no column {', '.join(missing)}" if missing else f"has two columns {twice[0]}"
            raise FileRefused(f"{path.name} {problem}.", [], hint=f"It needs {', '.join(self._needed)}.")
        return header


def refuse(path: Path, faults: Sequence[RowError]) -> None:
    """Refuse a file if it has faults, listing the first ones."""
    if faults:
        count = "1 row is" if len(faults) == 1 else f"{len(faults)} rows are"
        raise FileRefused(f"{path.name} was not taken: {count} wrong.", list(faults[:MOST_FAULTS]))


def to_thousandths(minutes: Decimal) -> int:
    """Return minutes as a whole number of thousandths; ValueError where they are not one."""
    if not minutes.is_finite() or minutes < 0 or minutes > 10**9 or minutes * MINUTE % 1:
        raise ValueError(minutes)
    return int(minutes * MINUTE)


def write_minutes(planned: int) -> str:
    """Return thousandths as minutes, without a decimal point where none is needed."""
    whole, rest = divmod(planned, MINUTE)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)


def _read_frame_row(cells: Cells) -> FrameRow:
    return FrameRow(cells.row, cells.name("id"), cells.name("stratum"), cells.permanent_number("u"))


def _read_event_row(cells: Cells) -> EventRow:
    word = cells.text("event")
    kind = next((kind for kind in KINDS if kind == word), None)
    if kind is None:
        raise cells.fault("event", "There is no such event.", expected=", ".join(KINDS))
    stratum = cells.name("stratum") if kind in ("join", "move") else ""
    return EventRow(
        cells.row, cells.date("date"), kind, cells.name("id"), stratum,
        cells.permanent_number("u"),
    )  # fmt: skip


def _read_survey_row(cells: Cells) -> SurveyRow:
    return SurveyRow(
        cells.row, cells.name("survey"), cells.date("date"), cells.thousandths("minutes"),
        cells.name("stratum"), cells.whole("n"),
    )  # fmt: skip


FRAME = Table(("id", "stratum"), _read_frame_row)
EVENTS = Table(("date", "event", "id"), _read_event_row, may_be_empty=True)
SURVEYS = Table(("survey", "date", "minutes", "stratum", "n"), _read_survey_row)


def read_rules(path: Path) -> RulesFile:
    """Return the rules, or refuse the file."""
    try:
        rules = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), type=RulesFile)
        if rules.cap_minutes is not None:
            to_thousandths(rules.cap_minutes)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FileRefused(f"{path.name} was not taken: {error}.", []) from error
    except ValueError as error:
        raise FileRefused(
            f"{path.name} was not taken: cap_minutes is {error}.", [],
            hint="It is null, or 0 or more with three decimals at most.",
        ) from error  # fmt: skip
    if rules.cap_minutes is not None and rules.window_days is None:
        raise FileRefused(
            f"{path.name} has a cap but no window_days.", [], hint="Say how long a form counts."
        )
    return rules
