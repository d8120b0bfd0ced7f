"""How units stand before an invitation: the one place where rest, budget, promise and cap are judged.

Forecast, draw, gate and a person's own page all look through this module, so that they agree. Whatever
depends on a unit is judged on its whole history: another member's invitation is the household's, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.availability import NEVER, is_available, planned_in_window
from sampling.random_rests import rest_lots
from survey_service.db import frame, frame_history
from survey_service.db.beside import read_beside
from survey_service.db.cell import list_arm_cells
from survey_service.db.contact_limit import list_limits_of
from survey_service.db.contact_standing import IN_FRAME, PAUSED
from survey_service.domain.contact_limit import ContactLimit
from survey_service.services.gate.limit_standing import LimitStanding, read_limit_standing
from survey_service.settings import Settings

REASONS = (
    "left", "no_consent", "chose_none", "no_channel", "paused",
    "over_budget", "over_limit", "resting", "promised", "over_cap", "has_open_link",
)  # fmt: skip
"""Why a unit cannot be drawn, the first that applies. The first five stand outside the frame."""
ELIGIBLE = len(REASONS)
OUTSIDE = IN_FRAME
"""Reasons below this one stand outside the frame."""
_OVER_BUDGET, _OVER_LIMIT, _RESTING, _PROMISED, _OVER_CAP, _HAS_OPEN_LINK = range(OUTSIDE, ELIGIBLE)


class ContactRules(msgspec.Struct, frozen=True, kw_only=True):
    """The limits that protect people; written down with every draw."""

    rest_days: int
    cap_seconds: int
    window_days: int
    invitations: int
    """Most invitations in the window; a person may have chosen fewer."""
    form_seconds: int
    """Of the longest form, with which the cap is checked."""
    limits: tuple[ContactLimit, ...] = ()
    """Named limits that hold for the survey besides."""
    arm_rests: tuple[int, int] | None = None
    """Shortest and longest rest that is drawn by lot in the randomised arm; None: as everywhere else."""

    @classmethod
    def of(
        cls, settings: Settings, form_seconds: int, limits: tuple[ContactLimit, ...] = ()
    ) -> "ContactRules":
        """Take the limits from the settings, and the named ones."""
        return cls(
            rest_days=settings.rest_days,
            cap_seconds=settings.cap_minutes * 60,
            window_days=settings.cap_window_days,
            invitations=settings.invitations_a_year,
            form_seconds=form_seconds,
            limits=limits,
            arm_rests=(max(settings.rest_days, settings.random_rest_from), settings.random_rest_until),
        )


@dataclass(frozen=True, kw_only=True)
class UnitStanding:
    """n units, by id, with the m invitations of theirs that may still count. Days are ordinals."""

    rules: ContactRules
    ids: IntArray
    cell: IntArray
    """Id of each unit's cell."""
    u: FloatArray
    ticket: FloatArray
    in_arm: BoolArray
    """In the randomised arm, whose rests are drawn by lot."""
    is_active: BoolArray
    """Marked as in the frame, with a place in the queue (`place_units`)."""
    standing: IntArray
    last_invited: IntArray
    promised: IntArray
    resumes: IntArray
    frequency: IntArray
    busy_until: IntArray
    past_unit: IntArray
    """Position among the n of each past invitation's unit, shape (m,)."""
    past_day: IntArray
    past_seconds: IntArray
    limits: tuple[LimitStanding, ...] = ()
    """One for each named limit of the rules."""

    def is_in_frame(self, day: int) -> BoolArray:
        """Tell for each unit whether it is counted in N_h on a day; a pause may have ended by then."""
        resumed = (self.standing == PAUSED) & (self.resumes <= day)
        inside: BoolArray = (self.standing == IN_FRAME) | resumed
        return inside

    @cached_property
    def rests(self) -> IntArray:
        """Return for each unit the days that must pass after its last invitation."""
        rests = np.full(self.ids.shape, self.rules.rest_days, dtype=np.int64)
        if self.rules.arm_rests and self.in_arm.any():
            shortest, longest = self.rules.arm_rests
            rests[self.in_arm] = rest_lots(
                ids=self.ids[self.in_arm],
                last_invited=self.last_invited[self.in_arm],
                shortest=shortest,
                longest=max(shortest, longest),
            )
        return rests

    def reasons(self, day: int) -> IntArray:
        """Return for each unit the position of its reason on a day, or ELIGIBLE."""
        rules = self.rules
        count = self._sum_past(np.ones_like(self.past_unit), day)
        planned = self._sum_past(self.past_seconds, day)
        inside = self.is_in_frame(day)
        rested = is_available(day=day, active=inside, last_invited=self.last_invited, rest_days=self.rests)
        judged = [
            (~inside, self.standing),
            (count >= np.minimum(rules.invitations, self.frequency), _OVER_BUDGET),
            (self._is_limited(day), _OVER_LIMIT),
            (~rested, _RESTING),
            (self.promised > day, _PROMISED),
            (planned + rules.form_seconds > rules.cap_seconds, _OVER_CAP),
            (self.busy_until >= day, _HAS_OPEN_LINK),
        ]
        conditions, codes = zip(*judged, strict=True)
        found: IntArray = np.select(conditions, codes, ELIGIBLE).astype(np.int64)
        return found

    def days_of_change(self, day: int) -> IntArray:
        """Return, in order, the days from `day` on at which somebody's reason may change."""
        rules = self.rules
        ends = np.concatenate(
            [
                self.last_invited + self.rests,
                self.past_day + rules.window_days,
                self.promised,
                self.resumes,
                self.busy_until + 1,
                *(one.ends() for one in self.limits),
            ]
        )
        return np.unique(np.concatenate([[day], ends[(ends > day) & (ends < frame.FAR)]])).astype(np.int64)

    def take(self, positions: IntArray) -> "UnitStanding":
        """Return some of the units, given in order, with their past."""
        place = np.full(self.ids.size, -1, dtype=np.int64)
        place[positions] = np.arange(positions.size)
        kept = place[self.past_unit] >= 0
        return UnitStanding(
            rules=self.rules,
            **{name: getattr(self, name)[positions] for name in _OF_UNITS},
            past_unit=place[self.past_unit[kept]],
            past_day=self.past_day[kept],
            past_seconds=self.past_seconds[kept],
            limits=tuple(one.take(positions, place) for one in self.limits),
        )

    def most_invitations(self) -> IntArray:
        """Return for each unit how many invitations the window may hold, whatever the surveys are for."""
        most: IntArray = np.minimum(self.rules.invitations, self.frequency)
        for one in self.limits:
            if not one.limit.purpose and one.limit.window_days >= self.rules.window_days:
                most = np.where(one.applies, np.minimum(most, one.limit.invitations), most)
        return most

    def _is_limited(self, day: int) -> BoolArray:
        limited = np.zeros(self.ids.size, dtype=np.bool_)
        for one in self.limits:
            limited |= one.is_reached(day)
        return limited

    def _sum_past(self, amounts: IntArray, day: int) -> IntArray:
        return planned_in_window(
            member=self.past_unit,
            sent=self.past_day,
            planned=amounts,
            size=self.ids.size,
            day=day,
            window_days=self.rules.window_days,
        )


