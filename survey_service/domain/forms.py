"""Short forms of one questionnaire: the core and some blocks each, so that every pair of blocks meets."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from itertools import combinations
from math import comb

from survey_service.domain.errors import LimitReached
from survey_service.domain.length import count_points, plan_seconds
from survey_service.domain.questionnaire import Form, Questionnaire

most_forms = 20
core_only_key = "core"
_rounding = 1e-9
"""Shares such as 1/10 are not exact in binary: ten times 1/10 must still count as one."""


def make_balanced_forms(questionnaire: Questionnaire, *, blocks_per_form: int) -> tuple[Form, ...]:
    """One form for every choice of `blocks_per_form` blocks, all with the same share.

    Five blocks, two a form: ten forms of share 1/10, each block in 4/10 and each pair in 1/10 of them.
    A questionnaire with no more blocks than that has one form with everything. Raises `LimitReached`
    when the choices would be more than `most_forms`.
    """
    names = [block.name for block in questionnaire.blocks]
    chosen = max(0, min(blocks_per_form, len(names)))
    count = comb(len(names), chosen)
    if count > most_forms:
        raise LimitReached(
            f"{len(names)} blocks taken {chosen} at a time make {count} forms.",
            expected=f"at most {most_forms} forms",
            hint="Use fewer, larger blocks, or another number of blocks a form.",
        )
    return tuple(_make_form(questionnaire, blocks, 1 / count) for blocks in combinations(names, chosen))


def _make_form(questionnaire: Questionnaire, block_names: tuple[str, ...], share: float) -> Form:
    form = Form(
        key="+".join(block_names) or core_only_key,
        block_names=block_names,
        share=share,
        points=0,
        planned_seconds=0,
    )
    points = count_points(form.questions_of(questionnaire))
    return Form(
        key=form.key,
        block_names=block_names,
        share=share,
        points=points,
        planned_seconds=plan_seconds(points),
    )


def assign_forms(
    forms: Sequence[Form],
    strata: Sequence[str],
    *,
    key: bytes,
    assigned_before: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[Form, ...]:
    """A form for each invitation, in the order of release; `strata` holds the stratum of each.

    In every stratum, and after every single invitation, each form was given its share to within one.
    Next comes the form that is due first among those behind their share; equal claims are settled by a
    hash under `key`, so nobody can foresee them and a replay gives the same forms. With equal shares
    the form due first is the one with the largest deficit. With unequal shares the largest deficit
    alone can fall behind by more than one (1.14 was seen in 3,000 random cases); taking the one due
    first cannot (Tijdeman 1980, "The chairman assignment problem", Discrete Mathematics 32).

    `assigned_before` (stratum, then form key, to a count) continues an earlier release.
    """
    if abs(sum(form.share for form in forms) - 1) > _rounding:
        raise ValueError("the shares of the forms must add up to 1")
    counts = {stratum: dict(given) for stratum, given in (assigned_before or {}).items()}
    result: list[Form] = []
    for stratum in strata:
        given = counts.setdefault(stratum, {})
        form = _next_form(forms, given, stratum, key)
        given[form.key] = given.get(form.key, 0) + 1
        result.append(form)
    return tuple(result)


def _next_form(forms: Sequence[Form], given: Mapping[str, int], stratum: str, key: bytes) -> Form:
    place = sum(given.values()) + 1
    behind = [form for form in forms if form.share * place - given.get(form.key, 0) > _rounding]
    due = {form.key: (given.get(form.key, 0) + 1) / form.share for form in behind}
    first_due = min(due.values())
    tied = [form for form in behind if due[form.key] <= first_due + _rounding]
    if len(tied) == 1:
        return tied[0]
    return min(tied, key=lambda form: _hash(key, f"{stratum}|{place}|{form.key}"))


def _hash(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
