"""A survey's plan: what each stratum is to give, what that costs, and what cannot be reached at all."""

import msgspec


class StratumPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One stratum of a plan."""

    N: int
    """Units in the frame, resting ones included."""
    available: int
    """Units that may be asked at least once this year."""
    response: float
    """Expected share of invitations answered."""
    response_from: str
    """likelihood (the model's), or past (the stratum's own rate, shrunk to the overall one)."""
    answers: int
    """Answers needed."""
    invitations: int
    expected_answers: float
    expected_low: int
    """With `expected_high` the bounds within which the answers lie 95 % of the time."""
    expected_high: int
    margin: float | None
    """Expected of a figure for this stratum alone, in the least-asked block; null without answers."""
    seconds: int
    """What it asks of people: reading every invitation, and answering where an answer is expected."""
    reported: str
    """alone, with (and the other strata), exempt, or whole (only as part of the whole)."""


class Unreachable(msgspec.Struct, frozen=True, kw_only=True):
    """A group of strata (or all of them) that misses its precision even if everybody is asked."""

    strata: tuple[str, ...]
    needed: int
    reachable: float
    margin: float | None
    """The best that asking everybody gives."""
    merge_with: tuple[str, ...]
    """Strata with which it would reach the precision; none where no merging helps."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is priced and approved."""

    survey: str
    department: str
    method: str
    target_margin: float | None
    """Null where the number of invitations was given instead."""
    confidence: float
    least_asked: float
    """Share of respondents who get the least-asked block."""
    planned_seconds: int
    """Of the longest form."""
    answers: int
    invitations: int
    expected_answers: float
    expected_low: int
    expected_high: int
    model: int | None
    """The model of response likelihood that the response comes from; null without one."""
    replicates: tuple[float, ...]
    """Shares of the parts in which the draw is released."""
    expected_margin: float | None
    """Of the whole survey, in the least-asked block."""
    expected_margin_core: float | None
    """Of a question that everybody gets."""
    seconds: int
    by_stratum: dict[str, StratumPlan]
    unreachable: tuple[Unreachable, ...]
    exempt: tuple[str, ...]

    def numbers(self) -> dict[str, int]:
        """Invitations of each stratum."""
        return {name: one.invitations for name, one in self.by_stratum.items()}
