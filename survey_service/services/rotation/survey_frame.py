"""The register as one survey may draw from it at one instant: the shared ground of forecast and draw.

The frame is every unit with at least one person who is active, consented to surveys and can be reached on
the channel they chose. Resting units, and those at their budget or cap, belong to it and are counted in
N_h; people without consent or channel, who paused, left or chose no survey at all, do not. Because forecast
and draw look through this one module, they agree.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from sampling.arrays import BoolArray, IntArray
from sampling.frame import Frame, frame_hash
from survey_service.db import cell as cells
from survey_service.db import contact as contacts
from survey_service.db import draw as draws
from survey_service.db import survey as surveys
from survey_service.db.survey import Survey, SurveyStratum
from survey_service.domain.errors import Conflict
from survey_service.services.contacts.place_units import place_seen_units
from survey_service.services.gate.unit_standing import ELIGIBLE, ContactRules, UnitStanding, read_standing
from survey_service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFrame:
    """Units of a survey's cells, the frame among them, and the strata that have anybody to draw.

    n units are in the survey's cells, of which f are in the frame.
    """

    day: int
    strata: tuple[SurveyStratum, ...]
    cell_ids: IntArray
    """Ids of the cells, in the order of the frame's cell codes, shape (C,)."""
    stratum_of_cell: IntArray
    """Position in `strata` of each cell, shape (C,)."""
    cell: IntArray
    """Cell code of each unit, shape (n,)."""
    units: UnitStanding
    in_frame: IntArray
    """Positions of the frame's units among the n, shape (f,)."""
    frame: Frame
    """Of the f units in the frame; its ids are those of the units."""

    @property
    def rules(self) -> ContactRules:
        """The limits everybody is judged by."""
        return self.units.rules

    def reasons(self, day: int) -> IntArray:
        """Return for each of the n units the position of its reason on a day, or ELIGIBLE."""
        return self.units.reasons(day)

    def available(self) -> BoolArray:
        """Tell for each of the f units of the frame whether it may be drawn today."""
        may: BoolArray = (self.reasons(self.day) == ELIGIBLE)[self.in_frame]
        return may

    def population(self) -> IntArray:
        """Return N_h of each stratum."""
        return np.bincount(
            self.stratum_of_cell, weights=self.frame.population(), minlength=len(self.strata)
        ).astype(np.int64)

    def count_by_cell(self, chosen: BoolArray) -> IntArray:
        """Count the chosen of the n units in each cell, shape (C,)."""
        return np.bincount(self.cell[chosen], minlength=self.cell_ids.size)

    def count_by_stratum(self, chosen: BoolArray) -> IntArray:
        """Count the chosen of the n units in each stratum."""
        return np.bincount(self.stratum_of_cell[self.cell[chosen]], minlength=len(self.strata))


def hash_of(look: SurveyFrame) -> str:
    """Return the fingerprint of what would be drawn from; forecast and draw of one frame share it."""
    return frame_hash(look.frame, available=look.available())


def today(settings: Settings) -> date:
    """Return the day it is where days are counted."""
    return datetime.now(ZoneInfo(settings.time_zone)).date()


def to_instant(day: date, settings: Settings) -> datetime:
    """Return when on a day messages go: now if it is today, else at noon."""
    if day == today(settings):
        return datetime.now(UTC)
    return datetime.combine(day, time(12), ZoneInfo(settings.time_zone)).astimezone(UTC)


async def check_day(day: date, settings: Settings) -> None:
    """Refuse a day that lies behind: rests counted from it would be counted twice."""
    first = max(filter(None, (await draws.find_last_day(), today(settings))))
    if day < first:
        raise Conflict(
            f"Nothing can be drawn for {day} any more.",
            expected=f"{first} or later",
            hint="Draws count in the order they are made.",
        )


async def prepare_frame(found: Survey, rules: ContactRules, day: date, settings: Settings) -> SurveyFrame:
    """Bring the register up to a day, then look: pauses end, and who enters the frame takes a place.

    In a transaction that holds the register's lock.
    """
    await contacts.end_pauses(day)
    look = await look_at_frame(found, rules, day, settings)
    if await place_seen_units(look.units, look.day):
        look = await look_at_frame(found, rules, day, settings)
    return look


async def look_at_frame(found: Survey, rules: ContactRules, day: date, settings: Settings) -> SurveyFrame:
    """Read the register for a survey on a day."""
    await surveys.add_missing_strata(found.id)
    by_id = {one.id: one for one in await cells.list_cells()}
    strata = tuple(
        stratum
        for stratum in await surveys.list_strata(found.id)
        if all(one in by_id for one in stratum.cells)
    )
    owner = {one: position for position, stratum in enumerate(strata) for one in stratum.cells}
    cell_ids = np.array(sorted(owner), dtype=np.int64)
    everybody = await read_standing(rules, day, settings)
    chosen = np.isin(everybody.cell, cell_ids)
    units = everybody if chosen.all() else everybody.take(np.flatnonzero(chosen))
    code = np.searchsorted(cell_ids, units.cell).astype(np.int64)
    in_frame = np.flatnonzero(units.is_in_frame(day.toordinal()))
    return SurveyFrame(
        day=day.toordinal(),
        strata=strata,
        cell_ids=cell_ids,
        stratum_of_cell=np.array([owner[one] for one in cell_ids.tolist()], dtype=np.int64),
        cell=code,
        units=units,
        in_frame=in_frame,
        frame=Frame(
            ids=units.ids[in_frame],
            cell=code[in_frame],
            u=units.u[in_frame],
            ticket=units.ticket[in_frame],
            active=np.ones(in_frame.shape, dtype=np.bool_),
            cells=tuple(by_id[one].key for one in cell_ids.tolist()),
            clocks=np.array([by_id[one].clock for one in cell_ids.tolist()], dtype=np.float64),
        ),
    )
