"""Whether two questions ask the same thing in other words.

Words that frame a question are left out, words of one meaning are made one (`wording_lexicon`), and what is
left is compared. Two questions about different things mostly *replace* something (by night, by day), two
wordings of one question mostly *leave out* something: so what only one of the two has weighs less than what
each has instead. The figures were set on half of a list of pairs and tested on the other half;
docs/methods.md
says how well it does.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from survey_service.domain.wording_lexicon import CONTRASTS, FRAME, LIGHT, MEANINGS, NARROWING

Stem = Callable[[str], str]
"""From a word in lower case to its stem."""

SIMILAR = 0.6
"""From this score on, two questions are taken for the same."""

_WEIGHT_LIGHT = 0.35
_COST_REPLACED = 1.6
_COST_LEFT_OUT = 0.35
_COST_NARROWED = 1.2
_FACTOR_CONTRAST = 0.5
_word = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_longest_phrase = 5


class WordingMatcher:
    """Compares questions of one language by the stems of their words."""

    def __init__(self, stem: Stem) -> None:
        self._stem = lru_cache(maxsize=10_000)(stem)
        self._exact: dict[tuple[str, ...], str] = {}
        self._meaning: dict[tuple[str, ...], str] = {}
        for words in MEANINGS:
            for word in words:
                self._exact.setdefault(_words(word), words[0])
                self._meaning.setdefault(self._stems(word), words[0])
        self._frame = {self._stem(word) for word in FRAME}

    def score(self, one: str, other: str) -> float:
        """Return how much two questions ask the same, from 0 to 1; the order of the two does not matter."""
        first, second = self.meanings_of(one), self.meanings_of(other)
        shared = _weigh(first & second)
        only_first, only_second = first - second, second - first
        weights = sorted((_weigh(only_first - NARROWING), _weigh(only_second - NARROWING)))
        cost = _COST_REPLACED * weights[0] + _COST_LEFT_OUT * (weights[1] - weights[0])
        cost += _COST_NARROWED * _weigh((only_first | only_second) & NARROWING)
        if not shared:
            return float(first == second and bool(first))
        score = shared / (shared + cost)
        is_contrast = any(only_first & group and only_second & group for group in CONTRASTS)
        return score * _FACTOR_CONTRAST if is_contrast else score

    def meanings_of(self, text: str) -> frozenset[str]:
        """Return what a question is about: meanings of the lexicon, and stems of words it does not know."""
        words = _words(text)
        found: set[str] = set()
        place = 0
        while place < len(words):
            length, meaning = self._read_at(words, place)
            if meaning:
                found.add(meaning)
            place += length
        return frozenset(found)

    def _read_at(self, words: tuple[str, ...], place: int) -> tuple[int, str]:
        """Return how many words the longest known phrase at a place has, and its meaning.

        Words as they are come before their stems: `organised` and `organisation` have one stem.
        """
        for length in range(min(_longest_phrase, len(words) - place), 0, -1):
            phrase = words[place : place + length]
            meaning = self._exact.get(phrase) or self._meaning.get(tuple(map(self._stem, phrase)))
            if meaning:
                return length, meaning
        stem = self._stem(words[place])
        return 1, "" if stem in self._frame else stem

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(map(self._stem, _words(text)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_word.findall(text.lower().replace("’", "'")))


def _weigh(meanings: Iterable[str]) -> float:
    return sum(_weight(meaning) for meaning in meanings)


def _weight(meaning: str) -> float:
    return _WEIGHT_LIGHT if meaning in LIGHT else 1.0
