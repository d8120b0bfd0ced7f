"""What became of each invitation, and the rates made of it, by the AAPOR Standard Definitions.

The formulas are those for named lists: I complete, P partial, R refusal and break-off, NC non-contact,
O other, UH and UO unknown whether eligible, e the share of the unknown that is estimated to be eligible
(American Association for Public Opinion Research, "Standard Definitions", 10th edition, 2023).
"""

from typing import Literal

import msgspec

Completeness = Literal["complete", "partial", "break_off"]


class Dispositions(msgspec.Struct, frozen=True, kw_only=True):
    """How many invitations ended in each way."""

    complete: int = 0
    partial: int = 0
    refusal: int = 0
    """Refusals and break-offs."""
    non_contact: int = 0
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0


class ResponseRates(msgspec.Struct, frozen=True, kw_only=True):
    """The rates under their AAPOR names; None where there was nobody to divide by."""

    RR1: float | None
    RR2: float | None
    RR3: float | None
    RR4: float | None
    RR5: float | None
    RR6: float | None
    COOP1: float | None
    COOP2: float | None
    COOP3: float | None
    COOP4: float | None
    REF1: float | None
    REF2: float | None
    REF3: float | None
    CON1: float | None
    CON2: float | None
    CON3: float | None


def judge_completeness(*, answered: int, applicable: int) -> Completeness:
    """Complete from 80 % of the applicable questions of the form served, partial from 50 %.

    Whole numbers, so that 4 of 5 is 80 % and not a little less. Someone to whom no question applied
    has nothing left to answer.
    """
    if answered * 100 >= applicable * 80:
        return "complete"
    return "partial" if answered * 100 >= applicable * 50 else "break_off"


def response_rates(counts: Dispositions, *, eligible_share: float = 1.0) -> ResponseRates:
    """All rates. `eligible_share` is e; 1 counts everybody unknown as eligible."""
    complete, refusal, other = counts.complete, counts.refusal, counts.other
    answered = complete + counts.partial
    contacted = answered + refusal + other
    known = contacted + counts.non_contact
    unknown = counts.unknown_household + counts.unknown_other
    estimated = known + eligible_share * unknown
    everybody = known + unknown
    return ResponseRates(
        RR1=_share(complete, everybody),
        RR2=_share(answered, everybody),
        RR3=_share(complete, estimated),
        RR4=_share(answered, estimated),
        RR5=_share(complete, known),
        RR6=_share(answered, known),
        COOP1=_share(complete, contacted),
        COOP2=_share(answered, contacted),
        COOP3=_share(complete, answered + refusal),
        COOP4=_share(answered, answered + refusal),
        REF1=_share(refusal, everybody),
        REF2=_share(refusal, estimated),
        REF3=_share(refusal, known),
        CON1=_share(contacted, everybody),
        CON2=_share(contacted, estimated),
        CON3=_share(contacted, known),
    )


def estimate_eligible_share(*, eligible: int, ineligible: int) -> float:
    """e by proportional allocation: the unknown are eligible as often as the known; 1 when none is known."""
    known = eligible + ineligible
    return eligible / known if known else 1.0


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
