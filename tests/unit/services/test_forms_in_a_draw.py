"""Forms as a draw really gives them out: in order of release, in their shares, whoever the members are."""

from collections import Counter

import numpy as np
import pytest

from sampling.frame import Frame
from sampling.replicates import split_replicates
from survey_service.domain.questionnaire import Form
from survey_service.services.rotation.frozen_frame import FrozenFrame, People
from survey_service.services.rotation.select_members import (
    REPLICATE_SHARES,
    Selection,
    StratumAsked,
    select_members,
)

FORMS = tuple(
    Form(key=key, block_names=(), share=share, points=1, planned_seconds=1)
    for key, share in (("a", 0.37), ("b", 0.29), ("c", 0.21), ("d", 0.13))
)
SIZES = {"resident": 3_000, "worker": 2_000, "visitor": 37}
ASKED = {"resident": 1_500, "worker": 999, "visitor": 31}


def draw(seed: str) -> Selection:
    names = tuple(SIZES)
    cell = np.repeat(np.arange(len(names)), list(SIZES.values()))
    ids, u = np.arange(cell.size), np.random.default_rng(7).random(cell.size)
    frame = Frame(
        ids=ids, cell=cell, u=u, ticket=u.copy(), active=np.ones(cell.size, dtype=np.bool_), cells=names,
        clocks=np.zeros(len(names)),
    )  # fmt: skip
    people = People(ids=ids + 100_000, unit=ids, u=u, ticket=u.copy())
    frozen = FrozenFrame(frame=frame, available=np.ones(cell.size, dtype=np.bool_), people=people)
    strata = [
        StratumAsked(id=at, name=name, cells=(name,), asked=ASKED[name]) for at, name in enumerate(names)
    ]
    return select_members(frozen, strata, FORMS, seed=seed, label="wave 1")


@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_after_every_release_each_stratum_has_each_form_within_one_of_its_share(seed: str) -> None:
    selection = draw(seed)
    stratum = selection.units.stratum
    units = [str(one) for one in selection.units.selected.tolist()]
    release = split_replicates(units, stratum, seed=seed, draw="wave 1", shares=REPLICATE_SHARES)
    given: list[Counter[str]] = [Counter() for _ in SIZES]

    for place in release.order.tolist():
        counts = given[stratum[place]]
        counts[selection.forms[place].key] += 1
        for form in FORMS:
            assert abs(counts[form.key] - form.share * counts.total()) < 1 + 1e-6

    assert (np.diff(selection.replicate[release.order]) >= 0).all()
    assert [counts.total() for counts in given] == list(ASKED.values())


def test_the_form_does_not_depend_on_who_the_member_is() -> None:
    """Chi-square of form by trait inside the strata, over 15 draws, for traits that follow the register."""
    numbers = np.random.default_rng(7).random(sum(SIZES.values()))
    statistics: dict[str, float] = {}
    degrees: dict[str, int] = {}
    for draws in range(15):
        selection = draw(f"seed {draws}")
        unit, stratum = selection.units.selected, selection.units.stratum
        form = np.array([[one.key for one in FORMS].index(given.key) for given in selection.forms])
        traits = {"joined late": unit % 2_000 > 900, "low number": numbers[unit] < 0.3, "even": unit % 2 == 0}
        for trait, has in traits.items():
            for at in (0, 1):
                table = np.array(
                    [np.bincount(form[(stratum == at) & (has == value)], minlength=4) for value in (0, 1)]
                )
                if (table.sum(axis=1) == 0).any():
                    continue
                expected = table.sum(axis=1)[:, None] * table.sum(axis=0) / table.sum()
                distance = float(((table - expected) ** 2 / expected).sum())
                statistics[trait] = statistics.get(trait, 0.0) + distance
                degrees[trait] = degrees.get(trait, 0) + 3

    for trait, statistic in statistics.items():
        # Of a chi-square with so many degrees, 99.99 % lies below the mean and 3.9 standard deviations.
        assert statistic < degrees[trait] + 3.9 * (2 * degrees[trait]) ** 0.5, trait
    assert len(statistics) == 3
