"""A question, the rows of a grid or its choices under other names, with everything that reads them."""

from collections.abc import Mapping

import msgspec

from survey_service.domain.condition_names import ChoicesRenamed, rename_choices, rename_questions
from survey_service.domain.draft_changes import blocks_of, get_question
from survey_service.domain.drafts import Draft, move_texts
from survey_service.domain.errors import Conflict
from survey_service.domain.piping import piped_names, rename_pipes
from survey_service.domain.questionnaire import Block, Question, Questionnaire, Texts
from survey_service.domain.survey_texts import Path


class Renames(msgspec.Struct, frozen=True, kw_only=True):
    """Old names to new ones; what keeps its name may be left out. Names may also change places."""

    name: str
    """The question's new name."""
    rows: Mapping[str, str] = {}
    choices: Mapping[str, str] = {}


def rename_question(draft: Draft, question: str, renames: Renames) -> Draft:
    """The draft with a question under other names: conditions, texts and translations follow.

    Raises `Conflict` where a condition compares the answer in a way that does not name a choice.
    """
    old = get_question(draft.questionnaire, question)
    rows = {row.name: renames.rows.get(row.name, row.name) for row in old.rows}
    choices = {one.name: renames.choices.get(one.name, one.name) for one in old.choices}
    named = {question: renames.name} | rows
    names = {before: after for before, after in named.items() if before != after}
    changed = {before: after for before, after in choices.items() if before != after}

    def change(one: Question) -> Question:
        read = _follow(one, names, changed, old)
        return _put_names(read, renames.name, rows, choices) if one.name == question else read

    def change_block(block: Block) -> Block:
        return msgspec.structs.replace(block, questions=tuple(map(change, block.questions)))

    core, *blocks = map(change_block, blocks_of(draft.questionnaire))
    renamed = msgspec.structs.replace(draft.questionnaire, core=core, blocks=tuple(blocks))
    return move_texts(draft, renamed, _moved_paths(old, renames.name, rows, choices))


def names_of(questionnaire: Questionnaire, question: str) -> Renames:
    """The names as they stand."""
    one = get_question(questionnaire, question)
    return Renames(
        name=one.name,
        rows={row.name: row.name for row in one.rows},
        choices={choice.name: choice.name for choice in one.choices},
    )


def _follow(
    one: Question, names: Mapping[str, str], choices: Mapping[str, str], renamed: Question
) -> Question:
    """A question whose conditions and texts read the renamed one."""
    read_as = {renamed.name, *(row.name for row in renamed.rows)}
    relevant, constraint = one.relevant, one.constraint
    if choices:
        relevant = _follow_choices(one, relevant, read_as, choices)
        own = {"."} if one.name == renamed.name else set()
        constraint = _follow_choices(one, constraint, read_as | own, choices)

    def follow(texts: Texts) -> Texts:
        reads_it = not names.keys().isdisjoint(piped_names(texts))
        return {code: rename_pipes(text, names) for code, text in texts.items()} if reads_it else texts

    return msgspec.structs.replace(
        one,
        label=follow(one.label),
        hint=follow(one.hint),
        relevant=rename_questions(relevant, names),
        constraint=rename_questions(constraint, names),
    )


def _follow_choices(one: Question, condition: str, read_as: set[str], choices: Mapping[str, str]) -> str:
    changed = rename_choices(condition, ChoicesRenamed(questions=frozenset(read_as), names=choices))
    if changed is None:
        raise Conflict(
            f"The codes cannot change: the condition of {one.name} does more with them than name them.",
            got=condition,
            hint=f"Change the condition of {one.name} first, or leave the codes as they are.",
        )
    return changed


def _put_names(one: Question, name: str, rows: Mapping[str, str], choices: Mapping[str, str]) -> Question:
    return msgspec.structs.replace(
        one,
        name=name,
        rows=tuple(msgspec.structs.replace(row, name=rows[row.name]) for row in one.rows),
        choices=tuple(msgspec.structs.replace(each, name=choices[each.name]) for each in one.choices),
    )


def _moved_paths(
    old: Question, name: str, rows: Mapping[str, str], choices: Mapping[str, str]
) -> dict[Path, Path]:
    """Where the beginning of each text's path goes."""
    fields = {f"{old.name}:{field}": f"{name}:{field}" for field in type(old).__struct_fields__}
    members = {
        f"{old.name}:{group}:{before}:": f"{name}:{group}:{after}:"
        for group, named in (("rows", rows), ("choices", choices))
        for before, after in named.items()
    }
    return members | fields
