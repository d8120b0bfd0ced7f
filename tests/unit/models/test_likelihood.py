"""Response likelihood on made-up histories whose truth is known."""

import numpy as np
import pytest
from scipy.special import expit

from models.candidates import CANDIDATES, possible_candidates
from models.errors import ModelError
from models.evaluation import evaluate
from models.features import Features, find_leaks, read_features, without
from models.folds import expanding_folds, find_periods, random_folds
from models.likelihood import History, choose, fit_likelihood
from models.scores import calibration_error, score, shift_to_rate
from tests.unit.models.histories import make_features, make_history


def test_what_is_straight_stays_logistic_and_is_calibrated() -> None:
    history = make_history()
    found = evaluate(history)
    assert found.chosen == "logistic"
    assert 0.70 < found.scores.auc < 0.80
    assert found.scores.brier < found.scores.base_brier
    assert found.scores.ece < 0.03
    assert 0.9 < found.scores.slope < 1.1
    assert abs(found.scores.intercept) < 0.1


def test_what_no_line_can_follow_goes_to_the_trees() -> None:
    rng = np.random.default_rng(2)
    one, two = rng.normal(size=4000), rng.normal(size=4000)
    answered = rng.random(4000) < np.where(one * two > 0, 0.7, 0.1)
    fitted = fit_likelihood(History(make_features({"one": one, "two": two}), answered))
    assert fitted.chosen == "boosting"
    assert fitted.losses["boosting"] < fitted.losses["logistic"] - 0.1


def test_what_bends_goes_to_curves_and_not_to_trees() -> None:
    rng = np.random.default_rng(3)
    one = rng.normal(size=6000)
    answered = rng.random(6000) < expit(1.5 - 2.0 * np.abs(one))
    assert fit_likelihood(History(make_features({"one": one}), answered)).chosen == "logistic_splines"


def test_noise_is_told_from_nothing() -> None:
    history = make_history()
    shuffled = np.random.default_rng(4).permutation(history.answered)
    found = evaluate(History(history.features, shuffled))
    assert found.chosen == "rates"
    assert found.scores.auc == pytest.approx(0.5, abs=0.04)


def test_the_newest_wave_sets_the_level_when_rates_drift() -> None:
    history = make_history(9000, waves=6, drift=0.35)
    found = evaluate(history)
    assert found.is_time_aware
    assert 0.8 < found.scores.slope < 1.2
    by_lot = History(history.features, history.answered)
    newest = history.periods == 5
    assert history.periods is not None
    ahead = fit_likelihood(history.take(np.flatnonzero(~newest))).predict(history.features.matrix[newest])
    old = fit_likelihood(by_lot.take(np.flatnonzero(~newest))).predict(history.features.matrix[newest])
    truth = history.answered[newest].mean()
    assert abs(ahead.mean() - truth) < abs(old.mean() - truth)


def test_the_future_changes_no_prediction_of_the_past() -> None:
    history = make_history(3000, waves=4)
    assert history.periods is not None
    past = np.flatnonzero(history.periods < 3)
    changed = history.answered.copy()
    changed[history.periods == 3] = ~changed[history.periods == 3]
    other = History(history.features, changed, history.periods)
    one, two = (fit_likelihood(each.take(past)).predict(history.features.matrix) for each in (history, other))
    assert np.array_equal(one, two)
    for taught, predicted in expanding_folds(history.periods, history.answered):
        assert history.periods[taught].max() < history.periods[predicted].min()


def test_the_same_seed_gives_the_same_model() -> None:
    history = make_history()
    one, two = (fit_likelihood(history, seed=7).predict(history.features.matrix) for _ in range(2))
    assert np.array_equal(one, two)


def test_few_answers_give_rates_of_strata_drawn_to_the_whole() -> None:
    stratum = np.repeat([0.0, 1.0], 40)
    answered = np.concatenate([np.arange(40) % 4 == 0, np.arange(40) % 2 == 0])
    features = Features(
        ("stratum", "age"), np.column_stack([stratum, np.arange(80.0)]), np.array([True, False]),
        {"stratum": ("residents", "workers")},
    )  # fmt: skip
    fitted = fit_likelihood(History(features, answered), stratum="stratum")
    assert fitted.chosen == "rates"
    low, high = fitted.predict(np.array([[0.0, 1.0], [1.0, 1.0]]))
    assert 0.25 < low < 0.375 < high < 0.5
    # A stratum nobody was asked in yet gets the rate of all.
    assert fitted.predict(np.array([[np.nan, 1.0]])) == pytest.approx(0.375, abs=0.03)


