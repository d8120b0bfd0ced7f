"""Stems of words, by Snowball's stemmers (Porter 1980, 2001)."""

from collections.abc import Callable

import snowballstemmer


def english_stem() -> Callable[[str], str]:
    """Return the function from an English word in lower case to its stem."""
    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem
