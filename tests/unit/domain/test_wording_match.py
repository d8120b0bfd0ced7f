"""How well other wordings of a question are told from questions about something else.

`tuned.tsv` is the half of the pairs that the rules were set on; the other half is only scored.
"""

import csv
from pathlib import Path

import pytest

from survey_service.domain.wording_match import SIMILAR, WordingMatcher
from survey_service.integrations.stemming import english_stem

PAIRS = Path(__file__).parents[2] / "surveys" / "wording"


@pytest.fixture(scope="module")
def matcher() -> WordingMatcher:
    return WordingMatcher(english_stem())


def read_pairs(name: str) -> list[tuple[bool, str, str]]:
    with (PAIRS / name).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["same"] == "yes", row["one"], row["other"]) for row in rows]


def precision_and_recall(matcher: WordingMatcher, pairs: list[tuple[bool, str, str]]) -> tuple[float, float]:
    judged = [(same, matcher.score(one, other) >= SIMILAR) for same, one, other in pairs]
    right = sum(same and found for same, found in judged)
    return right / sum(found for _, found in judged), right / sum(same for same, _ in judged)


def test_the_tuned_half_is_told_apart(matcher: WordingMatcher) -> None:
    pairs = read_pairs("tuned.tsv")
    assert len(pairs) == 200
    assert sum(same for same, _, _ in pairs) == 100
    precision, recall = precision_and_recall(matcher, pairs)
    assert precision >= 0.9, f"precision {precision:.3f}"
    assert recall >= 0.9, f"recall {recall:.3f}"


def test_the_unseen_half_says_how_little_a_guess_is_worth(matcher: WordingMatcher) -> None:
    """Written apart, of distant paraphrases and close near misses. docs/methods.md gives these figures."""
    pairs = read_pairs("unseen.tsv")
    assert len(pairs) == 200
    assert sum(same for same, _, _ in pairs) == 100
    precision, recall = precision_and_recall(matcher, pairs)
    assert precision == pytest.approx(0.39, abs=0.01)
    assert recall == pytest.approx(0.26, abs=0.01)


def test_the_order_of_the_two_does_not_matter(matcher: WordingMatcher) -> None:
    for _, one, other in read_pairs("tuned.tsv"):
        assert matcher.score(one, other) == matcher.score(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How safe do you feel in the City at night?", "How safe do you feel in the City by day?"),
        ("How much do you trust the police?", "How much do you trust the council?"),
        ("Why did you call 101?", "How often did you call 101?"),
    ],
)
def test_what_excludes_the_other_makes_another_question(
    matcher: WordingMatcher, one: str, other: str
) -> None:
    assert matcher.score(one, one) == 1
    assert matcher.score(one, other) < SIMILAR


def test_questions_without_a_known_word_are_compared_by_their_words(matcher: WordingMatcher) -> None:
    assert matcher.score("", "") == 0
    assert matcher.score("", "How old are you?") == 0
    assert matcher.score("What did the zeppelin cost?", "What was the cost of the zeppelin?") >= SIMILAR
