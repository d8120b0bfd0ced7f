"""Names inside conditions: a question or a choice that is renamed is followed, nothing else is touched."""

import re
from collections.abc import Mapping

import msgspec

from survey_service.domain.expressions import token_pattern

_equality = ("=", "!=")
_harmless_calls = ("count-selected", "string-length")
"""What these make of an answer does not depend on how its choices are called."""


class ChoicesRenamed(msgspec.Struct, frozen=True, kw_only=True):
    """The choices of one question under their new names."""

    questions: frozenset[str]
    """How conditions call the question: its name (of a grid: its rows'), and a dot in its own rules."""
    names: Mapping[str, str]


class _Part(msgspec.Struct):
    kind: str
    text: str
    """What the part says, without quotes or brackets."""
    written: str
    """As it stands in the condition."""


def rename_questions(condition: str, names: Mapping[str, str]) -> str:
    """The condition with questions under their new names; texts in quotes stay as they are."""
    parts = _read(condition)
    for part in parts:
        if part.kind == "question" and part.text in names:
            part.written = f"${{{names[part.text]}}}"
    return _write(parts)


def rename_choices(condition: str, renamed: ChoicesRenamed) -> str | None:
    """The condition with choices under their new names.

    None where it reads the question in a way that does not name a choice, such as `${q} > 2` or a pattern:
    what it would mean after that, only its author knows.
    """
    parts = _read(condition)
    told = [part for part in parts if part.kind != "space"]
    for at, part in enumerate(told):
        if not _is_reader(part, renamed):
            continue
        literal = _literal_beside(told, at)
        if literal is not None:
            literal.written = _rename_literal(literal, renamed.names)
        elif not _is_harmless(told, at):
            return None
    return _write(parts)


def _is_reader(part: _Part, renamed: ChoicesRenamed) -> bool:
    return part.kind in ("question", "sign") and part.text in renamed.questions


def _literal_beside(told: list[_Part], at: int) -> _Part | None:
    """The text or number a question is compared with; it may stand on either side."""
    after = [told[place] if place < len(told) else None for place in (at + 1, at + 2)]
    before = [told[place] if place >= 0 else None for place in (at - 1, at - 2)]
    for sign, value in (after, before):
        if sign is not None and sign.text in _equality and value is not None and _is_literal(value):
            return value
    is_call = at >= 2 and told[at - 2].text == "selected" and told[at - 1].text == "("
    if is_call and after[0] is not None and after[0].text == "," and after[1] is not None:
        return after[1] if _is_literal(after[1]) else None
    return None


def _is_literal(part: _Part) -> bool:
    return part.kind in ("text", "number")


def _is_harmless(told: list[_Part], at: int) -> bool:
    return at >= 2 and told[at - 2].text in _harmless_calls and told[at - 1].text == "("


def _rename_literal(literal: _Part, names: Mapping[str, str]) -> str:
    """A number is compared by its value: `${q} = 1` means the choice `1`, and `01` as well."""
    if literal.kind == "text":
        return f"'{names[literal.text]}'" if literal.text in names else literal.written
    for old, new in names.items():
        if re.fullmatch(r"-?[0-9]+", old) and float(old) == float(literal.text):
            return f"'{new}'"
    return literal.written


def _read(condition: str) -> list[_Part]:
    """The condition in pieces; what is no part of it, as in one that cannot be read, stays as it is."""
    parts: list[_Part] = []
    at = 0
    while at < len(condition):
        found = token_pattern.match(condition, at)
        if found is None:
            parts.append(_Part("rest", condition[at:], condition[at:]))
            break
        kind = found.lastgroup or ""
        text = found[kind]
        parts.append(_Part(kind, text[1:-1] if kind == "text" else text, found[0]))
        at = found.end()
    return parts


def _write(parts: list[_Part]) -> str:
    return "".join(part.written for part in parts)
