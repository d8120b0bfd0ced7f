"""What a draw is while it is made, and what is told of it afterwards."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from survey_service.db.approval import ApprovalFacts
from survey_service.db.served_form import ServedVersion
from survey_service.db.survey import Survey
from survey_service.services.gate.unit_standing import ContactRules
from survey_service.services.rotation.frozen_frame import FrozenFrame
from survey_service.services.rotation.select_members import REPLICATE_SHARES, Selection, StratumAsked
from survey_service.services.rotation.survey_frame import SurveyFrame


class RecordedRules(msgspec.Struct, frozen=True, kw_only=True):
    """Stored with a draw: what it asked for, under which limits."""

    n: int
    minimum: int
    limits: ContactRules
    strata: tuple[StratumAsked, ...]
    questionnaire_version: int
    replicates: tuple[float, ...] = REPLICATE_SHARES
    """Parts in which it is released."""


class StratumDrawn(msgspec.Struct, frozen=True, kw_only=True):
    """What one stratum gave."""

    N: int
    asked: int
    drawn: int
    shortfall: int


class MemberDrawn(msgspec.Struct, frozen=True, kw_only=True):
    """One member as other programs see it: by reference and name."""

    contact: str
    unit: str
    cell: str
    stratum: str
    ticket_before: float
    inclusion_probability: float
    weight: float
    replicate: int
    form: str


class DrawResult(msgspec.Struct, frozen=True, kw_only=True):
    """The keys are those other programs rely on."""

    draw: int
    survey: str
    wave: int
    at: str
    seed: str
    frame_hash: str
    algorithm: str
    by_stratum: dict[str, StratumDrawn]
    members: list[MemberDrawn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A draw while it is being made."""

    found: Survey
    version: ServedVersion
    wave: int
    label: str
    seed: str
    day: date
    at: datetime
    look: SurveyFrame
    rules: RecordedRules
    frozen: FrozenFrame
    selection: Selection
    approval: ApprovalFacts | None
    """That the draw is made under; none where it is small enough without."""
