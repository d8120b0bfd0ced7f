"""Everything a survey has ever asked: its newest questions, and what earlier versions asked besides.

Answers stay tied to the version they were given to. What a later version takes out has answers all the same:
they are counted under the words they were given to, and marked as no longer offered.
"""

from collections.abc import Iterable, Sequence

import msgspec

from survey_service.domain.questionnaire import Block, Choice, GridRow, Question, Questionnaire


class AskedQuestions(msgspec.Struct, frozen=True, kw_only=True):
    """The versions of a questionnaire as one."""

    questionnaire: Questionnaire
    """The newest version with everything that was taken out behind what is asked now."""
    retired_questions: frozenset[str] = frozenset()
    """Questions, and rows of grids, that are not asked any more."""
    retired_choices: frozenset[tuple[str, str]] = frozenset()
    """Question (of a grid: row) and choice that is not offered any more."""

    def find(self, name: str) -> Question | None:
        """A question that is or was asked, with all its choices."""
        return next((one for one in self.questionnaire.questions() if one.name == name), None)

    @property
    def names(self) -> set[str]:
        """Names that answers are kept under."""
        return {part.name for one in self.questionnaire.questions() for part in (one, *one.parts)}


def gather_asked(versions: Sequence[Questionnaire]) -> AskedQuestions:
    """All versions as one; `versions` with the newest first, at least one."""
    newest, *earlier = versions
    known = {question.name: question for question in newest.questions()}
    for version in earlier:
        for question in version.questions():
            found = known.get(question.name)
            known[question.name] = question if found is None else _join(found, question)
    asked_now = {question.name: question for question in newest.questions()}
    gone = tuple(question for name, question in known.items() if name not in asked_now)

    def extend(block: Block, more: tuple[Question, ...] = ()) -> Block:
        questions = tuple(known[question.name] for question in block.questions)
        return msgspec.structs.replace(block, questions=(*questions, *more))

    *blocks, last = (newest.core, *newest.blocks)
    core, *others = (*map(extend, blocks), extend(last, gone))
    return AskedQuestions(
        questionnaire=msgspec.structs.replace(newest, core=core, blocks=tuple(others)),
        retired_questions=frozenset(_retired_parts(known.values(), asked_now)),
        retired_choices=frozenset(_retired_choices(known.values(), asked_now)),
    )


def _join(newer: Question, older: Question) -> Question:
    """A question with the choices and rows that only an earlier version had, if it was the same kind."""
    if newer.type != older.type:
        return newer
    return msgspec.structs.replace(
        newer,
        choices=(*newer.choices, *_missing(newer.choices, older.choices)),
        rows=(*newer.rows, *_missing_rows(newer.rows, older.rows)),
    )


def _missing(newer: Sequence[Choice], older: Sequence[Choice]) -> tuple[Choice, ...]:
    names = {one.name for one in newer}
    return tuple(one for one in older if one.name not in names)


def _missing_rows(newer: Sequence[GridRow], older: Sequence[GridRow]) -> tuple[GridRow, ...]:
    names = {one.name for one in newer}
    return tuple(one for one in older if one.name not in names)


def _retired_parts(known: Iterable[Question], now: dict[str, Question]) -> Iterable[str]:
    for question in known:
        rows_now = {row.name for row in now[question.name].rows} if question.name in now else set()
        if question.name not in now:
            yield question.name
        yield from (row.name for row in question.rows if row.name not in rows_now)


def _retired_choices(known: Iterable[Question], now: dict[str, Question]) -> Iterable[tuple[str, str]]:
    for question in known:
        if question.name in now:
            offered = {one.name for one in now[question.name].choices}
            for part in question.parts:
                yield from ((part.name, one.name) for one in question.choices if one.name not in offered)
