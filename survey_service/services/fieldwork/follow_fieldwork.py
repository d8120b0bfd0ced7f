"""How far a wave is: the precision of each figure now, what is still to come, and what stopping now gives."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import msgspec
import numpy as np

from sampling.invitations import shrink_response
from sampling.precision import answers_needed, margin_of_error
from survey_service.db import fieldwork
from survey_service.db.fieldwork import FieldworkFacts, FormAnswers
from survey_service.domain.burden import invitation_seconds
from survey_service.domain.fieldwork import (
    GroupProgress,
    ReminderEffect,
    StratumProgress,
    WaveProgress,
    effective_answers,
)
from survey_service.domain.reminder_worth import FIRST_GAINS, ReminderWorth, judge_reminder
from survey_service.settings import Settings

PSEUDO_INVITATIONS = 20
LEAST_MEASURED = 200
"""People in the smaller group of the hold-outs from which on they say what a reminder does, not the trial."""


class StopNow(msgspec.Struct, frozen=True, kw_only=True):
    """What stopping now gives, beside going on."""

    strata: tuple[str, ...]
    margin_now: float | None
    margin_then: float | None
    """Expected when everything drawn is released and those who wait have answered as others did."""
    saved_invitations: int
    saved_seconds: int
    """Of people's time, for reading invitations and answering."""


class FieldworkStatus(msgspec.Struct, frozen=True, kw_only=True):
    """All of a wave's fieldwork at one moment."""

    facts: FieldworkFacts
    strata: tuple[StratumProgress, ...]
    progress: WaveProgress
    reminders: dict[str, ReminderWorth]
    """By stratum: whether the next reminder is worth it."""
    effect: ReminderEffect
    """Of this wave's first reminders."""
    stop_now: tuple[StopNow, ...]


async def follow_fieldwork(facts: FieldworkFacts, settings: Settings, *, at: datetime) -> FieldworkStatus:
    """Look at everything that decides the next step. Writes nothing."""
    counts = await fieldwork.count_strata(facts.wave, at)
    answers = await fieldwork.count_answers(facts.wave)
    blocks = await fieldwork.list_form_blocks([one.form for one in answers])
    released = await fieldwork.list_released(facts.wave)
    rounds = await fieldwork.count_rounds(facts.wave)
    given, least = _count(answers, blocks)
    strata = tuple(
        StratumProgress(
            name=one.name,
            population=one.population,
            released=one.released,
            answered=given[one.name],
            answered_least=least[one.name],
            waiting=one.waiting,
            reserved=one.reserved,
        )
        for one in counts
    )
    groups = _groups(facts, strata)
    moments = [moment for moment in released.values() if moment is not None]
    effect = ReminderEffect(**dict(zip(_EFFECT, await fieldwork.count_effect(facts.wave), strict=True)))
    gain = await _gain(rounds)
    return FieldworkStatus(
        facts=facts,
        strata=strata,
        progress=WaveProgress(
            groups=groups,
            unreleased=[number for number, moment in released.items() if moment is None],
            last_released_at=max(moments, default=None),
            reminders_sent=rounds,
            most_reminders=min(settings.reminders, 2),
            is_over=not any(one.waiting or one.reserved for one in strata),
        ),
        reminders=_judge_reminders(facts, strata, groups, gain),
        effect=effect,
        stop_now=tuple(_stop_now(facts, group, strata) for group in groups),
    )


_EFFECT = ("reminded", "reminded_answered", "held_out", "held_out_answered")


def _count(
    answers: Sequence[FormAnswers], blocks: dict[int, tuple[str, ...]]
) -> tuple[dict[str, int], dict[str, int]]:
    """Count forms by stratum, and of each stratum those of the block that was answered least."""
    given: dict[str, int] = defaultdict(int)
    by_block: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in answers:
        given[one.name] += one.answers
        for block in blocks.get(one.form, ()):
            by_block[one.name][block] += one.answers
    every = {block for names in blocks.values() for block in names}
    least = defaultdict(
        int,
        {
            name: min((by_block[name].get(block, 0) for block in every), default=total)
            for name, total in given.items()
        },
    )
    return given, least


