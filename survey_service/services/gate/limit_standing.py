"""How units stand before one named limit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from sampling.arrays import BoolArray, IntArray
from survey_service.db import contact_limit
from survey_service.db.frame import find_positions
from survey_service.domain.contact_limit import ContactLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitStanding:
    """n units, and the m invitations that the limit counts. Days are ordinals."""

    limit: ContactLimit
    applies: BoolArray
    """Whether each of the n units has anybody whom the limit protects."""
    past_unit: IntArray
    """Position among the n of each invitation's unit, shape (m,)."""
    past_day: IntArray

    def is_reached(self, day: int) -> BoolArray:
        """Tell for each unit whether one invitation more would be too many on a day."""
        in_window = self.past_day > day - self.limit.window_days
        count = np.bincount(self.past_unit[in_window], minlength=self.applies.size)
        reached: BoolArray = self.applies & (count >= self.limit.invitations)
        return reached

    def ends(self) -> IntArray:
        """Return the days on which invitations leave the window."""
        days: IntArray = self.past_day + self.limit.window_days
        return days

    def take(self, positions: IntArray, place: IntArray) -> "LimitStanding":
        """Return some of the units; `place` has the new position of each of the n, -1 where it has none."""
        kept = place[self.past_unit] >= 0
        return LimitStanding(
            limit=self.limit,
            applies=self.applies[positions],
            past_unit=place[self.past_unit[kept]],
            past_day=self.past_day[kept],
        )

    def invite(self, positions: IntArray, day: int) -> "LimitStanding":
        """Return how it stands after some of the n units were invited."""
        return replace(
            self,
            past_unit=np.concatenate([self.past_unit, positions]),
            past_day=np.concatenate([self.past_day, np.full_like(positions, day)]),
        )


async def read_limit_standing(
    limit: ContactLimit, ids: IntArray, day: date, time_zone: str, units: Sequence[int] | None
) -> LimitStanding:
    """Read how the units with these ids, in order, stand; `units` is what was asked for (all: None)."""
    first = day - timedelta(days=limit.window_days - 1)
    since = datetime.combine(first, time(0), ZoneInfo(time_zone))
    past = await contact_limit.read_counted(limit, since, time_zone, units)
    applies = np.ones(ids.size, dtype=np.bool_)
    if limit.attribute:
        protected = await contact_limit.read_protected(limit, units)
        applies = np.isin(ids, protected["unit"])
    known, place = find_positions(ids, past["unit"])
    return LimitStanding(
        limit=limit,
        applies=applies,
        past_unit=place.astype(np.int64),
        past_day=past["day"][known],
    )
