"""The models that compete, the simplest first; each turns a matrix of features into log-odds."""

from typing import Any

import numpy as np
from scipy.special import logit

from models import learning
from models.arrays import BoolArray, FloatArray
from models.errors import ModelError
from models.features import Features
from models.scores import TINY

CANDIDATES = ("rates", "logistic", "logistic_splines", "boosting")
"""In the order of preference: a later one has to be clearly better."""
LEAST_PER_PARAMETER = 10
"""Answers a model must have for each of its parameters (Peduzzi et al. 1996, J Clin Epidemiol 49)."""
PRIOR_ROWS = 10.0
"""Weight of the overall rate in a stratum's own, in invitations."""
MOST_BOOSTING_CATEGORIES = 250
FEW_VALUES = 8
"""Numbers with no more different values than this have no curve to bend."""


class StratumRates:
    """The posterior mean of a beta-binomial rate for each stratum, for when data are few.

    Parameters
    ----------
    stratum : int or None
        Column of the stratum; None for one rate for all.
    """

    def __init__(self, stratum: int | None) -> None:
        self.stratum = stratum
        self.overall = 0.5
        self.rates: dict[float, float] = {}

    def fit(self, matrix: FloatArray, answered: BoolArray) -> "StratumRates":
        """Learn the rates from rows of shape (n, k) and their outcomes, shape (n,)."""
        self.overall = float((answered.sum() + 0.5) / (answered.size + 1.0))
        if self.stratum is not None:
            codes, place = np.unique(matrix[:, self.stratum], return_inverse=True)
            yes = np.bincount(place, weights=answered)
            rate = (yes + PRIOR_ROWS * self.overall) / (np.bincount(place) + PRIOR_ROWS)
            self.rates = {
                code: one for code, one in zip(codes.tolist(), rate.tolist(), strict=True) if code == code
            }
        return self

    def predict_proba(self, matrix: FloatArray) -> FloatArray:
        """Return the probabilities of no and of yes, shape (n, 2)."""
        yes = np.full(matrix.shape[0], self.overall)
        if self.stratum is not None:
            for code, rate in self.rates.items():
                yes[matrix[:, self.stratum] == code] = rate
        return np.column_stack([1.0 - yes, yes])


def possible_candidates(features: Features, answered: BoolArray) -> tuple[str, ...]:
    """Return the candidates that so many answers can teach.

    Parameters
    ----------
    features : Features
    answered : ndarray of bool, shape (n,)

    Returns
    -------
    tuple of str
        `rates` is always among them.
    """
    rarer = min(int(answered.sum()), int(answered.size - answered.sum()))
    parameters = 1 + sum(
        len(features.categories[name]) - 1 if name in features.categories else 1 for name in features.names
    )
    if rarer < LEAST_PER_PARAMETER * parameters:
        return ("rates",)
    bends = int(_bending(features).sum())
    if rarer < LEAST_PER_PARAMETER * (parameters + 4 * bends):
        return ("rates", "logistic")
    return CANDIDATES if bends else ("rates", "logistic", "boosting")


def make_candidate(name: str, features: Features, *, stratum: str | None, seed: int) -> Any:
    """Return an unfitted model with scikit-learn's `fit` and `predict_proba`.

    Parameters
    ----------
    name : str
        One of `CANDIDATES`.
    features : Features
        For the kinds of its columns; of the same columns as what will be learned from.
    stratum : str, optional
        The feature whose rates `rates` gives.
    seed : int

    Raises
    ------
    ModelError
        If there is no such candidate.
    """
    if name == "rates":
        place = features.names.index(stratum) if stratum in features.names else None
        return StratumRates(place)
    if name == "logistic":
        return _linear(features, np.zeros(len(features.names), dtype=np.bool_))
    if name == "logistic_splines":
        return _linear(features, _bending(features))
    if name == "boosting":
        few = np.array(
            [len(features.categories.get(one, ())) <= MOST_BOOSTING_CATEGORIES for one in features.names]
        )
        return learning.HistGradientBoostingClassifier(
            learning_rate=0.05, max_iter=120, max_leaf_nodes=12, min_samples_leaf=40, l2_regularization=1.0,
            categorical_features=features.is_category & few, random_state=seed,
        )  # fmt: skip
    raise ModelError(f"There is no model called {name}.", expected=" or ".join(CANDIDATES))


def fit_candidate(model: Any, matrix: FloatArray, answered: BoolArray) -> Any:
    """Fit a model to rows of shape (n, k) and outcomes of shape (n,), and return it.

    A column of which nothing is known yet (answers, before the first wave) teaches nothing; boosting cannot
    be given it as it is.
    """
    empty = np.isnan(matrix).all(axis=0)
    return model.fit(np.where(empty, 0.0, matrix) if empty.any() else matrix, answered)


def log_odds(model: Any, matrix: FloatArray) -> FloatArray:
    """Return the log-odds of an answer, shape (n,), for rows of shape (n, k)."""
    yes = model.predict_proba(matrix)[:, 1]
    found: FloatArray = logit(np.clip(yes, TINY, 1 - TINY))
    return found


def _bending(features: Features) -> BoolArray:
    different = [np.unique(column[~np.isnan(column)]).size for column in features.matrix.T]
    bends: BoolArray = ~features.is_category & (np.array(different) > FEW_VALUES)
    return bends


def _linear(features: Features, bends: BoolArray) -> Any:
    """Return logistic regression: categories as dummies, numbers straight or bent.

    A new wave's extremes (a longer rest, one more past invitation than anybody had) cannot leave the range
    that was learned, where a line or a polynomial would run away: straight numbers are cut there, and bent
    ones first become ranks.
    """
    within_range = (learning.MinMaxScaler(clip=True), learning.StandardScaler())
    fill = {"strategy": "median", "add_indicator": True, "keep_empty_features": True}
    parts = [
        (
            "straight",
            learning.make_pipeline(learning.SimpleImputer(**fill), *within_range),
            ~features.is_category & ~bends,
        ),
        (
            "bent",
            learning.make_pipeline(
                learning.SimpleImputer(strategy="median", keep_empty_features=True),
                learning.QuantileTransformer(n_quantiles=200, subsample=100_000, random_state=0),
                learning.SplineTransformer(n_knots=5, degree=3, extrapolation="constant", include_bias=False),
                learning.StandardScaler(),
            ),
            bends,
        ),
        ("gaps", learning.make_pipeline(learning.SimpleImputer(**fill), *within_range), bends),
        (
            "category",
            learning.make_pipeline(
                learning.SimpleImputer(strategy="constant", fill_value=-1.0, keep_empty_features=True),
                learning.OneHotEncoder(
                    handle_unknown="infrequent_if_exist", min_frequency=10, sparse_output=False
                ),
            ),
            features.is_category,
        ),
    ]
    chosen = [(name, part, np.flatnonzero(columns)) for name, part, columns in parts if columns.any()]
    return learning.Pipeline(
        [
            ("columns", learning.ColumnTransformer(chosen)),
            ("model", learning.LogisticRegression(C=1.0, max_iter=2000)),
        ]
    )