def _groups(facts: FieldworkFacts, strata: Sequence[StratumProgress]) -> list[GroupProgress]:
    needed = answers_needed(facts.margin, confidence=facts.confidence)
    groups = []
    for names in facts.groups:
        answers = effective_answers([one for one in strata if one.name in names])
        groups.append(
            GroupProgress(
                strata=names, answers=answers, needed=needed, margin=_margin(answers, facts.confidence)
            )
        )
    return groups


def _margin(answers: float, confidence: float) -> float | None:
    return margin_of_error(max(1, int(answers)), confidence=confidence) if answers >= 1 else None


def _rate(one: StratumProgress, strata: Sequence[StratumProgress]) -> float:
    """What an invitation brings in a stratum of this wave, drawn to the rate of all where few were sent."""
    settled = [max(0, each.released - each.waiting) + each.answered for each in strata]
    everybody = sum(each.answered for each in strata) / max(1, sum(settled))
    rate = shrink_response(
        np.array([one.answered]),
        np.array([max(one.answered, one.released - one.waiting + one.answered)]),
        pseudo_invitations=PSEUDO_INVITATIONS,
        prior=everybody,
    )
    return float(rate[0])


async def _gain(rounds: int) -> float:
    """What a reminder brings: as measured by the service's own hold-outs, once they are large enough."""
    measured = ReminderEffect(**dict(zip(_EFFECT, await fieldwork.count_effect(None), strict=True)))
    difference = measured.difference
    if rounds == 0 and difference is not None and min(measured.reminded, measured.held_out) >= LEAST_MEASURED:
        return max(0.0, difference)
    return FIRST_GAINS[min(rounds, len(FIRST_GAINS) - 1)]


def _judge_reminders(
    facts: FieldworkFacts,
    strata: Sequence[StratumProgress],
    groups: Sequence[GroupProgress],
    gain: float,
) -> dict[str, ReminderWorth]:
    """Judge each stratum of a reported group; what a group still misses is shared by who waits in it."""
    by_name = {one.name: one for one in strata}
    judged = {}
    for group in groups:
        members = [by_name[name] for name in group.strata if name in by_name]
        waiting = sum(one.waiting for one in members)
        for one in members:
            share = one.waiting / waiting if waiting else 0.0
            missing = max(0.0, group.needed - group.answers) * share
            judged[one.name] = judge_reminder(
                needed=one.answered + (0 if group.is_reached else max(1, round(missing))),
                answered=one.answered,
                waiting=one.waiting,
                gain=gain,
                response=_rate(one, strata),
                left_to_invite=one.reserved,
            )
    return judged


def _stop_now(facts: FieldworkFacts, group: GroupProgress, strata: Sequence[StratumProgress]) -> StopNow:
    members = [one for one in strata if one.name in group.strata]
    then = []
    for one in members:
        rate = _rate(one, strata)
        more = rate * (one.reserved + one.waiting)
        least = one.answered_least / one.answered if one.answered else 1.0
        then.append(
            msgspec.structs.replace(
                one,
                answered=round(one.answered + more),
                answered_least=round(one.answered_least + more * least),
            )
        )
    reserved = sum(one.reserved for one in members)
    answering = sum(_rate(one, strata) * one.reserved for one in members) * ANSWERING_SECONDS
    return StopNow(
        strata=group.strata,
        margin_now=group.margin,
        margin_then=_margin(effective_answers(then), facts.confidence),
        saved_invitations=reserved,
        saved_seconds=round(reserved * invitation_seconds + answering),
    )


ANSWERING_SECONDS = 180
"""Of an answer that is not asked for: the three minutes a form aims at."""
