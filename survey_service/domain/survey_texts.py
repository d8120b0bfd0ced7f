"""Every text an author wrote, each with a path of its own that stays when a question is moved.

The walk follows the structs themselves: a field of type `Texts` that is added to a question, a choice or a
row is found without a word here.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from survey_service.domain.questionnaire import Block, Question, Questionnaire, Texts

Path = str
"""`title`, `block:<name>:label`, `<question>:label`, `<question>:choices:<choice>:label`."""

Change = Callable[[Path, Texts], Texts]
AnyStruct = TypeVar("AnyStruct", bound=msgspec.Struct)


class SurveyText(msgspec.Struct, frozen=True, kw_only=True):
    """One text in all its languages."""

    path: Path
    field: str
    texts: Texts
    is_visible: bool
    """False for what no respondent can come to see: the message of a rule that is not there."""
    question: Question | None = None
    """The question it belongs to."""


def list_texts(questionnaire: Questionnaire) -> tuple[SurveyText, ...]:
    """All texts in the order of the questionnaire, those nobody wrote included."""
    return tuple(_list_texts(questionnaire))


def map_texts(questionnaire: Questionnaire, change: Change) -> Questionnaire:
    """The questionnaire with every text as `change` gives it back."""

    def change_block(block: Block) -> Block:
        return msgspec.structs.replace(
            block,
            label=change(f"block:{block.name}:label", block.label),
            questions=tuple(_map_struct(question, question.name, change) for question in block.questions),
        )

    return msgspec.structs.replace(
        questionnaire,
        title=change("title", questionnaire.title),
        core=change_block(questionnaire.core),
        blocks=tuple(map(change_block, questionnaire.blocks)),
    )


def put_texts(questionnaire: Questionnaire, language: str, written: Mapping[Path, str]) -> Questionnaire:
    """The questionnaire with these texts in one language; an empty text is taken out."""

    def change(path: Path, texts: Texts) -> Texts:
        if path not in written:
            return texts
        others = {code: text for code, text in texts.items() if code != language}
        return others | ({language: written[path]} if written[path] else {})

    return map_texts(questionnaire, change)


def hash_text(text: str) -> str:
    """A short name for a text: 64 bits, so that two texts of one survey do not share one."""
    return hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()[:16]


def hash_language(questionnaire: Questionnaire, language: str) -> bytes:
    """Name what a reader of one language sees; it changes with every word of it."""
    seen = [
        (text.path, text.texts.get(language, "")) for text in list_texts(questionnaire) if text.is_visible
    ]
    return hashlib.sha256(msgspec.json.encode(sorted(seen))).digest()


def _list_texts(questionnaire: Questionnaire) -> Iterator[SurveyText]:
    base = questionnaire.default_language
    yield _text("title", questionnaire.title, base)
    for block in (questionnaire.core, *questionnaire.blocks):
        yield _text(f"block:{block.name}:label", block.label, base)
        for question in block.questions:
            for path, texts in _collect(question):
                yield _text(path, texts, base, question)


def _collect(question: Question) -> list[tuple[Path, Texts]]:
    found: list[tuple[Path, Texts]] = []

    def note(path: Path, texts: Texts) -> Texts:
        found.append((path, texts))
        return texts

    _map_struct(question, question.name, note)
    return found


def _text(path: Path, texts: Texts, base: str, question: Question | None = None) -> SurveyText:
    field = path.rsplit(":", 1)[-1]
    is_shown = bool(texts.get(base, "").strip())
    if question is not None and path == f"{question.name}:{field}":
        rules = {"required_message": question.is_required, "constraint_message": bool(question.constraint)}
        is_shown = is_shown and rules.get(field, True)
    return SurveyText(path=path, field=field, texts=texts, is_visible=is_shown, question=question)


def _map_struct(struct: AnyStruct, path: str, change: Change) -> AnyStruct:
    changed: dict[str, Any] = {}
    for name in _text_fields(type(struct)):
        changed[name] = change(f"{path}:{name}", getattr(struct, name))
    for name in _group_fields(type(struct)):
        changed[name] = tuple(
            _map_struct(member, f"{path}:{name}:{member.name}", change) for member in getattr(struct, name)
        )
    return msgspec.structs.replace(struct, **changed)


@cache
def _text_fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.type == dict[str, str])


@cache
def _group_fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Fields that hold structs with a name: choices, rows."""
    found = []
    for field in msgspec.structs.fields(kind):
        (member, *_) = getattr(field.type, "__args__", (None,))
        if isinstance(member, type) and issubclass(member, msgspec.Struct):
            found.append(field.name)
    return tuple(found)
