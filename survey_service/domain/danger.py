"""Whether a text may tell of danger or harm: the written rule of docs/safeguarding.md, as code.

The rule only decides that a person looks, soon. It would rather flag too much: "nobody was killed" is
flagged as "killed" is, since a negation is easily misread. It cannot read between the lines, misses what it
has no word for, spelling that is far off, and words of a language written in another script. Nothing of it
is stored beside the answer but the kinds below, and nothing is done with it but showing it to an officer.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from survey_service.domain.danger_words import WORDS, Kind
from survey_service.domain.danger_words.everyday import EVERYDAY

RULE_VERSION = "2026-11c"
"""Kept with every notice; who edits rule or words gives it a new one (a test holds them together)."""

KINDS: tuple[Kind, ...] = ("self_harm", "violence", "abuse", "attack", "danger")
WITHOUT_SPACES = ("zh_Hans", "zh_Hant", "ja")

_marks = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640\u200b-\u200f\u2060\ufeff]")
_letters = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ё": "е", "ı": "i", "ł": "l", "ø": "o", "đ": "d",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ہ": "ه", "ۃ": "ه",
        "ھ": "ه", "ك": "ک", "ؤ": "و", "ئ": "ي", "़": None, "়": None, "਼": None,
    }
)  # fmt: skip
_disguises = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s", "!": "i"})
# The signs of Indic scripts are no letters to Python, but parts of a word all the same.
_word = re.compile(r"[\w\u0900-\u0dff']+")
_disguised_word = re.compile(r"[\w\u0900-\u0dff'@$!]+")
_long_runs = re.compile(r"([^\W\d_])\1{2,}")
_single_letters = re.compile(r"\b(?:[^\W\d_][ .\-_*]){2,}[^\W\d_]\b")
_everyday = re.compile(rf"\b(?:{EVERYDAY})\b")
"""Headings of police work and turns of phrase, which tell of nobody."""

_glued = re.compile("(?:[وفبلكس]|ال|لل)")
_east_asian = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


class _Entry(msgspec.Struct, frozen=True):
    """A phrase of the lists: its words after the first, each whole or the beginning of one."""

    kind: Kind
    rest: tuple[str, ...]


class _Lists(msgspec.Struct, frozen=True):
    whole: dict[str, list[_Entry]]
    """By the first word."""
    stems: dict[str, list[tuple[str, _Entry]]]
    """Where the first word may go on: by its first two letters."""
    unspaced: dict[Kind, re.Pattern[str]]


def normalise(text: str) -> str:
    """The form in which texts and words are compared: case, accents and look-alike letters are gone."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFC", _marks.sub("", text)).translate(_letters)
    return " ".join(text.split())


def find_danger(text: str) -> tuple[Kind, ...]:
    """The kinds of danger a text may tell of, in a fixed order; empty when no word of the lists is in it."""
    plain = _everyday.sub(" ", normalise(text))
    spelled = _single_letters.sub(lambda found: re.sub(r"[ .\-_*]", "", found[0]), plain)
    drawn = {_long_runs.sub(letters, plain) for letters in (r"\1", r"\1\1")}
    disguised = " ".join(word.translate(_disguises) for word in _disguised_word.findall(spelled))
    lists, found = _read_lists(), set[Kind]()
    for reading in {plain, spelled, disguised, *drawn}:
        found.update(_find_in_words(_word.findall(reading), lists))
    if _east_asian.search(plain):
        found.update(kind for kind, pattern in lists.unspaced.items() if pattern.search(plain))
    return tuple(kind for kind in KINDS if kind in found)


def _find_in_words(words: list[str], lists: _Lists) -> Iterator[Kind]:
    for place, written in enumerate(words):
        for word in _unglue(written):
            entries = [*lists.whole.get(word, ())]
            entries += [entry for stem, entry in lists.stems.get(word[:2], ()) if word.startswith(stem)]
            for entry in entries:
                follow = words[place + 1 : place + 1 + len(entry.rest)]
                if len(follow) == len(entry.rest) and all(map(_is_word, follow, entry.rest)):
                    yield entry.kind


def _is_word(written: str, wanted: str) -> bool:
    stem = wanted.removesuffix("*")
    return any(word.startswith(stem) if stem != wanted else word == wanted for word in _unglue(written))


def _unglue(word: str) -> Iterator[str]:
    """A word, and without what Arabic glues to its beginning: and, so, with, for, the."""
    yield word
    while (found := _glued.match(word)) and len(word) - found.end() > 2:
        word = word[found.end() :]
        yield word


@lru_cache(maxsize=1)
def _read_lists() -> _Lists:
    lists = _Lists({}, {}, {})
    unspaced: dict[Kind, list[str]] = {}
    for language, of_language in WORDS.items():
        for kind, written in of_language.items():
            phrases = [normalise(phrase) for phrase in written.split(",")]
            if language in WITHOUT_SPACES:
                unspaced.setdefault(kind, []).extend(map(re.escape, phrases))
            else:
                for phrase in phrases:
                    _add(lists, kind, re.findall(r"[\w\u0900-\u0dff'*]+", phrase))
    lists.unspaced.update({kind: re.compile("|".join(phrases)) for kind, phrases in unspaced.items()})
    return lists


def _add(lists: _Lists, kind: Kind, words: list[str]) -> None:
    first, entry = words[0], _Entry(kind, tuple(words[1:]))
    stem = first.removesuffix("*")
    if stem == first:
        lists.whole.setdefault(first, []).append(entry)
    else:
        lists.stems.setdefault(stem[:2], []).append((stem, entry))
