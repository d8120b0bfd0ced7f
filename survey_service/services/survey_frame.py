"""The register as one survey may draw from it at one instant: the shared ground of forecast and draw.

The frame is every unit with at least one person who is active, consented to surveys and can be reached on
the channel they chose. Resting units, and those at their budget or cap, belong to it and are counted in
N_h; people without consent or channel, who paused or left, do not. Because forecast and draw look through
this one module, they agree.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from sampling.arrays import BoolArray, IntArray
from sampling.availability import NEVER, is_available, planned_in_window
from sampling.frame import Frame
from survey_service.db import cell as cells
from survey_service.db import draw as draws
from survey_service.db import frame as register_frame
from survey_service.db import survey as surveys
from survey_service.db.columns import Columns
from survey_service.db.contact_standing import IN_FRAME
from survey_service.db.survey import Survey, SurveyStratum
from survey_service.domain.errors import Conflict
from survey_service.settings import Settings

REASONS = ("left", "no_consent", "no_channel", "paused", "over_budget", "resting", "over_cap")
"""Why a unit cannot be drawn, the first that applies. The first four stand outside the frame."""
ELIGIBLE = len(REASONS)
_OVER_BUDGET, _RESTING, _OVER_CAP = 4, 5, 6


class ContactRules(msgspec.Struct, frozen=True, kw_only=True):
    """The limits that protect people; written down with every draw."""

    rest_days: int
    cap_seconds: int
    window_days: int
    invitations: int
    """Most invitations in the window."""
    form_seconds: int
    """Of the longest form, with which the cap is checked."""

    @classmethod
    def of(cls, settings: Settings, form_seconds: int) -> "ContactRules":
        """Take the limits from the settings."""
        return cls(
            rest_days=settings.rest_days,
            cap_seconds=settings.cap_minutes * 60,
            window_days=settings.cap_window_days,
            invitations=settings.invitations_a_year,
            form_seconds=form_seconds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFrame:
    """Units of a survey's cells, the frame among them, and the strata that have anybody to draw.

    n units are in the survey's cells, of which f are in the frame; m invitations lie in the window.
    """

    day: int
    rules: ContactRules
    strata: tuple[SurveyStratum, ...]
    cell_ids: IntArray
    """Ids of the cells, in the order of the frame's cell codes, shape (C,)."""
    stratum_of_cell: IntArray
    """Position in `strata` of each cell, shape (C,)."""
    cell: IntArray
    """Cell code of each unit, shape (n,)."""
    standing: IntArray
    last_invited: IntArray
    in_frame: IntArray
    """Positions of the frame's units among the n, shape (f,)."""
    frame: Frame
    """Of the f units in the frame; its ids are those of the units."""
    past_unit: IntArray
    """Position among the n of each past invitation's unit, shape (m,)."""
    past_day: IntArray
    past_seconds: IntArray

    def reasons(self, day: int) -> IntArray:
        """Return for each of the n units the position of its reason on a day, or ELIGIBLE."""
        rules = self.rules
        count = self._sum_past(np.ones_like(self.past_unit), day)
        planned = self._sum_past(self.past_seconds, day)
        inside = self.standing == IN_FRAME
        rested = is_available(
            day=day, active=inside, last_invited=self.last_invited, rest_days=rules.rest_days
        )
        reason = np.where(planned + rules.form_seconds > rules.cap_seconds, _OVER_CAP, ELIGIBLE)
        reason = np.where(rested, reason, _RESTING)
        reason = np.where(count >= rules.invitations, _OVER_BUDGET, reason)
        return np.where(inside, reason, self.standing).astype(np.int64)

    def _sum_past(self, amounts: IntArray, day: int) -> IntArray:
        return planned_in_window(
            member=self.past_unit,
            sent=self.past_day,
            planned=amounts,
            size=self.cell.size,
            day=day,
            window_days=self.rules.window_days,
        )

    def available(self) -> BoolArray:
        """Tell for each of the f units of the frame whether it may be drawn today."""
        may: BoolArray = (self.reasons(self.day) == ELIGIBLE)[self.in_frame]
        return may

    def population(self) -> IntArray:
        """Return N_h of each stratum."""
        return np.bincount(
            self.stratum_of_cell, weights=self.frame.population(), minlength=len(self.strata)
        ).astype(np.int64)

    def count_by_stratum(self, chosen: BoolArray) -> IntArray:
        """Count the chosen of the n units in each stratum."""
        return np.bincount(self.stratum_of_cell[self.cell[chosen]], minlength=len(self.strata))

    def invitations_in_window(self) -> int:
        """Return how many invitations of the frame's units still count."""
        counts = self.past_day > self.day - self.rules.window_days
        return int(np.isin(self.past_unit[counts], self.in_frame).sum())


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


async def look_at_frame(found: Survey, rules: ContactRules, day: date, settings: Settings) -> SurveyFrame:
    """Read the register for a survey on a day. Inside a transaction that holds the lock for a draw."""
    await surveys.add_missing_strata(found.id)
    by_id = {one.id: one for one in await cells.list_cells()}
    strata = tuple(
        stratum
        for stratum in await surveys.list_strata(found.id)
        if all(one in by_id for one in stratum.cells)
    )
    owner = {one: position for position, stratum in enumerate(strata) for one in stratum.cells}
    cell_ids = np.array(sorted(owner), dtype=np.int64)
    units = await register_frame.read_units(never=NEVER)
    mine = np.isin(units["cell"], cell_ids)
    units = {name: column[mine] for name, column in units.items()}
    code = np.searchsorted(cell_ids, units["cell"]).astype(np.int64)
    in_frame = np.flatnonzero(units["standing"] == IN_FRAME)
    past = await _read_past(units["id"], rules, day, settings)
    return SurveyFrame(
        day=day.toordinal(),
        rules=rules,
        strata=strata,
        cell_ids=cell_ids,
        stratum_of_cell=np.array([owner[one] for one in cell_ids.tolist()], dtype=np.int64),
        cell=code,
        standing=units["standing"],
        last_invited=units["last_invited"],
        in_frame=in_frame,
        frame=Frame(
            ids=units["id"][in_frame],
            cell=code[in_frame],
            u=units["prn"][in_frame],
            ticket=units["ticket"][in_frame],
            active=np.ones(in_frame.shape, dtype=np.bool_),
            cells=tuple(by_id[one].key for one in cell_ids.tolist()),
            clocks=np.array([by_id[one].clock for one in cell_ids.tolist()], dtype=np.float64),
        ),
        past_unit=past["unit"],
        past_day=past["day"],
        past_seconds=past["planned_seconds"],
    )


async def _read_past(units: IntArray, rules: ContactRules, day: date, settings: Settings) -> Columns:
    """Return the invitations in the window to these units (ids, in order), each with its unit's position."""
    first = day - timedelta(days=rules.window_days - 1)
    since = datetime.combine(first, time(0), ZoneInfo(settings.time_zone))
    history = await register_frame.read_history(since, settings.time_zone)
    mine = np.isin(history["unit"], units)
    past = {name: column[mine] for name, column in history.items()}
    return past | {"unit": np.searchsorted(units, past["unit"]).astype(np.int64)}
