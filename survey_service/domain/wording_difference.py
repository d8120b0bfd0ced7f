"""What two readings of questions share, and what each has instead, by facet.

Two questions about different things mostly replace something in the same sentence (by night, by day), two
wordings of one question mostly change the sentence. So what differs weighs more, the more of the sentence
is the same.
"""

from collections.abc import Mapping
from difflib import SequenceMatcher

import msgspec

from survey_service.domain.wording_lexicon import OTHER, Lexicon
from survey_service.domain.wording_reading import Mode, Reading

FACET_GROUPS: Mapping[str, tuple[str, ...]] = {
    "asked": ("ask",),
    "stage": ("stage",),
    "judged": ("judge",),
    "when": ("period", "time"),
    "where": ("place",),
    "who": ("actor", "who"),
    "about": ("act", "topic"),
    OTHER: (OTHER,),
}
_groups_of = {facet: group for group, facets in FACET_GROUPS.items() for facet in facets}

_SHARE_RELATED = 0.7
_MOST_SHARED = 4.0
_MOST_DIFFERENT = 2.0
_modes_apart: dict[frozenset[Mode], float] = {
    frozenset[Mode](("past", "present")): 0.5,
    frozenset[Mode](("present", "future")): 0.4,
    frozenset[Mode](("future", "wish")): 0.3,
}
"""Of `did you`, `do you`, `would you` and `would you like`, how far apart two are; others are 1 apart."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Two questions held against each other. Counts are of meanings, weights count common ones less."""

    shared: dict[str, float]
    """Weight of what both have, by group of facets."""
    replaced: dict[str, int]
    """How many meanings of a group one has instead of the other's."""
    left_out: dict[str, float]
    """Weight of what only one of them has of a group."""
    replaced_in_all: int
    """As `replaced`, whatever the group."""
    left_in_all: float
    cost_in_all: float
    """Weight of what is replaced and half of what is left out."""
    synonyms: int
    """How many words unknown to the lexicon are synonyms of words of the other."""
    same_sentence: float
    """The share of words that stand in both in the same order."""
    modes_apart: float
    is_open_and_closed: bool
    is_negated_once: bool


def compare_readings(one: Reading, other: Reading, lexicon: Lexicon) -> Difference:
    """Hold two questions against each other; the order of the two does not matter."""
    shared = dict.fromkeys(FACET_GROUPS, 0.0)
    only_one = _only(one, other, shared, lexicon)
    only_other = _only(other, one, {}, lexicon)
    _pair_related(only_one, only_other, shared, lexicon)
    replaced, left_out = dict.fromkeys(FACET_GROUPS, 0), dict.fromkeys(FACET_GROUPS, 0.0)
    for group, facets in FACET_GROUPS.items():
        for facet in facets:
            first, second = only_one.get(facet, set()), only_other.get(facet, set())
            replaced[group] += min(len(first), len(second))
            left_out[group] += abs(_weigh(first, lexicon) - _weigh(second, lexicon))
    weights = sorted(_weigh(set().union(*only.values()), lexicon) for only in (only_one, only_other))
    modes = frozenset((one.mode, other.mode))
    return Difference(
        shared=shared,
        replaced=replaced,
        left_out=left_out,
        replaced_in_all=min(sum(map(len, only.values())) for only in (only_one, only_other)),
        left_in_all=weights[1] - weights[0],
        cost_in_all=weights[0] + 0.5 * (weights[1] - weights[0]),
        synonyms=_count_synonyms(one, other, only_one, only_other, lexicon),
        same_sentence=_share_of_sentence(one.words, other.words),
        modes_apart=0.0 if len(modes) == 1 else _modes_apart.get(modes, 1.0),
        is_open_and_closed=one.is_open != other.is_open,
        is_negated_once=one.is_negated != other.is_negated,
    )


def measure_difference(found: Difference) -> dict[str, float]:
    """Return the figures that a score is made of. More of `shared` and `synonyms` speaks for one question."""
    same = found.same_sentence
    shared = sum(found.shared.values())
    figures = {
        "shared": min(shared, _MOST_SHARED),
        "share_shared": shared / max(shared + found.cost_in_all, 0.3),
        "synonyms": float(found.synonyms),
        "same_sentence*synonyms": same * found.synonyms,
        "same_sentence*replaced": same * min(found.replaced_in_all, _MOST_DIFFERENT),
        "same_sentence*left_out": same * min(found.left_in_all, _MOST_DIFFERENT),
        "modes": found.modes_apart,
        "same_sentence*modes": same * found.modes_apart,
        "same_sentence*open_and_closed": same * found.is_open_and_closed,
        "negated_once": float(found.is_negated_once),
    }
    for group in FACET_GROUPS:
        replaced = min(found.replaced[group], _MOST_DIFFERENT)
        figures[f"replaced_{group}"] = replaced
        figures[f"same_sentence*replaced_{group}"] = same * replaced
        figures[f"same_sentence*left_out_{group}"] = same * min(found.left_out[group], _MOST_DIFFERENT)
    return figures


def _only(one: Reading, other: Reading, shared: dict[str, float], lexicon: Lexicon) -> dict[str, set[str]]:
    """What only the first has, by facet; what both have is added to `shared`."""
    found = {}
    for facet, meanings in one.facets.items():
        others = other.facets.get(facet, frozenset())
        found[facet] = set(meanings - others)
        if shared:
            shared[_groups_of[facet]] += _weigh(meanings & others, lexicon)
    return found


def _pair_related(
    only_one: dict[str, set[str]],
    only_other: dict[str, set[str]],
    shared: dict[str, float],
    lexicon: Lexicon,
) -> None:
    """Take related meanings out of both, each once, and count them as partly shared."""
    pairs = sorted(
        (*sorted((first, second)), first_facet, second_facet, first, second)
        for first_facet, firsts in only_one.items()
        for first in firsts
        for second_facet, seconds in only_other.items()
        for second in seconds
        if lexicon.are_related(first, second)
    )
    for *_, first_facet, second_facet, first, second in pairs:
        if first in only_one[first_facet] and second in only_other[second_facet]:
            only_one[first_facet].remove(first)
            only_other[second_facet].remove(second)
            weight = _SHARE_RELATED * min(lexicon.weight_of(first), lexicon.weight_of(second))
            shared[min(_groups_of[first_facet], _groups_of[second_facet])] += weight


def _count_synonyms(
    one: Reading,
    other: Reading,
    only_one: dict[str, set[str]],
    only_other: dict[str, set[str]],
    lexicon: Lexicon,
) -> int:
    """Pairs of which at least one is unknown to the lexicon: what it knows to differ, differs."""
    pairs = sorted(
        (*sorted((first, second)), first, second)
        for first_facet, firsts in only_one.items()
        for first in firsts
        for second_facet, seconds in only_other.items()
        for second in seconds
        if OTHER in (first_facet, second_facet)
        if any(
            lexicon.are_synonyms(word, word_of_other)
            for word in one.stems_of.get(first, ())
            for word_of_other in other.stems_of.get(second, ())
        )
    )
    taken: set[tuple[int, str]] = set()
    count = 0
    for *_, first, second in pairs:
        if (1, first) not in taken and (2, second) not in taken:
            taken |= {(1, first), (2, second)}
            count += 1
    return count


def _share_of_sentence(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Symmetric, so the two are put in an order of their own first."""
    first, second = sorted((one, other))
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return 2 * sum(block.size for block in blocks) / max(1, len(one) + len(other))


def _weigh(meanings: set[str] | frozenset[str], lexicon: Lexicon) -> float:
    return sum(map(lexicon.weight_of, meanings))
