"""Fit response likelihood to a gathered history and write its card: pure, the same for the same.

Validation is ahead in time: the newest waves are predicted by models that know only what came before, and
set against what needs no model, the stratum's last response rate (`models.past_rates`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.errors import ModelError
from models.evaluation import hold_out
from models.features import informative
from models.folds import find_periods
from models.invitation_history import DAY
from models.likelihood import History, Likelihood, check_history, fit_likelihood
from models.model_file import ModelCard
from models.past_rates import last_rates
from models.scores import BINS, score
from survey_service.services.likelihood.advise_launch import compare_send_times, lengths_to_compare, slot_of
from survey_service.services.likelihood.gather_history import STRATUM, Gathered

MOST_ROWS = 50_000
"""Of more than so many invitations a lot decides which teach: one thread is enough for these, which makes the
same bytes on every machine. By lot and not the newest, which may all be of one wave."""
MOST_DAYS = 3 * 365
"""Older invitations say little of today."""
NEWEST_PERIODS = 3
LEAST_SHOWN = 10
"""People of a stratum below which no figure of it is kept."""
FIRST_SPREAD = 0.25
"""Of waves around what was expected, in log-odds, until three waves were predicted: assumed."""

LIMITS = (
    "It says how many to invite, when, and with how long a form. It never chooses whom.",
    "It speaks of the people in the register, and only of those who do not object.",
    "What it knows of longer rests or forms than were ever used is a guess.",
    "It does not measure what asking costs: who is asked often was not chosen by lot.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A model with its card, and whether it beat the stratum's last response rate on the newest waves."""

    likelihood: Likelihood
    card: ModelCard
    is_better: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ahead:
    """m predicted invitations; `base` is the stratum's last rate."""

    rows: IntArray
    probability: FloatArray
    base: FloatArray
    is_newest: BoolArray


def fit_model(
    gathered: Gathered, *, seed: int, permitted: Mapping[str, str], zone: str = "Europe/London"
) -> Fitted:
    """Fit to the invitations whose time to answer is over. Raises ModelError where they teach nothing."""
    past = gathered.take(_choose_rows(gathered, seed))
    check_history(History(past.features, past.answered))
    order = wave_order(past)
    history = History(informative(past.features), past.answered, find_periods(order.astype(np.float64)))
    ahead = _predict_ahead(history, past, order, seed)
    fitted = fit_likelihood(history, stratum=STRATUM, seed=seed)
    card = _write_card(fitted.chosen, history, past, order, ahead, permitted)
    return Fitted(
        likelihood=fitted,
        card=replace(
            card,
            send_times=_compare_send_times(past, ahead, card.wave_spread, zone),
            lengths=_compare_lengths(fitted, history, card.minutes),
        ),
        is_better=brier(ahead.probability, past.answered[ahead.rows], ahead.is_newest)
        < brier(ahead.base, past.answered[ahead.rows], ahead.is_newest),
    )


def _choose_rows(gathered: Gathered, seed: int) -> IntArray:
    """Return the positions of the invitations that teach, in order."""
    newest = gathered.sent.max(initial=0)
    rows = np.flatnonzero(gathered.is_over & (gathered.sent > newest - MOST_DAYS * DAY))
    if rows.size > MOST_ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False))
    return rows.astype(np.int64)


def wave_order(past: Gathered) -> IntArray:
    """Return for each invitation the place in time of its wave."""
    waves, code = np.unique(past.wave, return_inverse=True)
    first = np.full(waves.size, np.iinfo(np.int64).max)
    np.minimum.at(first, code, past.sent)
    return np.argsort(np.argsort(first, kind="stable"), kind="stable")[code].astype(np.int64)


