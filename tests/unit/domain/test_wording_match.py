"""How well other wordings of a question are told from questions about something else.

Three lists were used to write the lexicon and to fit the weights, so what is pinned for them says that
nothing got worse. The blind one was written by somebody who had seen neither (docs/methods-wording.md).
"""

import time
from itertools import islice, product

import numpy as np
import pytest

from survey_service.domain.wording_lexicon import Lexicon
from survey_service.domain.wording_match import SIMILAR, WordingMatcher
from survey_service.domain.wording_reading import read_question
from survey_service.integrations.english_wording import english_matcher, make_lexicon
from tests.surveys.wording.measure import area_under_curve, precision_and_recall, recall_among_first
from tests.surveys.wording.pairs import FOLDER, follow_near_misses, read_lists, read_pairs


@pytest.fixture(scope="module")
def matcher() -> WordingMatcher:
    return english_matcher()


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return make_lexicon()


@pytest.mark.parametrize(("name", "size"), [("tuned", 200), ("unseen", 200), ("further", 120)])
def test_lists_are_told_apart(matcher: WordingMatcher, name: str, size: int) -> None:
    pairs = read_pairs(FOLDER / f"{name}.tsv")
    same = np.array([pair.is_same for pair in pairs])
    assert (len(pairs), int(same.sum())) == (size, size // 2)
    scores = np.array([matcher.score(pair.one, pair.other) for pair in pairs])
    precision, recall = precision_and_recall(same, scores >= SIMILAR)
    assert precision >= 0.92, f"precision {precision:.3f}"
    assert recall >= 0.78, f"recall {recall:.3f}"
    assert area_under_curve(same, scores) >= 0.97


def test_a_list_that_nothing_was_made_from_is_told_apart(matcher: WordingMatcher) -> None:
    pairs = read_pairs(FOLDER / "blind.tsv")
    same = np.array([pair.is_same for pair in pairs])
    scores = np.array([matcher.score(pair.one, pair.other) for pair in pairs])
    precision, recall = precision_and_recall(same, scores >= SIMILAR)
    assert precision >= 0.85, f"precision {precision:.3f}"
    assert recall >= 0.7, f"recall {recall:.3f}"
    assert area_under_curve(same, scores) >= 0.85


def test_near_misses_are_told_in_other_words_too(matcher: WordingMatcher) -> None:
    pairs = follow_near_misses(read_lists())
    found = [matcher.score(pair.one, pair.other) >= SIMILAR for pair in pairs]
    assert len(pairs) > 100
    assert sum(found) / len(found) <= 0.35


def test_a_paraphrase_is_mostly_among_the_first_three_of_a_bank(matcher: WordingMatcher) -> None:
    pairs = read_lists()
    assert recall_among_first(matcher, pairs, pairs, at_least=0) >= 0.85


def test_the_order_of_the_two_does_not_matter(matcher: WordingMatcher) -> None:
    for pair in read_lists():
        assert matcher.score(pair.one, pair.other) == pytest.approx(matcher.score(pair.other, pair.one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How safe do you feel in the City at night?", "How safe do you feel in the City by day?"),
        ("How much do you trust the police?", "How much do you trust the council?"),
        ("Why did you call 101?", "How often did you call 101?"),
        ("Have you lost a dog in the past month?", "Have you lost a dog in the past two years?"),
        ("Have you reported a fire?", "Would you like to report a fire?"),
    ],
)
def test_one_facet_makes_another_question(matcher: WordingMatcher, one: str, other: str) -> None:
    assert matcher.score(one, one) == 1
    assert matcher.score(one, other) < SIMILAR


def test_questions_without_a_known_word_are_compared_by_their_words(matcher: WordingMatcher) -> None:
    assert matcher.score("", "") == 0
    assert matcher.score("", "How old are you?") == 0
    assert matcher.score("Which fruit is it?", "Which zeppelin is it?") == 0
    assert matcher.score("What did the zeppelin cost?", "What was the cost of the zeppelin?") >= SIMILAR


def test_a_question_is_read_into_facets(lexicon: Lexicon) -> None:
    read = read_question(
        "In the past twelve months, how often did you visit the Square Mile at night?", lexicon
    )
    assert read.facets == {
        "ask": {"howoften"},
        "period": {"last year"},
        "act": {"visit"},
        "place": {"city"},
        "time": {"night"},
    }
    assert (read.mode, read.is_open, read.is_negated) == ("past", True, False)
    assert read_question("Why did you not vote?", lexicon).facets["ask"] == {"deterrent"}


def test_what_is_alike_is_named(matcher: WordingMatcher) -> None:
    one = "How satisfied were you with the event last month?"
    assert matcher.likenesses(one, "Were you happy with the event in the past month?") == (
        "about",
        "judged",
        "when",
    )


def test_a_new_questionnaire_is_compared_with_five_thousand_questions_in_a_second(
    matcher: WordingMatcher,
) -> None:
    texts = sorted({text for pair in read_lists() for text in (pair.one, pair.other)})
    bank = [
        f"{text} {place}"
        for text, place in islice(
            product(texts, ("Aldgate", "Bank", "Fleet", "Cheap", "Tower", "Holborn")), 5_000
        )
    ]
    index = matcher.index(bank)
    started = time.process_time()
    found = [matcher.find(text, index, at_least=SIMILAR) for text in texts[:30]]
    assert time.process_time() - started < 1
    assert sum(map(len, found)) > 30
