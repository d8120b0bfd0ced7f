"""Made-up invitations whose truth is known."""

import numpy as np
from scipy.special import expit

from models.arrays import FloatArray
from models.features import Features
from models.likelihood import History


def make_features(columns: dict[str, FloatArray]) -> Features:
    return Features(tuple(columns), np.column_stack(list(columns.values())), np.zeros(len(columns), np.bool_))


def make_history(rows: int = 3000, *, waves: int = 0, drift: float = 0.0, seed: int = 1) -> History:
    """People answer by two features, straight and alone; every wave answers less by `drift` log-odds."""
    rng = np.random.default_rng(seed)
    one, two = rng.normal(size=rows), rng.normal(size=rows)
    wave = rng.integers(0, max(waves, 1), rows)
    truth = expit(-1.0 + 0.9 * one - 0.6 * two - drift * wave)
    answered = rng.random(rows) < truth
    return History(make_features({"one": one, "two": two}), answered, wave if waves else None)
