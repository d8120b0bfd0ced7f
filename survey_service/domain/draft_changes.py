"""The single steps of writing a questionnaire: each gives a new questionnaire and changes nothing else."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from survey_service.domain.errors import NotFound
from survey_service.domain.questionnaire import Block, Question, Questionnaire, Texts

longest_made_name = 30
Direction = Literal["up", "down"]


def find_question(questionnaire: Questionnaire, name: str) -> Question | None:
    """The question of this name."""
    return next((one for one in questionnaire.questions() if one.name == name), None)


def get_question(questionnaire: Questionnaire, name: str) -> Question:
    """The question of this name; raises `NotFound`."""
    found = find_question(questionnaire, name)
    if found is None:
        raise NotFound("There is no such question any more.", got=repr(name))
    return found


def blocks_of(questionnaire: Questionnaire) -> tuple[Block, ...]:
    """The core and the blocks, in order."""
    return (questionnaire.core, *questionnaire.blocks)


def get_block(questionnaire: Questionnaire, name: str) -> Block:
    """The core or the block of this name; raises `NotFound`."""
    found = next((one for one in blocks_of(questionnaire) if one.name == name), None)
    if found is None:
        raise NotFound("There is no such block any more.", got=repr(name))
    return found


def block_of(questionnaire: Questionnaire, question: str) -> Block:
    """The block a question is in; raises `NotFound`."""
    get_question(questionnaire, question)
    return next(
        block for block in blocks_of(questionnaire) for one in block.questions if one.name == question
    )


def make_name(text: str, taken: Iterable[str], *, fallback: str = "q") -> str:
    """A name for a question or a choice out of the first words of its text, unlike those that are taken."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    stem = "_".join(words)[:longest_made_name].rstrip("_")
    if not stem or not stem[0].isalpha():
        stem = f"{fallback}_{stem}" if stem else fallback
    known = {name.lower() for name in taken}
    number = 1
    name = stem
    while name in known:
        number += 1
        name = f"{stem}_{number}"
    return name


def taken_names(questionnaire: Questionnaire) -> set[str]:
    """Names that a new question or block cannot have."""
    rows = {row.name for question in questionnaire.questions() for row in question.rows}
    return (
        rows
        | {question.name for question in questionnaire.questions()}
        | {block.name for block in blocks_of(questionnaire)}
    )


def add_question(questionnaire: Questionnaire, block: str, question: Question) -> Questionnaire:
    """With a question at the end of a block.

    The same words twice in a row are a form that was sent twice, so they are added once; who wants them
    twice copies the question.
    """
    home = get_block(questionnaire, block)
    if home.questions and _without_names(home.questions[-1]) == _without_names(question):
        return questionnaire
    return _change_block(questionnaire, block, lambda questions: (*questions, question))


def replace_question(questionnaire: Questionnaire, question: Question) -> Questionnaire:
    """With another question under the same name."""
    home = block_of(questionnaire, question.name)
    return _change_block(
        questionnaire,
        home.name,
        lambda questions: tuple(question if one.name == question.name else one for one in questions),
    )


def remove_question(questionnaire: Questionnaire, name: str) -> Questionnaire:
    """Without a question."""
    home = block_of(questionnaire, name)
    return _change_block(
        questionnaire, home.name, lambda questions: tuple(one for one in questions if one.name != name)
    )


def copy_question(questionnaire: Questionnaire, name: str) -> tuple[Questionnaire, str]:
    """With a copy right after the question; also the copy's name. Rows of a grid get names of their own."""
    home = block_of(questionnaire, name)
    original = get_question(questionnaire, name)
    copy = name_apart(original, taken_names(questionnaire))
    changed = _change_block(
        questionnaire,
        home.name,
        lambda questions: tuple(
            each for one in questions for each in ((one, copy) if one.name == name else (one,))
        ),
    )
    return changed, copy.name


def name_apart(question: Question, taken: Iterable[str]) -> Question:
    """The question, and the rows of a grid, under names that nothing has."""
    known = set(taken)
    name = make_name(question.name, known)
    known.add(name)
    rows = []
    for row in question.rows:
        rows.append(msgspec.structs.replace(row, name=make_name(row.name, known)))
        known.add(rows[-1].name)
    return msgspec.structs.replace(question, name=name, rows=tuple(rows))


def move_question(questionnaire: Questionnaire, name: str, direction: Direction) -> Questionnaire:
    """One place up or down; at the edge of a block into the next one; at the very edge nothing."""
    blocks = blocks_of(questionnaire)
    question = get_question(questionnaire, name)
    home = block_of(questionnaire, name)
    place = home.questions.index(question)
    target = place + (-1 if direction == "up" else 1)
    if 0 <= target < len(home.questions):
        order = [one for one in home.questions if one.name != name]
        order.insert(target, question)
        return _change_block(questionnaire, home.name, lambda _: tuple(order))
    neighbour = blocks.index(home) + (-1 if direction == "up" else 1)
    if not 0 <= neighbour < len(blocks):
        return questionnaire
    without = remove_question(questionnaire, name)
    return _change_block(
        without,
        blocks[neighbour].name,
        lambda questions: (*questions, question) if direction == "up" else (question, *questions),
    )


def add_block(questionnaire: Questionnaire, label: Texts) -> tuple[Questionnaire, str]:
    """With an empty block at the end; also its name."""
    text = label.get(questionnaire.default_language, "")
    name = make_name(text, taken_names(questionnaire) | {"core"}, fallback="block")
    block = Block(name=name, label=label, questions=())
    return msgspec.structs.replace(questionnaire, blocks=(*questionnaire.blocks, block)), name


def label_block(questionnaire: Questionnaire, name: str, label: Texts) -> Questionnaire:
    """With another heading of a block."""
    get_block(questionnaire, name)
    return _map_blocks(
        questionnaire, lambda one: msgspec.structs.replace(one, label=label) if one.name == name else one
    )


def remove_block(questionnaire: Questionnaire, name: str) -> Questionnaire:
    """Without a block and its questions; the core stays."""
    get_block(questionnaire, name)
    return msgspec.structs.replace(
        questionnaire, blocks=tuple(one for one in questionnaire.blocks if one.name != name)
    )


def move_block(questionnaire: Questionnaire, name: str, direction: Direction) -> Questionnaire:
    """One place up or down; the core stays the first."""
    order = list(questionnaire.blocks)
    place = next((at for at, one in enumerate(order) if one.name == name), None)
    if place is None:
        raise NotFound("There is no such block any more.", got=repr(name))
    target = place + (-1 if direction == "up" else 1)
    if 0 <= target < len(order):
        order.insert(target, order.pop(place))
    return msgspec.structs.replace(questionnaire, blocks=tuple(order))


def _without_names(question: Question) -> Question:
    rows = tuple(msgspec.structs.replace(row, name="") for row in question.rows)
    return msgspec.structs.replace(question, name="", rows=rows)


def _map_blocks(questionnaire: Questionnaire, change: Callable[[Block], Block]) -> Questionnaire:
    return msgspec.structs.replace(
        questionnaire,
        core=change(questionnaire.core),
        blocks=tuple(map(change, questionnaire.blocks)),
    )


def _change_block(
    questionnaire: Questionnaire,
    name: str,
    change: Callable[[tuple[Question, ...]], tuple[Question, ...]],
) -> Questionnaire:
    get_block(questionnaire, name)
    return _map_blocks(
        questionnaire,
        lambda one: (
            msgspec.structs.replace(one, questions=change(one.questions)) if one.name == name else one
        ),
    )
