"""Reads the English lexicon and the weights that compare questions. Its folder says where they come from."""

from collections.abc import Iterable

import msgspec

from survey_service.domain.wording_lexicon import Lexicon
from survey_service.domain.wording_match import WordingMatcher
from survey_service.integrations.stemming import english_stem
from survey_service.resources import english_dir


def read_lines(name: str) -> list[str]:
    """The lines of a file of the lexicon."""
    return (english_dir() / name).read_text(encoding="utf-8").splitlines()


def make_lexicon(meanings: Iterable[str] | None = None) -> Lexicon:
    """The lexicon, or one of other meanings with the same synonyms."""
    return Lexicon(
        read_lines("meanings.txt") if meanings is None else meanings,
        read_lines("synonyms.txt"),
        english_stem(),
    )


def read_weights() -> dict[str, float]:
    """The weights of the figures that a score is made of."""
    return msgspec.json.decode((english_dir() / "weights.json").read_bytes(), type=dict[str, float])


def english_matcher() -> WordingMatcher:
    """Compares English questions."""
    return WordingMatcher(make_lexicon(), read_weights())
