"""How old a reader of English has to be to read a text with ease: the Automated Readability Index.

    grade = 4.71 · letters ÷ words + 0.5 · words ÷ sentences − 21.43

E. A. Smith and R. J. Senter, "Automated Readability Index", AMRL-TR-66-220, Aerospace Medical Research
Laboratories, 1967. It counts letters, so it needs no list of syllables and gives the same for everybody; a
grade of American schools and five years make the age. It was made for English prose: for other languages
there is none here, and for a handful of words it jumps, so it is given from `fewest_words` on.
"""

import re
from math import ceil

languages = ("en",)
fewest_words = 8
youngest, oldest = 6, 25
aim = 11
"""Readers of eleven read with ease what most adults can read in a hurry. GOV.UK aims at nine."""

_word = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")
_end = re.compile(r"[.!?:;]+(?=\s|$)|\n+")


def reading_age(text: str) -> int | None:
    """The age in full years, rounded up; None where there are too few words to say."""
    words = _word.findall(text)
    if len(words) < fewest_words:
        return None
    letters = sum(sum(sign.isalnum() for sign in word) for word in words)
    sentences = max(1, sum(bool(_word.search(part)) for part in _end.split(text)))
    grade = 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43
    return min(max(ceil(grade) + 5, youngest), oldest)
