"""Plain rules that point out wording which makes answers hard to read. They advise and never stop anybody.

What they look for is in every handbook of questionnaires, for example F. J. Fowler, "Improving Survey
Questions" (Sage, 1995), and the GOV.UK Service Manual. They read English, and words rather than sense: each
note names the words it was caught by.
"""

import re
from typing import Literal

import msgspec

WordingKind = Literal["double_barrelled", "leading", "absolute", "negative", "long", "abbreviation"]

languages = ("en",)
most_words = 25
"""Of one sentence; GOV.UK's style guide has the same limit."""

_JOINED = re.compile(r"\b(and/or|and|or|as well as)\b", re.IGNORECASE)
_NO_SECOND_QUESTION = re.compile(
    r"\b(?:more or less|yes or no|or not|terms and conditions|between \S+(?: \S+){0,3} and|to and from"
    r"|\d+ (?:and|or) (?:over|under|more|fewer|less|older|younger)|and so on|one or more|day and night"
    r"|agree or disagree|(?:satisfied|safe|likely|well|easy) or \S+)\b"
    r"|[A-Z]\w+ and [A-Z]\w+|, or\b",
)
_LEADING = re.compile(
    r"\b(?:(?:do|would|wouldn|don|isn|aren|doesn|didn|shouldn)[’']t you(?: agree| think)?"
    r"|do(?:es)? you (?:not )?agree that|surely|obviously|clearly|of course|as you (?:may )?know"
    r"|everyone knows|most people (?:think|agree|believe)"
    r"|how (?:much|good|great|excellent) (?:do you (?:like|enjoy|love)|is)"
    r"|excellent|outstanding|terrible|awful|shocking)(?!\w)",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:always|never|all|every|everyone|everybody|everything|none|nobody|ever|totally|completely)\b",
    re.IGNORECASE,
)
_NO_ABSOLUTE = re.compile(
    r"\b(?:(?:choose|tick|select|check|answer) all|all that apply|if ever|have you ever|at all|all in all|"
    r"every (?:day|week|month|year))\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:not|cannot|(?:do|does|did|is|are|was|were|have|has|would|should|could|can|won|don)n?[’']t)\b",
    re.IGNORECASE,
)
_NO_NEGATIVE = re.compile(r"\b(?:or not|prefer not to)\b", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b(?=[A-Z0-9]*[A-Z]{2})[A-Z][A-Z0-9]{1,7}\b")
_KNOWN_ABBREVIATIONS = frozenset(
    ("UK", "TV", "ID", "OK", "GB", "EU", "USA", "PIN", "SMS", "CCTV", "NHS", "BSL", "PC", "PDF")
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")


class WordingNote(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to think over, and the words it was found in."""

    kind: WordingKind
    found: str


def check_wording(text: str) -> tuple[WordingNote, ...]:
    """Everything worth a second look in the text of one question."""
    questions = [one.strip() for one in _SENTENCE.findall(text) if one.strip().endswith("?")]
    asked = " ".join(questions) or text
    notes = [
        *_first("double_barrelled", _JOINED, _NO_SECOND_QUESTION.sub(" ", " ".join(questions))),
        *_first("leading", _LEADING, text),
        *_first("absolute", _ABSOLUTE, _NO_ABSOLUTE.sub(" ", asked)),
        *_first("negative", _NEGATIVE, _NO_NEGATIVE.sub(" ", asked)),
    ]
    for sentence in _SENTENCE.findall(text):
        if len(_WORD.findall(sentence)) > most_words:
            notes.append(WordingNote(kind="long", found=" ".join(sentence.split()[:6]) + " …"))
            break
    unknown = [one for one in _ABBREVIATION.findall(text) if one not in _KNOWN_ABBREVIATIONS]
    if unknown and not text.isupper():
        notes.append(WordingNote(kind="abbreviation", found=unknown[0]))
    return tuple(notes)


def _first(kind: WordingKind, pattern: re.Pattern[str], text: str) -> list[WordingNote]:
    match = pattern.search(text)
    return [WordingNote(kind=kind, found=match.group(0))] if match else []
