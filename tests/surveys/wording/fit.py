"""Fits the weights of the matcher and cross-validates them: writes `survey_service/english/weights.json`.

    python -m tests.surveys.wording.fit

A logistic regression with a penalty on large weights, whose signs are given: what is shared speaks for one
question, what differs against it. Three things keep it from learning the lists instead of the language.
Groups of questions that pairs link are held out together. Each pair is read again with a quarter of the
lexicon hidden, because questions that nobody has seen have words that nobody has listed. And near misses in
other words, and questions of different pairs that have much in common, are added as pairs that do not
ask the same.
"""

import json
import sys

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from survey_service.domain.wording_difference import compare_readings, measure_difference
from survey_service.domain.wording_lexicon import FRAME, RELATED
from survey_service.domain.wording_match import WordingMatcher
from survey_service.domain.wording_reading import read_question
from survey_service.integrations.english_wording import make_lexicon, read_lines
from survey_service.resources import english_dir
from tests.surveys.wording.measure import area_under_curve, precision_and_recall
from tests.surveys.wording.pairs import Pair, follow_near_misses, group_questions, read_lists

FAVOURABLE = ("shared", "share_shared", "synonyms")
HIDDEN = 0.25
READINGS = 5
FOLDS = 10
PENALTY = 1.7
"""Half the weight of a squared weight, of figures divided by their standard deviation."""
WEIGHT_NEAR_MISS = 0.3
MOST_ALIKE = 10
"""Questions of other pairs that each question is also compared with: those that share the most with it."""
TOO_ALIKE = 0.85
"""Share of what is common from which on questions of different pairs may well ask the same."""
WEIGHT_UNRELATED = 200.0
"""Of all of these together."""

Floats = NDArray[np.float64]


def hide_words(share: float, rng: np.random.Generator) -> list[str]:
    """The lines of the lexicon without a share of their words and phrases."""
    lines, facet = [], ""
    for line in read_lines("meanings.txt"):
        facet = line if line.startswith("[") else facet
        meaning, colon, listed = line.partition(":")
        if colon and facet not in (f"[{FRAME}]", f"[{RELATED}]") and not line.startswith("#"):
            kept = [word for word in listed.split(",") if rng.random() >= share]
            line = f"{meaning}:{','.join(kept)}" if kept else ""
        lines.append(line)
    return lines


def read_figures(pairs: list[Pair], meanings: list[str] | None) -> tuple[list[str], Floats]:
    """The names of the figures, and a row of them for each pair."""
    lexicon = make_lexicon(meanings)
    readings = {text: read_question(text, lexicon) for pair in pairs for text in (pair.one, pair.other)}
    rows = [
        measure_difference(compare_readings(readings[pair.one], readings[pair.other], lexicon))
        for pair in pairs
    ]
    return list(rows[0]), np.array([list(row.values()) for row in rows], dtype=float)


def fit(names: list[str], figures: Floats, same: Floats, weights: Floats) -> Floats:
    """The constant and the weights."""
    spread = figures.std(axis=0) + 1e-9
    scaled = figures / spread

    def loss(values: Floats) -> tuple[float, Floats]:
        logits = scaled @ values[1:] + values[0]
        slope = (1 / (1 + np.exp(-logits)) - same) * weights
        cost = (weights * (np.logaddexp(0, logits) - same * logits)).sum() + PENALTY * (values[1:] ** 2).sum()
        return float(cost), np.r_[slope.sum(), scaled.T @ slope + 2 * PENALTY * values[1:]]

    bounds = [(None, None)] + [(0, None) if name in FAVOURABLE else (None, 0) for name in names]
    start = np.zeros(len(names) + 1)
    found: Floats = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    found[1:] /= spread
    return found


def make_examples(pairs: list[Pair]) -> tuple[list[Pair], Floats]:
    """The pairs, near misses in other words, and questions of different pairs, with how much each counts."""
    near = follow_near_misses(pairs)
    group_of = group_questions(pairs, only_same=False)
    texts = list(group_of)
    lexicon = make_lexicon()
    matcher = WordingMatcher(lexicon, {"constant": 0.0})
    index = matcher.index(texts)
    alike = [
        Pair(False, text, texts[place])
        for text in texts
        for place in index.sharing_most(read_question(text, lexicon).meanings, MOST_ALIKE)
        if group_of[text] < group_of[texts[place]]
    ]
    unrelated = [
        pair
        for pair in alike
        if measure_difference(matcher.compare(pair.one, pair.other))["share_shared"] < TOO_ALIKE
    ]
    shares = np.repeat(
        [1.0, WEIGHT_NEAR_MISS, WEIGHT_UNRELATED / len(unrelated)], [len(pairs), len(near), len(unrelated)]
    )
    return [*pairs, *near, *unrelated], shares


def main() -> None:
    rng = np.random.default_rng(20261126)
    pairs = read_lists()
    examples, shares = make_examples(pairs)
    same = np.array([pair.is_same for pair in examples], dtype=float)
    read = [read_figures(examples, hide_words(HIDDEN, rng) if k else None) for k in range(READINGS)]
    names, figures = read[0][0], [rows for _, rows in read]

    def fit_on(chosen: NDArray[np.bool_]) -> Floats:
        rows = np.vstack([rows[chosen] for rows in figures])
        return fit(names, rows, np.tile(same[chosen], READINGS), np.tile(shares[chosen], READINGS) / READINGS)

    group_of = group_questions(pairs, only_same=False)
    groups = sorted(set(group_of.values()))
    fold_of = dict(zip(groups, rng.permutation(len(groups)) % FOLDS, strict=True))
    folds = np.array([[fold_of[group_of[text]] for text in (pair.one, pair.other)] for pair in examples])
    scores = np.zeros((READINGS, len(examples)))
    for fold in range(FOLDS):
        held = folds[:, 0] == fold
        values = fit_on((folds != fold).all(axis=1))
        for reading, rows in enumerate(figures):
            scores[reading, held] = rows[held] @ values[1:] + values[0]
    report(pairs, scores[:, : len(pairs)])
    values = fit_on(np.ones(len(examples), dtype=bool))
    kept = {"constant": values[0]} | dict(zip(names, values[1:], strict=True))
    rounded = {name: round(float(value), 3) + 0.0 for name, value in kept.items() if abs(value) >= 0.0005}
    (english_dir() / "weights.json").write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")


def report(pairs: list[Pair], scores: Floats) -> None:
    """Print what was found on pairs that were held out."""
    same = np.array([pair.is_same for pair in pairs])
    names = np.repeat(["tuned", "unseen", "further"], [200, 200, len(pairs) - 400])
    for title, rows in (("whole lexicon", scores[:1]), ("a quarter hidden", scores[1:])):
        for name, chosen in (
            ("first 400", names != "further"),
            *((one, names == one) for one in np.unique(names)),
        ):
            truth, score = np.tile(same[chosen], len(rows)), rows[:, chosen].ravel()
            precision, recall = precision_and_recall(truth, score >= 0)
            area = area_under_curve(truth, score)
            sys.stdout.write(
                f"{title}, {name}: precision {precision:.2f}, recall {recall:.2f}, area {area:.2f}\n"
            )


if __name__ == "__main__":
    main()
