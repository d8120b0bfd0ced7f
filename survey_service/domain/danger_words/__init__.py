"""Words and phrases that may tell of danger, language by language; `domain/danger.py` says how they are read.

A star stands for any ending (`kill*` is killer, too). Every list is read over every text, as people answer in
the language they please: an entry must not be an everyday word in another language of the same script.
"""

from survey_service.domain.danger_words import (
    arabic_script,
    chinese_japanese,
    cyrillic_greek,
    english_welsh,
    hints,
    indic,
    latin_east,
    latin_west,
)
from survey_service.domain.danger_words.english_welsh import Kind as Kind
from survey_service.domain.danger_words.english_welsh import WordLists

_LISTS: dict[str, WordLists] = {
    **english_welsh.WORDS,
    **latin_west.WORDS,
    **latin_east.WORDS,
    **cyrillic_greek.WORDS,
    **arabic_script.WORDS,
    **indic.WORDS,
    **chinese_japanese.WORDS,
}

WORDS: dict[str, WordLists] = {
    language: {
        kind: ", ".join(filter(None, (written, hints.HINTS.get(language, {}).get(kind))))
        for kind, written in lists.items()
    }
    for language, lists in _LISTS.items()
}
"""What is said outright and what is hinted at."""
