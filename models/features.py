"""A table of features as one matrix: numbers as they are, categories as codes, what is missing as NaN."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.arrays import BoolArray, FloatArray, IntArray
from models.errors import ModelError

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none"})
"""Texts that stand for nothing, in lower case."""
MOST_CATEGORIES = 200
"""More are names or addresses: what they would teach is who somebody is."""


@dataclass(frozen=True, slots=True)
class Features:
    """n rows of k features.

    Attributes
    ----------
    names : tuple of str, length k
    matrix : ndarray of float64, shape (n, k)
        Numbers, or codes of categories; NaN where missing.
    is_category : ndarray of bool, shape (k,)
    categories : dict
        Name of a feature to its texts, in the order of their codes.
    """

    names: tuple[str, ...]
    matrix: FloatArray
    is_category: BoolArray
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def take(self, rows: IntArray | BoolArray) -> "Features":
        """Return some of the rows."""
        return Features(self.names, self.matrix[rows], self.is_category, self.categories)


def read_features(columns: Mapping[str, Sequence[str]]) -> tuple[Features, dict[str, str]]:
    """Turn columns of texts into features; a column in which everything known is a number is one.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        All of one length n.

    Returns
    -------
    Features
    dict
        Columns that were left out, each with the reason.

    Raises
    ------
    ModelError
        If no column is left.

    Examples
    --------
    >>> read, left_out = read_features({"tenure": ["1", "", "3"], "channel": ["mail", "text", "mail"]})
    >>> read.matrix.tolist()
    [[1.0, 0.0], [nan, 1.0], [3.0, 0.0]]
    >>> read.categories["channel"], left_out
    (('mail', 'text'), {})
    """
    kept: list[tuple[str, FloatArray, tuple[str, ...] | None]] = []
    left_out: dict[str, str] = {}
    for name, texts in columns.items():
        values, known = _encode(np.asarray([one.strip() for one in texts], dtype=np.str_))
        finite = values[np.isfinite(values)]
        if not finite.size or ((finite == finite[0]).all() and finite.size == values.size):
            left_out[name] = "it says the same of everybody"
        elif known is not None and len(known) > MOST_CATEGORIES:
            left_out[name] = f"it has {len(known)} different texts, more than {MOST_CATEGORIES}"
        else:
            kept.append((name, values, known))
    if not kept:
        raise ModelError(
            "No column is left to learn from.", hint=f"Left out: {', '.join(left_out) or 'nothing'}."
        )
    return (
        Features(
            names=tuple(name for name, _, _ in kept),
            matrix=np.column_stack([values for _, values, _ in kept]),
            is_category=np.array([known is not None for _, _, known in kept], dtype=np.bool_),
            categories={name: known for name, _, known in kept if known is not None},
        ),
        left_out,
    )


def find_leaks(features: Features, answered: BoolArray) -> dict[str, str]:
    """Name the features that know the outcome: they were written down after it.

    A feature leaks where one cut through its values, or its categories or gaps, tells who answered but for
    one row in two hundred. The amount a donor gave is such a column of a table of donations.

    Parameters
    ----------
    features : Features
    answered : ndarray of bool, shape (n,)

    Returns
    -------
    dict
        Name of the feature to the reason.

    Examples
    --------
    >>> answered = np.array([False, True] * 200)
    >>> gift = np.where(answered, 5.0, 0.0)
    >>> table = Features(("gift",), gift[:, None], np.zeros(1, dtype=np.bool_))
    >>> find_leaks(table, answered)
    {'gift': 'it tells who answered: it was written down afterwards'}
    """
    found = {}
    for place, name in enumerate(features.names):
        if _error_of_best_guess(features.matrix[:, place], answered) <= 0.005:
            found[name] = "it tells who answered: it was written down afterwards"
    return found


def without(features: Features, names: Mapping[str, str]) -> Features:
    """Return the features without those named."""
    kept = [place for place, name in enumerate(features.names) if name not in names]
    if not kept:
        raise ModelError(
            "No column is left to learn from.", hint=f"These know the outcome: {', '.join(names)}."
        )
    return Features(
        names=tuple(features.names[place] for place in kept),
        matrix=features.matrix[:, kept],
        is_category=features.is_category[kept],
        categories={name: known for name, known in features.categories.items() if name not in names},
    )


def align(features: Features, names: Sequence[str], categories: Mapping[str, Sequence[str]]) -> FloatArray:
    """Return the matrix in the columns and codes of another table: of the one a model was taught with.

    Parameters
    ----------
    features : Features
    names : sequence of str, length k
    categories : mapping
        Texts of the categories among the names, in the order of their codes.

    Returns
    -------
    ndarray of float64, shape (n, k)
        NaN where a column, or a text, is not known here or there.

    Examples
    --------
    >>> codes, texts = np.array([[0.0], [1.0]]), {"channel": ("post", "text")}
    >>> now = Features(("channel",), codes, np.array([True]), texts)
    >>> align(now, ["tenure", "channel"], {"channel": ("mail", "text")}).tolist()
    [[nan, nan], [nan, 1.0]]
    """
    matrix = np.full((len(features), len(names)), np.nan)
    for place, name in enumerate(names):
        if name not in features.names:
            continue
        column = features.matrix[:, features.names.index(name)]
        if name in features.categories:
            known = {text: float(code) for code, text in enumerate(categories.get(name, ()))}
            codes = np.array([known.get(text, np.nan) for text in features.categories[name]] + [np.nan])
            column = codes[np.where(np.isnan(column), -1, column).astype(np.int64)]
        matrix[:, place] = column
    return matrix


def informative(features: Features) -> Features:
    """Return the features that do not say the same of everybody."""
    same = {
        name: "it says the same of everybody"
        for name, column in zip(features.names, features.matrix.T, strict=True)
        if np.unique(column).size < 2
    }
    return without(features, same)


def _encode(texts: NDArray[np.str_]) -> tuple[FloatArray, tuple[str, ...] | None]:
    missing = np.isin(np.char.lower(texts), list(MISSING))
    values = np.full(texts.shape, np.nan)
    try:
        values[~missing] = texts[~missing].astype(np.float64)
    except ValueError:
        known, codes = np.unique(texts[~missing], return_inverse=True)
        values[~missing] = codes
        return values, tuple(known.tolist())
    values[~np.isfinite(values)] = np.nan
    return values, None


def _error_of_best_guess(values: FloatArray, answered: BoolArray) -> float:
    """Return the share of wrong guesses by the best single cut; gaps are a side of their own."""
    gap = np.isnan(values)
    order = np.argsort(values[~gap], kind="stable")
    sorted_values, outcome = values[~gap][order], answered[~gap][order].astype(np.int64)
    # Wrong when everything up to a place is guessed "no" and the rest "yes", or the other way round.
    yes_before = np.concatenate([[0], np.cumsum(outcome)])
    place = np.arange(outcome.size + 1)
    wrong = yes_before + (outcome.size - place) - (yes_before[-1] - yes_before)
    is_cut = np.concatenate([[True], np.diff(sorted_values) > 0, [True]])
    best = min(int(wrong[is_cut].min()), int((outcome.size - wrong[is_cut]).min()))
    among_gaps = int(answered[gap].sum())
    return (best + min(among_gaps, int(gap.sum()) - among_gaps)) / values.size
