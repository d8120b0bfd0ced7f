"""The rotation alone, on files: frame, events, surveys and rules in; selection, shortfall and state out.

Everything is read and checked before anything is drawn, and all three results are written before any of
them takes its name, so a refused file leaves the folder as it was.
"""

import csv
import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import msgspec
import numpy as np

from sampling.arrays import FloatArray, IdArray, IntArray
from sampling.draw import CellDraw
from sampling.prn import permanent_numbers
from sampling.rotation import Rotation, Rules
from survey_service.domain.errors import RowError, SurveyServiceError
from survey_service.services.rotation.rotate_rows import (
    EVENTS,
    FRAME,
    SURVEYS,
    EventRow,
    FrameRow,
    RulesFile,
    SurveyRow,
    read_rules,
    refuse,
    to_thousandths,
    write_minutes,
)

Line = tuple[str | int | float, ...]

SELECTION: Line = ("survey", "date", "stratum", "id", "ticket_before", "N", "n", "weight")
SHORTFALL: Line = ("survey", "stratum", "asked", "drawn")
STATE: Line = ("id", "stratum", "active", "ticket", "invitations", "minutes")


class Scenario(msgspec.Struct, frozen=True):
    """The four files, checked against each other; events and surveys in the order they happen."""

    frame: list[FrameRow]
    events: list[EventRow]
    surveys: list[SurveyRow]
    rules: RulesFile

    def strata(self) -> tuple[str, ...]:
        """Return the name of every stratum anybody is ever in, in order of appearance."""
        names = [row.stratum for row in self.frame]
        names += [event.stratum for event in self.events if event.kind in ("join", "move")]
        return tuple(dict.fromkeys(names))


class Results(msgspec.Struct, frozen=True):
    """The lines of the three result files, headers left out."""

    selection: list[Line]
    shortfall: list[Line]
    state: list[Line]


def rotate_files(*, frame: Path, events: Path, surveys: Path, rules: Path, out: Path) -> Results:
    """Read a scenario, rotate, and write selection.csv, shortfall.csv and state.csv into a folder."""
    results = rotate(read_scenario(frame=frame, events=events, surveys=surveys, rules=rules))
    write_results(results, out)
    return results


def read_scenario(*, frame: Path, events: Path, surveys: Path, rules: Path) -> Scenario:
    """Return the four files' rows, or refuse the first file that is wrong, with its faulty rows."""
    rules_read = read_rules(rules)
    members = FRAME.read(frame)
    refuse(frame, _repeated_members(members))
    # Sorting by day keeps the recorded order within a day, which is the order that counts.
    happened = sorted(EVENTS.read(events), key=lambda event: event.date)
    refuse(events, _impossible_events(members, happened))
    asked = sorted(SURVEYS.read(surveys), key=lambda row: row.date)
    scenario = Scenario(members, happened, asked, rules_read)
    refuse(surveys, _impossible_surveys(scenario.strata(), asked))
    return scenario


def rotate(scenario: Scenario) -> Results:
    """Play a scenario day by day, events of a day before its draws, and return the lines to write."""
    register = Register(scenario)
    days = [event.date for event in scenario.events]
    applied = 0
    selection: list[Line] = []
    shortfall: list[Line] = []
    for (survey, day, planned), rows in groupby(
        scenario.surveys, key=lambda row: (row.survey, row.date, row.planned)
    ):
        due = bisect_right(days, day)
        register.apply(scenario.events[applied:due])
        applied = due
        drawn = register.draw(day, planned, list(rows))
        selection += register.selection_lines(survey, day, drawn)
        shortfall += register.shortfall_lines(survey, drawn)
    register.apply(scenario.events[applied:])
    return Results(selection, shortfall, register.state_lines())