def expect_as_last_time(past: Gathered, order: IntArray) -> FloatArray:
    """Return for each invitation the last rate of its stratum, or of its audience where that is its first."""
    _, stratum = np.unique(past.stratum, return_inverse=True)
    first = np.full(int(stratum.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, stratum, order)
    of_stratum = last_rates(order, past.stratum, past.answered)
    of_audience = last_rates(order, past.audience, past.answered)
    return np.where(order > first[stratum], of_stratum, of_audience)


def brier(probability: FloatArray, answered: BoolArray, rows: BoolArray) -> float:
    """Return the mean squared error over some rows."""
    return float(np.mean((probability[rows] - answered[rows]) ** 2))


def wave_spread(probability: FloatArray, answered: BoolArray, order: IntArray) -> float:
    """Return how far whole waves lie from what was expected of them, in log-odds, beyond chance.

    A wave's shift is (answers - expected) / sum p (1 - p), which is also one over its variance; what remains
    of their squares when chance is taken off is the variance between waves (DerSimonian and Laird 1986).
    """
    waves, code = np.unique(order, return_inverse=True)
    if waves.size < 3:
        return FIRST_SPREAD
    weight = np.bincount(code, weights=probability * (1 - probability))
    shift = np.bincount(code, weights=answered - probability) / weight
    return float(np.sqrt(max(0.0, (np.sum(weight * shift**2) - waves.size) / weight.sum())))


def _predict_ahead(history: History, past: Gathered, order: IntArray, seed: int) -> _Ahead:
    assert history.periods is not None
    base = expect_as_last_time(past, order)
    try:
        held = hold_out(history, stratum=STRATUM, seed=seed, newest=NEWEST_PERIODS)
    except ModelError:
        # A single wave has no future yet: it is cut by lot, and its own rate is what there is to beat.
        held = hold_out(History(history.features, history.answered), stratum=STRATUM, seed=seed)
        return _Ahead(
            rows=held.rows,
            probability=held.probability,
            base=held.base,
            is_newest=np.ones(held.rows.size, dtype=np.bool_),
        )
    period = history.periods[held.rows]
    return _Ahead(
        rows=held.rows,
        probability=held.probability,
        base=np.where(np.isnan(base[held.rows]), held.base, base[held.rows]),
        is_newest=period == period.max(),
    )


def _write_card(
    chosen: str,
    history: History,
    past: Gathered,
    order: IntArray,
    ahead: _Ahead,
    permitted: Mapping[str, str],
) -> ModelCard:
    answered = past.answered[ahead.rows]
    minutes = past.features.matrix[:, past.features.names.index("form_minutes")]
    scores = {"brier": brier(ahead.probability, answered, np.ones_like(answered))}
    if 0 < answered.sum() < answered.size:
        found = score(ahead.probability, answered, ahead.base)
        scores = {name: getattr(found, name) for name in found.__slots__}
    scores |= {
        "predicted": float(ahead.rows.size),
        "newest_brier": brier(ahead.probability, answered, ahead.is_newest),
        "newest_base_brier": brier(ahead.base, answered, ahead.is_newest),
    }
    return ModelCard(
        chosen=chosen,
        trained_from=_day(past.sent.min()),
        trained_until=_day(past.sent.max()),
        rows=past.answered.size,
        answered=int(past.answered.sum()),
        features=history.features.names,
        categories=dict(history.features.categories),
        scores=scores,
        by_stratum=_by_audience(past, ahead),
        limits=LIMITS,
        calibration=_calibration(ahead.probability, answered),
        wave_spread=wave_spread(ahead.probability, answered, order[ahead.rows]),
        minutes=(float(minutes.min()), float(minutes.max())),
        permitted={name: record for name, record in permitted.items() if name in history.features.names},
    )


def _compare_send_times(
    past: Gathered, ahead: _Ahead, spread: float, zone: str
) -> tuple[dict[str, float], ...]:
    """Over the predicted rows: against what was expected of them, so that keen people are no good hour."""
    rows = ahead.rows
    return compare_send_times(
        slot_of(past.sent[rows], zone), past.wave[rows], ahead.probability, past.answered[rows], spread=spread
    )


def _compare_lengths(
    fitted: Likelihood, history: History, minutes: tuple[float, float]
) -> tuple[dict[str, float], ...]:
    """What the invitations it learned from would have brought with forms of other lengths that were used."""
    names = history.features.names
    if "form_minutes" not in names:
        return ()
    found = []
    for length in lengths_to_compare(*minutes):
        matrix = history.features.matrix.copy()
        matrix[:, names.index("form_minutes")] = length
        found.append({"minutes": length, "expected": float(fitted.predict(matrix).mean())})
    return tuple(found)


def _by_audience(past: Gathered, ahead: _Ahead) -> dict[str, dict[str, float]]:
    names = past.features.categories[STRATUM]
    audience, answered = past.audience[ahead.rows], past.answered[ahead.rows]
    found = {}
    for code in np.unique(audience[audience > 0]).tolist():
        rows = audience == code
        likely = ahead.probability[rows]
        if rows.sum() >= LEAST_SHOWN:
            found[names[code - 1]] = {
                "invitations": float(rows.sum()),
                "rate": float(answered[rows].mean()),
                "expected": float(likely.mean()),
                "error": float(np.sqrt(np.sum(likely * (1.0 - likely))) / rows.sum()),
                "last_rate": float(ahead.base[rows].mean()),
            }
    return found


def _calibration(probability: FloatArray, answered: BoolArray) -> tuple[dict[str, float], ...]:
    groups = np.array_split(
        np.argsort(probability, kind="stable"), min(BINS, probability.size // LEAST_SHOWN)
    )
    return tuple(
        {
            "n": float(one.size),
            "expected": float(probability[one].mean()),
            "answered": float(answered[one].mean()),
        }
        for one in groups
    )


def _day(seconds: int) -> str:
    return (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))).date().isoformat()
