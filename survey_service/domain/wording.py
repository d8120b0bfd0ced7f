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

_JOINED = re.compile(r"\b(and/or|and|as well as)\b", re.IGNORECASE)
_JOINED_BY_OR = re.compile(r"(?<=^)(?:how|to what extent)\b[^?]*?\b(or)\b", re.IGNORECASE)
"""`or` offers answers in most questions ("more or fewer"); after "how much" it joins two questions."""
_NO_SECOND_QUESTION = re.compile(
    r"\b(?:more or less|yes or no|or not|terms and conditions|between \S+(?: \S+){0,3} and|to and from"
    r"|\d+ (?:and|or) (?:over|under|more|fewer|less|older|younger)|and so on|one or more|day and night"
    r"|agree or disagree|(?:satisfied|safe|likely|well|easy) or \S+)\b"
    r"|[A-Z]\w+ and [A-Z]\w+|, or\b|\bstop(?:ped)? and search(?:ed)?\b"
    r"|\S+ and (?:\S+ ){1,4}(?:work(?:ing)? together|cooperate|get on)\b",
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
    r"\b(?:always|never|all|every|everyone|everybody|everything|none|nobody|totally|completely)\b",
    re.IGNORECASE,
)
_NO_ABSOLUTE = re.compile(
    r"\b(?:(?:choose|tick|select|check|answer) all|all that apply|at all|all in all|everything into account|"
    r"every (?:day|week|month|year))\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:not|cannot|(?:do|does|did|is|are|was|were|have|has|would|should|could|can|won|don)n?[’']t)\b",
    re.IGNORECASE,
)
_NO_NEGATIVE = re.compile(
    r"\b(?:or not|prefer not to|why (?:did|do|have|had) \w+ not|(?:reasons?|kept you)\b[^?]*?\bnot)\b",
    re.IGNORECASE,
)
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
        *_double_barrelled(questions),
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


def _double_barrelled(questions: list[str]) -> list[WordingNote]:
    plain = [_NO_SECOND_QUESTION.sub(" ", question).strip() for question in questions]
    by_or = next(filter(None, map(_JOINED_BY_OR.search, plain)), None)
    found = _first("double_barrelled", _JOINED, " ".join(plain))
    return found or ([WordingNote(kind="double_barrelled", found=by_or.group(1))] if by_or else [])


def _first(kind: WordingKind, pattern: re.Pattern[str], text: str) -> list[WordingNote]:
    match = pattern.search(text)
    return [WordingNote(kind=kind, found=match.group(0))] if match else []
