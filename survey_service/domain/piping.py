"""Texts that repeat an earlier answer or a known fact: `${name}` inside a label or a hint.

What stands there is the answer as a person would say it (the label of a choice, a number, a date). A fact
from the register is shown masked: anybody may hold a link that was passed on.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from survey_service.domain.questionnaire import Question, Texts

_pipe = re.compile(r"\$\{\s*([^{}\s]*)\s*\}")
mask = "•••"
shortest_masked_start = 4
"""A shorter fact would be given away by its first sign."""


class Pipe(msgspec.Struct, frozen=True):
    """The place of an answer or a fact in a text."""

    name: str


def split_text(text: str) -> tuple[str | Pipe, ...]:
    """The text in order: what is written, and what is filled in."""
    pieces = _pipe.split(text)
    parts: list[str | Pipe] = []
    for at, piece in enumerate(pieces):
        if at % 2:
            parts.append(Pipe(piece))
        elif piece:
            parts.append(piece)
    return tuple(parts)


def piped_names(texts: Texts) -> tuple[str, ...]:
    """The names that a text reads in any of its languages, in order of appearance."""
    found = (part.name for text in texts.values() for part in split_text(text) if isinstance(part, Pipe))
    return tuple(dict.fromkeys(found))


def fill_text(text: str, say: Callable[[str], str]) -> str:
    """The text with `say(name)` at each place."""
    return "".join(say(part.name) if isinstance(part, Pipe) else part for part in split_text(text))


def can_be_piped(question: Question) -> bool:
    """True when the answer is short enough to stand inside a sentence."""
    return question.type in (
        "select_one",
        "select_multiple",
        "scale",
        "integer",
        "decimal",
        "date",
        "postcode",
    ) or (question.type == "text" and question.appearance == "")


def mask_fact(value: str) -> str:
    """Enough for the person to recognise the fact, too little for anybody else to learn it."""
    value = value.strip()
    return value[0] + mask if len(value) >= shortest_masked_start and value[0].isalpha() else mask


def rename_pipes(text: str, names: Mapping[str, str]) -> str:
    """The text with the answers it repeats under their new names."""
    return fill_text(text, lambda name: f"${{{names.get(name, name)}}}")
