"""Whether two questions ask the same thing in other words, as a likelihood; docs/methods.md says how good.

Each question is taken apart into facets (`wording_reading`), the two are compared facet by facet
(`wording_difference`), and a logistic regression makes one score of it. More that is shared never lowers the
score, more that differs never raises it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from survey_service.domain.wording_difference import Difference, compare_readings, measure_difference
from survey_service.domain.wording_lexicon import Lexicon
from survey_service.domain.wording_reading import Reading, read_question

SIMILAR = 0.5
"""From this score on, two questions are taken for the same."""

MOST_SHOWN = 3
_most_compared = 40
"""Of those that share the most with a question, how many are compared with it."""

Likeness = Literal["asked", "judged", "when", "where", "who", "about"]
LIKENESSES: tuple[Likeness, ...] = ("about", "judged", "asked", "who", "where", "when")


class Found(NamedTuple):
    """A question found among others."""

    place: int
    score: float


class WordingMatcher:
    """Compares questions of one language."""

    def __init__(self, lexicon: Lexicon, weights: Mapping[str, float]) -> None:
        self._lexicon = lexicon
        self._weights = dict(weights)
        self._constant = self._weights.pop("constant")
        self._read = lru_cache(maxsize=20_000)(self._read_anew)

    def score(self, one: str, other: str) -> float:
        """Return how likely two questions ask the same, from 0 to 1; the order of the two does not matter."""
        first, second = self._read(one), self._read(other)
        if not first.words or not second.words:
            return 0.0
        if first.words == second.words:
            return 1.0
        found = compare_readings(first, second, self._lexicon)
        if not any(found.shared.values()):
            return 0.0
        figures = measure_difference(found)
        total = sum(weight * figures[name] for name, weight in self._weights.items())
        return 1 / (1 + math.exp(-(self._constant + total)))

    def compare(self, one: str, other: str) -> Difference:
        """Return what the score is made of."""
        return compare_readings(self._read(one), self._read(other), self._lexicon)

    def likenesses(self, one: str, other: str) -> tuple[Likeness, ...]:
        """Return what two questions have in common, what they are about first."""
        shared = self.compare(one, other).shared
        return tuple(likeness for likeness in LIKENESSES if shared[likeness] > 0)

    def find(
        self, text: str, others: "WordingIndex", *, at_least: float, most: int = MOST_SHOWN
    ) -> list[Found]:
        """Return the questions most likely to ask the same, the likeliest first."""
        compared = others.sharing_most(self._read(text).meanings, _most_compared)
        scored = [Found(place, self.score(text, others.texts[place])) for place in compared]
        return sorted((one for one in scored if one.score >= at_least), key=lambda one: -one.score)[:most]

    def index(self, texts: Sequence[str]) -> "WordingIndex":
        """Make many questions ready to be searched."""
        return WordingIndex(texts, [self._read(text).meanings for text in texts])

    def _read_anew(self, text: str) -> Reading:
        return read_question(text, self._lexicon)


class WordingIndex:
    """Questions by their meanings, rare meanings counting more."""

    def __init__(self, texts: Sequence[str], meanings: Sequence[Iterable[str]]) -> None:
        self.texts = texts
        self._places: dict[str, list[int]] = {}
        for place, found in enumerate(meanings):
            for meaning in found:
                self._places.setdefault(meaning, []).append(place)

    def sharing_most(self, meanings: Iterable[str], most: int) -> list[int]:
        """Return the places of the questions that share the most with these meanings."""
        weights: Counter[int] = Counter()
        for meaning in meanings:
            places = self._places.get(meaning, [])
            weight = math.log(1 + len(self.texts) / max(1, len(places)))
            for place in places:
                weights[place] += weight  # type: ignore[assignment]  # a Counter adds any number
        return [place for place, _ in weights.most_common(most)]
