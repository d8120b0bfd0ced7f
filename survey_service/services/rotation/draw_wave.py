"""Draw a wave and invite whom it gives, at once or later: one transaction, everything or nothing.

Order: the register's lock, then wave, draw, strata, replicates, members; then either invitations that are
only reserved, or what `send_invitations` writes. Whoever draws at the same moment waits at the lock and then
reads what was written here, so that two draws together keep everybody's rest, cap and budget.
"""

from datetime import date

import numpy as np

from sampling.arrays import IntArray
from sampling.draw import ALGORITHM
from sampling.errors import SamplingError
from survey_service.db import audit_event, frame, register
from survey_service.db.engine import transaction
from survey_service.domain.errors import Conflict, LimitReached
from survey_service.services.gate.contact_gate import refuse_frozen
from survey_service.services.gate.unit_standing import load_rules
from survey_service.services.messages.send_invitations import send_drawn
from survey_service.services.planning.spend_approval import (
    check_approval,
    share_replicates,
    share_wave,
    spend_approval,
)
from survey_service.services.questionnaires.manage_survey import get_newest_version, get_survey
from survey_service.services.rotation.drawing import (
    Drawing,
    DrawResult,
    MemberDrawn,
    RecordedRules,
    find_next_wave,
    seed_of_wave,
)
from survey_service.services.rotation.frozen_frame import FrozenFrame, People
from survey_service.services.rotation.reserve_members import record_draw, reserve_members, write_members
from survey_service.services.rotation.select_members import StratumAsked, draw_units, select_members
from survey_service.services.rotation.survey_frame import (
    SurveyFrame,
    check_day,
    hash_of,
    prepare_frame,
    to_instant,
    today,
)
from survey_service.settings import Settings, load_secret_key

SHORTEST_HASH = 8
"""Characters of a frame's hash that tell it from others."""


async def draw_wave(
    slug: str,
    settings: Settings,
    *,
    at: date | None = None,
    seed: str | None = None,
    n: int | None = None,
    staff: int | None = None,
    expected_frame: str | None = None,
    reserve_only: bool = False,
) -> DrawResult:
    """Draw the next wave of an open survey for a day (today), and invite everybody drawn.

    With the hash of a forecast's frame, a register that has changed since is noticed and nothing is drawn.
    Without a seed it is the wave's own, with which a forecast reckons.
    """
    secret_key = load_secret_key(settings)
    async with transaction():
        await register.lock_register()
        await refuse_frozen("invitation", (await get_survey(slug)).id)
        drawing = await select_wave(slug, settings, at or today(settings), seed, n)
        _check_frame(drawing, expected_frame)
        recorded = await record_draw(drawing)
        if drawing.approval is not None:
            await spend_approval(drawing.approval, recorded.draw, staff=staff)
        ready = await write_members(drawing, recorded, secret_key=secret_key)
        if reserve_only:
            await reserve_members(drawing, recorded, ready, link_days=settings.link_days)
        else:
            await send_drawn(
                drawing.found, recorded.wave, ready.invitations, settings,
                at=drawing.at, form_seconds=drawing.look.rules.form_seconds,
            )  # fmt: skip
        await audit_event.add_audit_event(
            staff=staff, action="survey.draw", object_kind="draw", object_id=str(recorded.draw),
            detail={"survey": slug, "drawn": len(ready.members)},
        )  # fmt: skip
    return _to_result(drawing, recorded.draw, ready.members)


async def select_wave(slug: str, settings: Settings, day: date, seed: str | None, n: int | None) -> Drawing:
    """Select what `draw_wave` would write down. In a transaction that holds the register's lock."""
    found = await get_survey(slug)
    if found.state != "open":
        hint = f"Run: survey-service survey open {slug}" if found.state == "draft" else None
        raise Conflict(f"The survey {slug} is not open, so its links would lead nowhere.", hint=hint)
    await check_day(day, settings)
    version = await get_newest_version(found)
    longest = max(form.planned_seconds for form in version.forms.values())
    rules = await load_rules(settings, survey=found.id, form_seconds=longest)
    look = await prepare_frame(found, rules, day, settings)
    needed = await share_wave(found, look, settings, n)
    parts = await share_replicates(found)
    recorded = _share_out(look, needed, settings.stratum_minimum, version.id, parts)
    number, label = await find_next_wave(found)
    seed = seed or seed_of_wave(load_secret_key(settings), label)
    nobody = People(ids=np.empty(0, np.int64), unit=np.empty(0, np.int64), u=np.empty(0), ticket=np.empty(0))
    empty = FrozenFrame(frame=look.frame, available=look.available(), people=nobody)
    try:
        units = draw_units(empty, recorded.strata, seed=seed, label=label)
        drawn = look.frame.ids[units.selected].tolist()
        columns = await frame.read_people(drawn)
        people = People(ids=columns["id"], unit=columns["unit"], u=columns["prn"], ticket=columns["ticket"])
        frozen = FrozenFrame(frame=look.frame, available=empty.available, people=people)
        forms = tuple(version.forms.values())
        selection = select_members(frozen, recorded.strata, forms, seed=seed, label=label, shares=parts)
    except SamplingError as error:
        raise LimitReached(str(error)) from error
    if not drawn:
        raise LimitReached("Nobody may be asked on this day.", hint="See `survey-service forecast`.")
    approval = await check_approval(found, settings, look, asked=recorded.n, drawn=len(drawn))
    return Drawing(
        found=found, version=version, wave=number, label=label, seed=seed, day=day,
        at=to_instant(day, settings), look=look, rules=recorded, frozen=frozen, selection=selection,
        approval=approval,
    )  # fmt: skip


def _check_frame(drawing: Drawing, expected: str | None) -> None:
    found = hash_of(drawing.look)
    if expected is not None and len(expected) < SHORTEST_HASH:
        raise Conflict(
            "So few characters do not name a frame.",
            expected=f"{SHORTEST_HASH} characters or more of the forecast's frame",
            got=repr(expected),
        )
    if expected is not None and not found.startswith(expected):
        raise Conflict(
            "The register has changed since the forecast.",
            expected=f"frame {expected[:16]}",
            got=f"frame {found[:16]}",
            hint="Forecast again, and draw with the new frame.",
        )


def _share_out(
    look: SurveyFrame, needed: IntArray, minimum: int, version: int, replicates: tuple[float, ...]
) -> RecordedRules:
    population = look.population()
    key_of = dict(zip(look.cell_ids.tolist(), look.frame.cells, strict=True))
    strata = tuple(
        StratumAsked(
            id=stratum.id,
            name=stratum.name,
            cells=tuple(key_of[one] for one in stratum.cells),
            asked=int(needed[place]),
        )
        for place, stratum in enumerate(look.strata)
        if population[place]
    )
    return RecordedRules(
        n=int(needed.sum()),
        minimum=minimum,
        limits=look.rules,
        strata=strata,
        questionnaire_version=version,
        replicates=replicates,
    )


def _to_result(drawing: Drawing, draw_id: int, members: list[MemberDrawn]) -> DrawResult:
    return DrawResult(
        draw=draw_id,
        survey=drawing.found.slug,
        wave=drawing.wave,
        at=drawing.day.isoformat(),
        seed=drawing.seed,
        frame_hash=hash_of(drawing.look),
        algorithm=ALGORITHM,
        by_stratum=drawing.by_stratum(),
        members=members,
    )
