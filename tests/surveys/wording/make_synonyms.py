"""Writes `survey_service/english/synonyms.txt` from WordNet, for common words only.

    python -m tests.surveys.wording.make_synonyms WORDNET SCOWL

WORDNET is the folder with `index.noun`, `index.verb`, `index.adj` and `index.adv` of WordNet 3.0 (Debian
package wordnet-base: /usr/share/wordnet), SCOWL the folder of the SCOWL word lists (Debian package scowl:
/usr/share/dict/scowl), of which sizes up to 50 count as common.
"""

import sys
from pathlib import Path

from survey_service.integrations.stemming import english_stem
from survey_service.resources import english_dir

PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")
MOST_SENSES = 4
"""Of each word as a part of speech. WordNet has the most frequent first; what is rare misleads."""
VARIETIES = ("english", "british", "british_variant_1", "american")
SIZES = ("10", "20", "35", "40", "50")

HEADING = """\
# Stems of words; two on one line have a sense in common. Made by tests/surveys/wording/make_synonyms.py from
# WordNet 3.0, Copyright 2006 by Princeton University, all rights reserved; its licence is in README.md here.
"""


def read_common_words(scowl: Path) -> set[str]:
    """The words of SCOWL's smaller lists."""
    paths = [scowl / f"{variety}-words.{size}" for variety in VARIETIES for size in SIZES]
    return {
        word.strip().lower()
        for path in paths
        if path.is_file()
        for word in path.read_text(encoding="latin-1").splitlines()
    }


def read_senses(wordnet: Path, common: set[str]) -> dict[str, set[str]]:
    """The stems of the common words of each sense of WordNet that is among the first of each."""
    stem = english_stem()
    words_of: dict[str, set[str]] = {}
    for part in PARTS_OF_SPEECH:
        for line in (wordnet / f"index.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue  # the licence
            fields = line.split()
            word, senses = fields[0], fields[-int(fields[2]) :]
            if word.isalpha() and word in common:
                for sense in senses[:MOST_SENSES]:
                    words_of.setdefault(part + sense, set()).add(stem(word))
    return words_of


def main(wordnet: str, scowl: str) -> None:
    senses = read_senses(Path(wordnet), read_common_words(Path(scowl))).values()
    lines = sorted({" ".join(sorted(words)) for words in senses if len(words) > 1})
    path = english_dir() / "synonyms.txt"
    path.write_text(HEADING + "\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} groups written to {path}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
