"""Answers to anonymous surveys: which of them may leave the sealed box together, and what they still say.

Who drew and invited people knows everybody's draw, stratum and weight, and on which day each link was used.
Nothing of that may single out an answer. So answers leave the box ten or more at a time that agree in all of
it, and ten stay behind while a survey is open: no two looks at the database, on whatever days, differ by
fewer. What is left at the end loses its weight, or its stratum, until ten agree.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import msgspec

from survey_service.domain.questionnaire import Question, Questionnaire

LEAST_TOGETHER = 10
"""Answers that leave the box together at least; the smallest cell that tables show, too."""

DAYS_KEPT = 30
"""So long after a survey has closed what could not be opened stays sealed; then it is deleted."""


class Layer(msgspec.Struct, frozen=True, order=True):
    """The part of the sample a person was drawn in."""

    draw: int
    stratum: int


class Kind(msgspec.Struct, frozen=True, order=True):
    """What an answer shares with others, all of it known of the invited person, too."""

    version: int
    """Of the questionnaire, by id."""
    notice: str
    """The version of the privacy notice that was in force."""
    layer: Layer
    weight: float


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Kinds that leave the box as one, and how many answers of them together."""

    kinds: tuple[Kind, ...]
    take: int
    layer: Layer | None
    """What is still said of them; None where too few are of any one stratum."""

    @property
    def is_exact(self) -> bool:
        """True where all have the same weight; else each gets the mean, which leaves their sum as it was."""
        return len(self.kinds) == 1


def end_of_day(at: datetime) -> datetime:
    """The last second of a day: all that is kept of when a link was used.

    Not its first, so that it comes after an invitation or a reminder of the same day.
    """
    return at.replace(hour=23, minute=59, second=59, microsecond=0)


def identifying_questions(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """Questions of an anonymous survey that may tell who somebody is: whole postcodes, and what is remembered
    of people elsewhere, so that their answers here could be laid beside it."""
    return tuple(
        one
        for one in (questionnaire.questions() if questionnaire.is_anonymous else ())
        if one.remember_as or (one.type == "postcode" and one.appearance != "area")
    )


def plan_mix(sealed: Mapping[Kind, int], *, is_over: bool) -> tuple[Batch, ...]:
    """Decide which answers leave the box; what is in no batch stays sealed.

    `is_over` says that the survey takes no more answers.
    """
    if not is_over:
        return tuple(
            Batch(kinds=(kind,), take=count - LEAST_TOGETHER, layer=kind.layer)
            for kind, count in sorted(sealed.items())
            if count >= 2 * LEAST_TOGETHER
        )
    # Version and notice show in the answers themselves and cannot be left out: each has a box of its own.
    boxes: dict[tuple[int, str], dict[Kind, int]] = defaultdict(dict)
    for kind, count in sorted(sealed.items()):
        boxes[kind.version, kind.notice][kind] = count
    return tuple(batch for box in boxes.values() for batch in _empty(box))


def _empty(box: Mapping[Kind, int]) -> list[Batch]:
    by_layer: dict[Layer, dict[Kind, int]] = defaultdict(dict)
    for kind, count in box.items():
        by_layer[kind.layer][kind] = count
    batches: list[Batch] = []
    crumbs: dict[Kind, int] = {}
    for layer, kinds in by_layer.items():
        if sum(kinds.values()) < LEAST_TOGETHER:
            crumbs |= kinds
        else:
            batches += _merge_weights(layer, kinds)
    if crumbs and sum(crumbs.values()) < LEAST_TOGETHER and batches:
        # Nine people without a stratum would be known as those of the small strata: they hide among others.
        smallest = min(batches, key=lambda batch: batch.take)
        batches.remove(smallest)
        crumbs |= {kind: box[kind] for kind in smallest.kinds}
    if sum(crumbs.values()) >= LEAST_TOGETHER:
        batches.append(Batch(kinds=tuple(crumbs), take=sum(crumbs.values()), layer=None))
    return batches


def _merge_weights(layer: Layer, kinds: Mapping[Kind, int]) -> list[Batch]:
    """Weights that ten or more have stay as they are; the others become their mean."""
    whole = {kind: count for kind, count in kinds.items() if count >= LEAST_TOGETHER}
    rare = {kind: count for kind, count in kinds.items() if kind not in whole}
    if rare and sum(rare.values()) < LEAST_TOGETHER:
        smallest = min(whole, key=lambda kind: whole[kind])
        rare[smallest] = whole.pop(smallest)
    batches = [Batch(kinds=(kind,), take=count, layer=layer) for kind, count in whole.items()]
    if rare:
        batches.append(Batch(kinds=tuple(rare), take=sum(rare.values()), layer=layer))
    return batches