class Register:
    """The rotation with names: ids and strata of the files to positions and codes, and back."""

    def __init__(self, scenario: Scenario) -> None:
        rules = scenario.rules
        self._seed = rules.seed
        self._strata = scenario.strata()
        self._codes = {name: code for code, name in enumerate(self._strata)}
        self._positions = {row.id: position for position, row in enumerate(scenario.frame)}
        ids, cell, u = self._arrays(scenario.frame)
        cap = None if rules.cap_minutes is None else to_thousandths(rules.cap_minutes)
        self._rotation = Rotation(
            ids=ids, cell=cell, u=u, cells=self._strata,
            rules=Rules(rest_days=rules.rest_days, cap=cap, window_days=rules.window_days or 1),
        )  # fmt: skip

    def apply(self, events: Sequence[EventRow]) -> None:
        """Apply the events between two draws, those of one kind that follow each other in one step."""
        # Clocks stand still between draws, so events of different people do not influence each other:
        # newcomers can all be added first, and each step can be done at once.
        newcomers = {event.id: event for event in reversed(events) if event.id not in self._positions}
        if newcomers:
            self._join(list(newcomers.values()))
        for kind, group in groupby(events, key=lambda event: event.kind):
            rows = list(group)
            members = np.array([self._positions[row.id] for row in rows], dtype=np.int64)
            if kind in ("leave", "pause"):
                self._rotation.withdraw(members)
            if kind in ("join", "move"):
                self._rotation.move(members, self._cells(rows))
            if kind in ("join", "resume"):
                self._rotation.resume(members)

    def draw(self, day: date, planned: int, rows: Sequence[SurveyRow]) -> CellDraw:
        """Draw what one survey asks on one day, and invite everybody drawn."""
        asked = {self._codes[row.stratum]: row.asked for row in rows}
        return self._rotation.draw(day.toordinal(), asked, form=planned)

    def selection_lines(self, survey: str, day: date, drawn: CellDraw) -> list[Line]:
        counts = {
            code: (population, number)
            for code, population, number in zip(
                drawn.cells.tolist(), drawn.population.tolist(), drawn.drawn.tolist(), strict=True
            )
        }
        columns = (
            drawn.cell, self._rotation.frame.ids[drawn.selected], drawn.ticket_before, drawn.weight,
        )  # fmt: skip
        return [
            (survey, day.isoformat(), self._strata[cell], one, ticket, *counts[cell], weight)
            for cell, one, ticket, weight in zip(*(column.tolist() for column in columns), strict=True)
        ]

    def shortfall_lines(self, survey: str, drawn: CellDraw) -> list[Line]:
        columns = (drawn.cells, drawn.asked, drawn.drawn)
        return [
            (survey, self._strata[cell], asked, number)
            for cell, asked, number in zip(*(column.tolist() for column in columns), strict=True)
            if number < asked
        ]

    def state_lines(self) -> list[Line]:
        """Return everybody who was ever in the register, by id."""
        rotation, frame = self._rotation, self._rotation.frame
        columns = (
            frame.ids, frame.cell, frame.active, frame.ticket, rotation.invitations, rotation.planned_total,
        )  # fmt: skip
        return [
            (one, self._strata[cell], int(active), ticket, invitations, write_minutes(planned))
            for one, cell, active, ticket, invitations, planned in sorted(
                zip(*(column.tolist() for column in columns), strict=True)
            )
        ]

    def _join(self, rows: Sequence[EventRow]) -> None:
        """Add those who were never here; placing them again as they join changes nothing."""
        members = self._rotation.join(*self._arrays(rows))
        self._positions |= {row.id: position for row, position in zip(rows, members.tolist(), strict=True)}

    def _cells(self, rows: Sequence[FrameRow] | Sequence[EventRow]) -> IntArray:
        return np.array([self._codes[row.stratum] for row in rows], dtype=np.int64)

    def _arrays(self, rows: Sequence[FrameRow] | Sequence[EventRow]) -> tuple[IdArray, IntArray, FloatArray]:
        """Return ids, cells and permanent numbers, the latter from the seed where the file gives none."""
        missing = [row.id for row in rows if row.u is None]
        given = dict(zip(missing, permanent_numbers(self._seed, missing).tolist(), strict=True))
        u = [given[row.id] if row.u is None else row.u for row in rows]
        return (
            np.array([row.id for row in rows], dtype=np.str_),
            self._cells(rows),
            np.array(u, dtype=np.float64),
        )


def write_results(results: Results, out: Path) -> None:
    """Write the three files into a folder; each appears whole, and none before all are written."""
    files = {
        "selection.csv": (SELECTION, results.selection),
        "shortfall.csv": (SHORTFALL, results.shortfall),
        "state.csv": (STATE, results.state),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".rotate-", dir=out) as folder:
            for name, (header, lines) in files.items():
                with (Path(folder) / name).open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows([header, *lines])
            for name in files:
                os.replace(Path(folder) / name, out / name)
    except OSError as error:
        raise SurveyServiceError(
            f"The results could not be written to {out}: {error.strerror}.",
            hint="Choose a folder that can be written to.",
        ) from error


def _repeated_members(members: Iterable[FrameRow]) -> list[RowError]:
    first: dict[str, int] = {}
    faults = []
    for row in members:
        if row.id in first:
            message = f"{row.id} is in row {first[row.id]} already."
            faults.append(RowError(row.row, message, column="id", expected="each id once"))
        first.setdefault(row.id, row.row)
    return faults


def _impossible_events(members: Iterable[FrameRow], events: Iterable[EventRow]) -> list[RowError]:
    """Find those who join while they are in, and those to whom something happens before they join."""
    active = {row.id: True for row in members}
    faults = []
    for event in events:
        if event.kind == "join" and active.get(event.id):
            faults.append(RowError(event.row, f"{event.id} joins but is in already.", column="id"))
        elif event.kind != "join" and event.id not in active:
            message = f"{event.id} cannot {event.kind}: nobody of that id has joined by {event.date}."
            faults.append(RowError(event.row, message, column="id"))
        elif event.kind != "move":
            active[event.id] = event.kind in ("join", "resume")
    return faults


def _impossible_surveys(strata: Sequence[str], surveys: Iterable[SurveyRow]) -> list[RowError]:
    known = ", ".join(strata)
    seen: set[tuple[str, date, str]] = set()
    faults = []
    for row in surveys:
        key = (row.survey, row.date, row.stratum)
        if row.stratum not in strata:
            message = f"Nobody is ever in stratum {row.stratum}."
            faults.append(RowError(row.row, message, column="stratum", expected=known))
        elif key in seen:
            faults.append(RowError(row.row, f"{row.survey} asks stratum {row.stratum} twice that day."))
        seen.add(key)
    return faults
