"""Measures how well the matcher tells the same question in other words from another question.

    python -m tests.surveys.wording.measure FILE

FILE has a heading, then `yes` or `no`, a question and another in each line, parted by tabs. Prints precision
and recall at the threshold, the area under the curve, how often a question's own paraphrase is among the
first three found for it in a bank of all questions of all lists, and each pair that was judged wrongly.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from survey_service.domain.wording_match import SIMILAR, WordingMatcher
from survey_service.integrations.english_wording import english_matcher
from tests.surveys.wording.pairs import Pair, read_lists, read_pairs

Judged = NDArray[np.bool_]


def precision_and_recall(same: Judged, found: Judged) -> tuple[float, float]:
    """Of those found the share that is right, and of those to be found the share that is."""
    right = int((same & found).sum())
    return right / max(1, int(found.sum())), right / max(1, int(same.sum()))


def area_under_curve(same: Judged, scores: NDArray[np.float64]) -> float:
    """The probability that a pair that asks the same scores higher than one that does not."""
    higher = scores[same][:, None] - scores[~same][None, :]
    return float((higher > 0).mean() + 0.5 * (higher == 0).mean())


def recall_among_first(
    matcher: WordingMatcher, pairs: list[Pair], bank: list[Pair], *, at_least: float
) -> float:
    """For what share of paraphrases one is among the first three that are found for the other in a bank."""
    texts = sorted({text for pair in [*pairs, *bank] for text in (pair.one, pair.other)})
    same = [pair for pair in pairs if pair.is_same]
    index = matcher.index(texts)
    found = 0
    for text, wanted in [(pair.one, pair.other) for pair in same] + [(pair.other, pair.one) for pair in same]:
        hits = [texts[hit.place] for hit in matcher.find(text, index, at_least=at_least, most=4)]
        found += wanted in [hit for hit in hits if hit != text][:3]
    return found / max(1, 2 * len(same))


def main(name: str) -> None:
    matcher, pairs = english_matcher(), read_pairs(Path(name))
    same = np.array([pair.is_same for pair in pairs])
    scores = np.array([matcher.score(pair.one, pair.other) for pair in pairs])
    precision, recall = precision_and_recall(same, scores >= SIMILAR)
    bank = read_lists()
    first, shown = (recall_among_first(matcher, pairs, bank, at_least=least) for least in (0.0, SIMILAR))
    lines = [
        f"{len(pairs)} pairs, {int(same.sum())} of them the same",
        f"precision {precision:.3f}",
        f"recall {recall:.3f}",
        f"area under the curve {area_under_curve(same, scores):.3f}",
        f"recall among the first three {first:.3f}, of those shown {shown:.3f}",
        "judged wrongly:",
    ]
    for score, pair in sorted(zip(scores, pairs, strict=True)):
        if (score >= SIMILAR) != pair.is_same:
            lines.append(f"{score:.2f}\t{'same' if pair.is_same else 'other'}\t{pair.one}\t{pair.other}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
