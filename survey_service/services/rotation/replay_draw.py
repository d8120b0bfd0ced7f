"""Make a draw again from its seed and its frozen frame, and compare with what was recorded."""

import msgspec

from sampling.draw import ALGORITHM
from sampling.errors import SamplingError
from sampling.frame import frame_hash
from survey_service.db import draw, served_form
from survey_service.db.draw import DrawnMember
from survey_service.domain.errors import Conflict, NotFound
from survey_service.services.rotation.drawing import RecordedRules
from survey_service.services.rotation.frozen_frame import FrozenFrame, thaw
from survey_service.services.rotation.select_members import Selection, select_members

MOST_DIFFERENCES = 50
_COMPARED = (
    "contact", "position", "replicate", "form", "ticket_before", "inclusion_probability", "weight",
)  # fmt: skip


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What the comparison gave; `differences` holds the first ones in words."""

    draw: int
    survey: str
    seed: str
    frame_hash: str
    members: int
    identical: bool
    differences: list[str]


async def replay_draw(draw_id: int) -> Replay:
    """Replay a recorded draw. Nothing is changed."""
    facts = await draw.find_draw(draw_id)
    if facts is None:
        raise NotFound(f"There is no draw {draw_id}.")
    if facts.algorithm != ALGORITHM:
        raise Conflict("The draw was made by another algorithm.", expected=ALGORITHM, got=facts.algorithm)
    rules = msgspec.json.decode(facts.rules, type=RecordedRules)
    versions = await served_form.find_served_versions([rules.questionnaire_version])
    forms = tuple(versions[rules.questionnaire_version].forms.values())
    frozen = thaw(facts.frame)
    found_hash = frame_hash(frozen.frame, available=frozen.available)
    recorded = await draw.list_drawn(draw_id)
    try:
        again = select_members(
            frozen, rules.strata, forms, seed=facts.seed, label=f"{facts.survey}/{facts.wave}",
            shares=rules.replicates,
        )  # fmt: skip
        differences = _compare(recorded, _to_members(again, frozen))
    except SamplingError as error:
        differences = [f"the selection cannot be made again: {error}"]
    if found_hash != facts.frame_hash.hex():
        differences.insert(0, f"frame: its hash is {found_hash}, recorded was {facts.frame_hash.hex()}")
    return Replay(
        draw=draw_id,
        survey=facts.survey,
        seed=facts.seed,
        frame_hash=facts.frame_hash.hex(),
        members=len(recorded),
        identical=not differences,
        differences=differences[:MOST_DIFFERENCES],
    )


def _to_members(again: Selection, frozen: FrozenFrame) -> dict[int, dict[str, object]]:
    columns = (
        again.contact, again.position, again.replicate, [form.key for form in again.forms],
        again.units.ticket_before, again.people.probability, again.people.weight,
    )  # fmt: skip
    lists = [column if isinstance(column, list) else column.tolist() for column in columns]
    units = frozen.frame.ids[again.units.selected].tolist()
    return {
        unit: dict(zip(_COMPARED, row, strict=True))
        for unit, row in zip(units, zip(*lists, strict=True), strict=True)
    }


def _compare(recorded: list[DrawnMember], again: dict[int, dict[str, object]]) -> list[str]:
    known = {member.unit: {name: getattr(member, name) for name in _COMPARED} for member in recorded}
    differences = [f"unit {unit}: recorded, not drawn again" for unit in known.keys() - again.keys()]
    differences += [f"unit {unit}: drawn again, not recorded" for unit in again.keys() - known.keys()]
    differences += [
        f"unit {unit}: {name} was {was}, is {again[unit][name]}"
        for unit in known.keys() & again.keys()
        for name, was in known[unit].items()
        if again[unit][name] != was
    ]
    return sorted(differences)
