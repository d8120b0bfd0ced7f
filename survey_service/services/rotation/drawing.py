"""What a draw is while it is made, and what is told of it afterwards."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from survey_service.db import draw
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

    def by_stratum(self) -> dict[str, StratumDrawn]:
        """What each stratum gave, by its name."""
        units = self.selection.units
        return {
            one.name: StratumDrawn(
                N=int(units.population[place]),
                asked=one.asked,
                drawn=int(units.drawn[place]),
                shortfall=int(units.shortfall[place]),
            )
            for place, one in enumerate(self.rules.strata)
        }


async def find_next_wave(found: Survey) -> tuple[int, str]:
    """Return number and name of the wave that would be drawn next."""
    number = await draw.count_waves(found.id) + 1
    return number, f"{found.slug}/{number}"


def seed_of_wave(secret_key: bytes, label: str) -> str:
    """Return the seed of a wave that is given no other.

    Nobody outside knows it before the draw, and nobody inside can throw again until a lot pleases: the
    same wave has the same seed, whenever it is drawn. So a forecast knows how the draw will round.
    """
    return hmac.new(secret_key, f"seed of the draw {label}".encode(), hashlib.sha256).hexdigest()[:32]
