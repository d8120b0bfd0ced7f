"""What words mean in survey questions, as far as a lexicon knows it.

A lexicon is a text of lines, `meaning: words and phrases, …`, under the facet of a question that they belong
to: what is asked (`ask`), what somebody has to do with it (`stage`: know it, want it, use it), how it is
judged (`judge`), what is done (`act`), when (`period`, `time`), where (`place`), by or about whom (`actor`,
`who`), and what it is about (`topic`). Words that it does not know are of the facet `other`, and are one when
a second list has their stems on one line.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

Stem = Callable[[str], str]
"""From a word in lower case to its stem."""

FRAME = "frame"
RELATED = "related"
OTHER = "other"

_WEIGHT_LIGHT = 0.3
_word = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_number_words = "one two three four five six seven eight nine ten eleven twelve"
_numbers = {word: str(number) for number, word in enumerate(_number_words.split(), start=1)}


def split_words(text: str) -> tuple[str, ...]:
    """Return the words in lower case, without possessive endings, numbers as digits."""
    words = (word.removesuffix("'s").rstrip("'") for word in _word.findall(text.lower().replace("’", "'")))
    return tuple(_numbers.get(word, word) for word in words)


class Lexicon:
    """Meanings of words and phrases of one language."""

    def __init__(self, meanings: Iterable[str], synonyms: Iterable[str], stem: Stem) -> None:
        self.stem: Stem = lru_cache(maxsize=50_000)(stem)
        self.facet_of: dict[str, str] = {}
        self._frame: set[str] = set()
        self._frame_stems: set[str] = set()
        self._light: set[str] = set()
        self._related: dict[str, set[str]] = {}
        self._exact: dict[tuple[str, ...], str] = {}
        self._stemmed: dict[tuple[str, ...], str] = {}
        self._longest: dict[str, int] = {}
        self._groups_of: dict[str, set[int]] = {}
        facet = ""
        for line in filter(None, map(str.strip, meanings)):
            if line.startswith("["):
                facet = line[1:-1]
            elif not line.startswith("#"):
                self._add_line(facet, line)
        for number, line in enumerate(synonyms):
            if not line.startswith("#"):
                for word in line.split():
                    self._groups_of.setdefault(word, set()).add(number)

    def _add_line(self, facet: str, line: str) -> None:
        meaning, colon, listed = line.partition(":")
        if not colon:
            self._frame.update(split_words(line))
            self._frame_stems.update(map(self.stem, split_words(line)))
            return
        if meaning.startswith("-"):
            meaning = meaning[1:]
            self._light.add(meaning)
        if facet == RELATED:
            for other in (one.strip() for one in listed.split(",")):
                self._related.setdefault(meaning, set()).add(other)
                self._related.setdefault(other, set()).add(meaning)
            return
        self.facet_of[meaning] = facet
        for phrase in map(split_words, listed.split(",")):
            self._add_phrase(phrase, meaning)

    def _add_phrase(self, phrase: tuple[str, ...], meaning: str) -> None:
        stems = tuple(map(self.stem, phrase))
        self._exact.setdefault(phrase, meaning)
        self._stemmed.setdefault(stems, meaning)
        self._longest[stems[0]] = max(len(stems), self._longest.get(stems[0], 0))

    def find(self, words: tuple[str, ...], place: int) -> tuple[int, str]:
        """Return how many words the longest known phrase at a place has, and its meaning.

        Words as they are come before their stems: `organised` and `organisation` have one stem.
        """
        stem = self.stem(words[place])
        for length in range(min(self._longest.get(stem, 0), len(words) - place), 0, -1):
            phrase = words[place : place + length]
            meaning = self._exact.get(phrase)
            if not meaning and not (length == 1 and phrase[0] in self._frame):
                meaning = self._stemmed.get(tuple(map(self.stem, phrase)))
            if meaning:
                return length, meaning
        return 1, ""

    def is_frame(self, word: str) -> bool:
        """Whether a word frames questions and does not say what they are about."""
        return word in self._frame or self.stem(word) in self._frame_stems

    def weight_of(self, meaning: str) -> float:
        """Return how much it says that two questions share a meaning."""
        return _WEIGHT_LIGHT if meaning in self._light else 1.0

    def are_related(self, one: str, other: str) -> bool:
        """Whether two meanings stand for each other in some questions and not in others."""
        return other in self._related.get(one, ())

    def are_synonyms(self, one: str, other: str) -> bool:
        """Whether two stems have a sense in common."""
        return one != other and not self._groups_of.get(one, set()).isdisjoint(self._groups_of.get(other, ()))
