"""The effect of one more ask: found where rests were drawn by lot, refused where it cannot be told."""

from typing import NamedTuple

import numpy as np
import pytest

from models.fatigue import FatigueEffect, estimate_fatigue, recent_load

RUNS = 2_000
PEOPLE = 400
WAVES = 24
DAYS_BETWEEN = 30


class History(NamedTuple):
    """Invitations of one run."""

    outcome: np.ndarray
    load: np.ndarray
    wave: np.ndarray
    person: np.ndarray
    day: np.ndarray
    lot: np.ndarray


def simulate(seed: int, *, effect: float, how: str) -> History:
    """Two years of monthly surveys; a unit of load changes the chance of an answer by `effect`."""
    rng = np.random.default_rng(seed)
    willing = rng.uniform(0.2, 0.6, PEOPLE)
    last, load, rest = np.full(PEOPLE, -10_000), np.zeros(PEOPLE), rng.integers(60, 301, PEOPLE)
    last_load_day = np.zeros(PEOPLE)
    parts: list[tuple[np.ndarray, ...]] = []
    started = rng.integers(0, 10, PEOPLE)
    for wave in range(WAVES):
        day = wave * DAYS_BETWEEN
        if how == "lots":
            asked = (day - last >= rest) & (wave >= started)
        elif how == "rotation":
            asked = (np.arange(PEOPLE) % 6) == wave % 6
        else:
            asked = rng.random(PEOPLE) < np.where(willing > 0.4, 0.4, 0.1)
        who = np.flatnonzero(asked)
        now = load[who] * np.exp(-(day - last_load_day[who]) / 60)
        chance = np.clip(willing[who] + 0.05 * np.sin(wave) + effect * now, 0, 1)
        answered = rng.random(who.size) < chance
        parts.append((answered, now, np.full(who.size, wave), who, np.full(who.size, day), rest[who].copy()))
        load[who], last_load_day[who], last[who] = now + 1, day, day
        rest[who] = rng.integers(60, 301, who.size)
    return History(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def estimate(history: History) -> FatigueEffect:
    return estimate_fatigue(**history._asdict())


@pytest.mark.parametrize("truth", [-0.15, 0.0])
def test_a_known_effect_is_recovered_without_bias_and_intervals_cover_it(truth: float) -> None:
    found = [estimate(simulate(seed, effect=truth, how="lots")) for seed in range(RUNS)]
    measured = [one for one in found if one.verdict == "measured"]
    assert len(measured) >= 0.99 * RUNS
    effects = np.array([one.effect for one in measured])
    error = effects.std(ddof=1) / np.sqrt(effects.size)
    assert abs(effects.mean() - truth) < 3 * error, f"{effects.mean():.4f} for {truth}, error {error:.4f}"
    covered = np.mean([one.low <= truth <= one.high for one in measured])
    assert 0.94 <= covered <= 0.96, covered


def test_pure_rotation_is_refused() -> None:
    for seed in range(50):
        found = estimate(simulate(seed, effect=-0.15, how="rotation"))
        assert (found.verdict, found.reason) == ("cannot_tell", "load_hardly_varies")
        assert np.isnan(found.effect)


def test_targeting_the_willing_is_refused() -> None:
    found = [estimate(simulate(seed, effect=-0.15, how="targeted")) for seed in range(50)]
    assert {one.reason for one in found} == {"not_by_lot"}


def test_too_few_are_refused() -> None:
    history = simulate(1, effect=-0.15, how="lots")
    few = History(*(column[:100] for column in history))
    assert estimate(few).reason == "too_few"


def test_load_fades_and_adds_up_in_any_order() -> None:
    person = np.array([2, 1, 1, 1, 2])
    day = np.array([5, 120, 0, 60, 5])
    load = recent_load(person=person, day=day)
    assert load[[0, 4]].tolist() == [0, 0], "one day's invitations do not count for each other"
    twice = recent_load(person=np.array([1, 1, 1]), day=np.array([0, 0, 60]))
    assert twice[2] == pytest.approx(2 * np.exp(-1)), "but both count for the next"
    assert load[2] == 0
    assert load[3] == pytest.approx(np.exp(-1))
    assert load[1] == pytest.approx(np.exp(-1) + np.exp(-2))


def test_where_the_willing_are_asked_sooner_again_the_placebo_tells() -> None:
    history = simulate(3, effect=0.0, how="lots")
    order = np.lexsort((history.day, history.person))
    later = history.day.copy()
    follows = np.flatnonzero(history.person[order][1:] == history.person[order][:-1])
    later[order[follows + 1]] += np.where(history.outcome[order[follows]], -25, 25)
    found = estimate(history._replace(day=later))
    assert found.reason == "load_goes_with_willingness"
    assert estimate(history).verdict == "measured"
