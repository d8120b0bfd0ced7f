"""What a policy is told and what it says: the past, and whom it asks."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.availability import NEVER


@dataclass(slots=True)
class History:
    """What became of the n people so far: the invitations, flat and in order, and who has left."""

    active: BoolArray
    last_invited: IntArray
    member: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    sent: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    planned_seconds: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    answered: BoolArray = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    @classmethod
    def of(cls, size: int) -> "History":
        """Begin: everybody is there and nobody was ever asked."""
        return cls(np.ones(size, dtype=np.bool_), np.full(size, NEVER, dtype=np.int64))

    def add(self, day: int, invited: IntArray, planned_seconds: int, answered: BoolArray) -> None:
        """Write down one survey; `answered` tells of each of those invited."""
        self.last_invited[invited] = day
        self.member = np.concatenate([self.member, invited])
        self.sent = np.concatenate([self.sent, np.full(invited.shape, day)])
        self.planned_seconds = np.concatenate([self.planned_seconds, np.full(invited.shape, planned_seconds)])
        self.answered = np.concatenate([self.answered, answered])


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whom a policy asks."""

    invited: IntArray
    """Positions, shape (m,)."""
    probability: FloatArray
    """Of being asked, of everybody: 0 for those who left, shape (n,)."""
    missing: int
    """Invitations that were wanted and that nobody was available for."""


class Policy(Protocol):
    """One way to choose whom to ask."""

    @property
    def minutes(self) -> float:
        """Planned length of the form that a respondent gets."""

    def choose(self, survey: int, day: int, history: History) -> Choice:
        """Say who is asked in a survey."""
