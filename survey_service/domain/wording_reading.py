"""Reads a survey question into its facets: what is asked, about what, of whom, where and when."""

import re
from typing import Literal

import msgspec

from survey_service.domain.wording_lexicon import FRAME, OTHER, Lexicon, split_words

Mode = Literal["past", "present", "future", "wish", "should"]

_helper_words = "do does did is are was were would will should can could have has had might"
_helpers = frozenset(_helper_words.split())
_past = frozenset(["have", "has", "had", "did", "was", "were"])
_asking = frozenset(("when", "where"))

_span = re.compile(
    r"\b(?P<side>last|past|previous|next|coming|following)\s+(?:(?P<count>\d+)\s+)?(?P<half>half[ -])?"
    r"(?P<unit>hour|day|week|fortnight|month|quarter|year)s?\b"
)
_ago = re.compile(r"\b(?P<count>\d+|a)\s+(?P<unit>hour|day|week|fortnight|month|quarter|year)s?\s+ago\b")
_each = re.compile(
    r"\b(?:an?|each|every|per|of the|in a)\s+(?:(?:typical|normal|usual|average)\s+)?"
    r"(?P<unit>hour|day|week|month|year)\b"
)
_adverb = re.compile(r"\b(?P<unit>dai|hour|week|month|year|annual|fortnight)ly\b")
_days = {"hour": 0, "day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 91, "year": 365}
_near = (
    (6, 8, "week"),
    (13, 15, "fortnight"),
    (28, 31, "month"),
    (85, 95, "quarter"),
    (175, 190, "half year"),
    (355, 366, "year"),
)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A question taken apart."""

    words: tuple[str, ...]
    facets: dict[str, frozenset[str]]
    """Meanings by facet; of the facet `other`, stems of words that the lexicon does not know."""
    stems_of: dict[str, frozenset[str]]
    """The single words that a meaning was read from, as stems."""
    mode: Mode
    is_open: bool
    """Whether it asks for what, who, when, where, why or how, and not for a degree or yes or no."""
    is_negated: bool

    @property
    def meanings(self) -> frozenset[str]:
        """All meanings together."""
        return frozenset().union(*self.facets.values())


def read_question(text: str, lexicon: Lexicon) -> Reading:
    """Take a question apart."""
    words = split_words(text)
    rest, periods = _take_periods(" ".join(words))
    found = _Found(tuple(rest.split()), lexicon)
    found.facets.setdefault("period", set()).update(periods)
    is_negated = "not" in words
    _settle(found.facets, is_negated=is_negated)
    ask = found.facets.get("ask", set())
    return Reading(
        words=words,
        facets={facet: frozenset(meanings) for facet, meanings in found.facets.items() if meanings},
        stems_of={meaning: frozenset(stems) for meaning, stems in found.stems_of.items()},
        mode=_mode_of(found.facets.get("stage", set()), found.plain),
        is_open=not (words and words[0] in _helpers) and bool(ask or found.has_what),
        is_negated=is_negated and "or" not in words,
    )


class _Found:
    """What was found in the words of a question, one place after the other."""

    def __init__(self, words: tuple[str, ...], lexicon: Lexicon) -> None:
        self.facets: dict[str, set[str]] = {}
        self.stems_of: dict[str, set[str]] = {}
        self.plain: set[str] = set()
        self.has_what = False
        place = 0
        while place < len(words):
            length, meaning = lexicon.find(words, place)
            self.has_what |= words[place] in ("what", "which")
            if length == 1:
                self.plain.add(words[place])
            if meaning:
                self._add(lexicon.facet_of[meaning], meaning, words[place : place + length], lexicon)
            else:
                self._add_word(words, place, lexicon)
            place += length

    def _add_word(self, words: tuple[str, ...], place: int, lexicon: Lexicon) -> None:
        word = words[place]
        is_before_helper = place + 1 < len(words) and words[place + 1] in _helpers
        if (is_before_helper and word in _asking) or (word == "who" and place == 0):
            self._add("ask", word, (), lexicon)
        elif is_before_helper and word == "how":
            self._add("ask", "method", (), lexicon)
        elif not lexicon.is_frame(word) and word not in _asking and word != "who":
            self._add(OTHER, lexicon.stem(word), (word,), lexicon)

    def _add(self, facet: str, meaning: str, words: tuple[str, ...], lexicon: Lexicon) -> None:
        if facet == FRAME:
            return
        self.facets.setdefault(facet, set()).add(meaning)
        stems = self.stems_of.setdefault(meaning, set())
        if len(words) == 1:
            stems.add(lexicon.stem(words[0]))


def _settle(facets: dict[str, set[str]], *, is_negated: bool) -> None:
    """Let one meaning rule out another that the same words would have alone."""
    ask, judge, stage = (facets.get(facet, set()) for facet in ("ask", "judge", "stage"))
    if "reason" in ask and is_negated:
        ask.remove("reason")
        ask.add("deterrent")
    if "source" in ask:
        ask -= {"where", "method"}
    if "method" in ask and (judge or len(ask) > 1):
        ask.remove("method")
    if "know" in stage:
        ask.discard("who")
    if len(judge) > 1:
        judge.discard("good")


def _mode_of(stage: set[str], plain: set[str]) -> Mode:
    if "wish" in stage:
        return "wish"
    if "intend" in stage or plain & {"would", "will"}:
        return "future"
    if "should" in plain:
        return "should"
    return "past" if plain & _past else "present"


def _take_periods(text: str) -> tuple[str, set[str]]:
    """Return the text without the periods it names, and these: `last year`, `next 730`, `each week`."""
    found: set[str] = set()

    def note(match: re.Match[str]) -> str:
        parts = match.groupdict()
        unit = {"dai": "day", "annual": "year"}.get(parts["unit"], parts["unit"])
        if "count" not in parts:
            found.add(f"each {unit}")
            return " "
        days = _days[unit] * (int(parts["count"]) if (parts["count"] or "a") != "a" else 1)
        side = "next" if parts.get("side") in ("next", "coming", "following") else "last"
        found.add(f"{side} {_name_days(days // 2 if parts.get('half') else days)}")
        return " "

    for pattern in (_ago, _span, _each, _adverb):
        text = pattern.sub(note, text)
    return text, found


def _name_days(days: int) -> str:
    return next((name for least, most, name in _near if least <= days <= most), str(days))