def test_what_is_not_known_at_first_does_not_stop_the_trees() -> None:
    """As with answers to earlier waves: in the first wave nobody has one."""
    history = make_history(3000, waves=4)
    assert history.periods is not None
    late = np.where(history.periods > 1, history.features.matrix[:, 0], np.nan)
    features = make_features({"one": history.features.matrix[:, 0], "late": late})
    found = evaluate(History(features, history.answered, history.periods))
    assert found.scores.auc > 0.6


def test_a_category_never_seen_and_a_gap_are_predicted() -> None:
    rng = np.random.default_rng(5)
    code = rng.integers(0, 3, 2000).astype(np.float64)
    answered = rng.random(2000) < np.array([0.1, 0.3, 0.6])[code.astype(int)]
    features = Features(("channel",), code[:, None], np.array([True]), {"channel": ("a", "b", "c")})
    fitted = fit_likelihood(History(features, answered))
    probability = fitted.predict(np.array([[0.0], [2.0], [7.0], [np.nan]]))
    assert probability[0] < 0.2 < 0.5 < probability[1]
    assert ((probability > 0) & (probability < 1)).all()


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (np.arange(20) % 2 == 0, "too few rows"),
        (np.zeros(500, np.bool_), "too rare"),
        (np.arange(500) < 5, "too rare"),
    ],
)
def test_what_nothing_can_be_learned_from_is_refused(answered: np.ndarray, words: str) -> None:
    features = make_features({"one": np.arange(float(answered.size))})
    with pytest.raises(ModelError, match=words):
        evaluate(History(features, answered))


def test_a_single_moment_has_no_future() -> None:
    history = make_history(500)
    with pytest.raises(ModelError, match="No later time"):
        evaluate(History(history.features, history.answered, np.zeros(500, np.int64)))


def test_a_person_never_teaches_and_is_predicted_at_once() -> None:
    people = np.repeat(np.arange(100), 5)
    answered = np.random.default_rng(6).random(500) < 0.4
    for taught, predicted in random_folds(answered, people, count=5, seed=1):
        assert not set(people[taught]) & set(people[predicted])


def test_many_moments_become_periods_that_split_no_moment() -> None:
    moments = np.random.default_rng(7).integers(0, 50, 1000).astype(np.float64)
    periods = find_periods(moments)
    assert np.unique(periods).size <= 8
    assert all(np.unique(periods[moments == one]).size == 1 for one in np.unique(moments))
    assert (np.diff(periods[np.argsort(moments, kind="stable")]) >= 0).all()


def test_columns_that_teach_nothing_or_know_the_outcome_are_left_out() -> None:
    rng = np.random.default_rng(8)
    answered = rng.random(1000) < 0.3
    features, left_out = read_features(
        {
            "name": [f"Person {one}" for one in range(1000)],
            "town": ["City"] * 1000,
            "gift": [str(one) for one in np.where(answered, rng.integers(1, 90, 1000), 0)],
            "thanked": ["yes" if one else "" for one in answered],
            "tenure": [str(one) for one in rng.integers(0, 30, 1000)],
        }
    )
    assert set(left_out) == {"name", "town"}
    leaks = find_leaks(features, answered)
    assert set(leaks) == {"gift", "thanked"}
    assert without(features, leaks).names == ("tenure",)
    with pytest.raises(ModelError, match="No column"):
        without(features, dict.fromkeys(features.names, "no"))


def test_parameters_need_answers() -> None:
    assert possible_candidates(make_history(60).features, make_history(60).answered) != CANDIDATES
    assert possible_candidates(make_history(3000).features, make_history(3000).answered) == CANDIDATES


def test_a_later_candidate_must_be_better_by_more_than_a_standard_error() -> None:
    rng = np.random.default_rng(9)
    loss = rng.random(400)
    noise = rng.normal(size=400)
    noise -= noise.mean()
    spread = noise.std(ddof=1) / 20
    assert choose({"logistic": loss, "boosting": loss - noise - 0.9 * spread}) == "logistic"
    assert choose({"logistic": loss, "boosting": loss - noise - 1.1 * spread}) == "boosting"


def test_scores_of_what_is_known() -> None:
    rng = np.random.default_rng(10)
    truth = rng.uniform(0.05, 0.6, 40_000)
    answered = rng.random(40_000) < truth
    right = score(truth, answered)
    assert right.slope == pytest.approx(1.0, abs=0.04)
    assert right.ece < 0.01
    timid = score(expit(0.5 * np.log(truth / (1 - truth)) - 0.4), answered)
    assert timid.slope == pytest.approx(2.0, abs=0.1)
    assert timid.auc == pytest.approx(right.auc)
    half = expit(np.log(truth / (1 - truth)) - 1.0)
    assert score(half, answered).intercept == pytest.approx(1.0, abs=0.04)
    assert calibration_error(half, answered) > 0.1
    assert expit(np.log(half / (1 - half)) + shift_to_rate(half, 0.3)).mean() == pytest.approx(0.3)