_OF_UNITS = (
    "ids", "cell", "u", "ticket", "in_arm", "is_active", "standing",
    "last_invited", "promised", "resumes", "frequency", "busy_until",
)  # fmt: skip


async def read_standing(
    rules: ContactRules,
    day: date,
    settings: Settings,
    *,
    units: Sequence[int] | None = None,
    sending_wave: int | None = None,
) -> UnitStanding:
    """Read how units (by id; all of them: None) stand, for judging days from `day` on.

    What is reserved for `sending_wave` is no obstacle to sending that wave.
    """
    zone = settings.time_zone
    first = day - timedelta(days=rules.window_days - 1)
    since = datetime.combine(first, time(0), ZoneInfo(zone))
    read_units = partial(
        frame.read_units, never=NEVER, time_zone=zone, units=units, sending_wave=sending_wave
    )
    read_history = partial(frame_history.read_history, since, zone, units)
    if units is None:
        rows, past = await read_beside(read_units, read_history)
    else:
        rows, past = await read_units(), await read_history()
    known, place = frame.find_positions(rows["id"], past["unit"])
    limits = [await read_limit_standing(one, rows["id"], day, zone, units) for one in rules.limits]
    return UnitStanding(
        rules=rules,
        ids=rows["id"],
        cell=rows["cell"],
        u=rows["prn"],
        ticket=rows["ticket"],
        in_arm=np.isin(rows["cell"], await list_arm_cells()),
        is_active=rows["is_active"],
        standing=rows["standing"],
        last_invited=rows["last_invited"],
        promised=rows["promised"],
        resumes=rows["resumes"],
        frequency=rows["frequency"],
        busy_until=rows["busy_until"],
        past_unit=place.astype(np.int64),
        past_day=past["day"][known],
        past_seconds=past["planned_seconds"][known],
        limits=tuple(limits),
    )


async def load_rules(settings: Settings, *, survey: int | None, form_seconds: int) -> ContactRules:
    """Return the rules for a survey (by id; None: whichever), with the named limits that hold now."""
    return ContactRules.of(settings, form_seconds, await list_limits_of(survey))
