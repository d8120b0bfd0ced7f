"""What a new version changes, and what of it would mix meanings."""

import msgspec
import pytest

from survey_service.domain.asked_questions import gather_asked
from survey_service.domain.questionnaire import Block, Choice, GridRow, Question, Questionnaire
from survey_service.domain.version_changes import find_changes
from tests.support.make_questionnaire import make_questionnaire, texts


def choices(*named: str) -> tuple[Choice, ...]:
    """`code=label` each."""
    return tuple(
        Choice(name=code, label=texts(label)) for code, _, label in (one.partition("=") for one in named)
    )


def ask(*questions: Question) -> Questionnaire:
    return make_questionnaire(core=Block(name="core", label={}, questions=questions), blocks=())


def one_of(*named: str, **overrides: object) -> Question:
    values = {"name": "q1", "type": "select_one", "label": texts("How?"), "choices": choices(*named)}
    return Question(**(values | overrides))  # type: ignore[arg-type]


def kinds(before: Questionnaire, after: Questionnaire) -> list[str]:
    return [change.kind for change in find_changes(gather_asked([before]), after)]


WORDS = one_of("a=Safe", "b=Not safe", "c=Unsure")
SCALE = one_of("1=Low", "2=Middle", "3=High", type="scale")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (WORDS, WORDS, []),
        (WORDS, one_of("c=Unsure", "a=Safe", "b=Not safe"), []),
        (WORDS, one_of("a=safe", "b=Not safe!", "c=Unsure"), []),
        (WORDS, one_of("a=Safe", "c=Unsure"), ["choice_removed"]),
        (WORDS, one_of("a=Safe", "b=Not safe", "c=Unsure", "d=Other"), ["choice_added"]),
        (WORDS, one_of("a=Very safe", "b=Not safe", "c=Unsure"), ["choice_reworded"]),
        (WORDS, one_of("a=Not safe", "b=Safe", "c=Unsure"), ["code_moved", "code_moved"]),
        (WORDS, one_of("a=Safe", "b=Unsure"), ["code_moved", "choice_removed"]),
        (WORDS, one_of("a=Safe", "b=Not safe", "c=Unsure", label=texts("Why?")), ["question_reworded"]),
        (WORDS, one_of("a=Safe", "b=Not safe", "c=Unsure", type="select_multiple"), ["type_changed"]),
        (
            WORDS,
            one_of("a=Safe", "b=Not safe", "c=Unsure", name="q2"),
            ["question_added", "question_removed"],
        ),
        (SCALE, one_of("1=Low", "2=High", "3=Middle", type="scale"), ["code_moved", "code_moved"]),
        (SCALE, one_of("3=High", "2=Middle", "1=Low", type="scale"), ["scale_changed"]),
        (SCALE, one_of("1=Low", "3=High", type="scale"), ["scale_changed"]),
        (SCALE, one_of("1=Low", "2=Middle", "3=High", "4=Top", type="scale"), ["scale_changed"]),
        (SCALE, one_of("1=Low", "2=Middle", "3=High", "dk=Unsure", type="scale"), ["choice_added"]),
        (SCALE, one_of("1=Low", "2=Middling", "3=High", type="scale"), ["choice_reworded"]),
    ],
)
def test_each_change_has_its_kind(before: Question, after: Question, expected: list[str]) -> None:
    assert kinds(ask(before), ask(after)) == expected


def test_what_is_only_read_can_say_anything() -> None:
    note = Question(name="note", type="note", label=texts("Read this."))
    other = Question(name="note", type="note", label=texts("Read that."))
    assert kinds(ask(WORDS, note), ask(WORDS, other)) == []
    assert kinds(ask(WORDS, note), ask(WORDS)) == []


def test_the_rows_of_a_grid() -> None:
    rows = tuple(GridRow(name=name, label=texts(name)) for name in ("streets", "parks"))
    grid = one_of("good=Good", "bad=Bad", type="grid", rows=rows)
    other = (GridRow(name="streets", label=texts("roads")), GridRow(name="squares", label=texts("squares")))
    changed = msgspec.structs.replace(grid, rows=other)
    assert kinds(ask(grid), ask(changed)) == ["row_reworded", "row_added", "row_removed"]
    as_scale = msgspec.structs.replace(grid, appearance="scale")
    assert kinds(ask(grid), ask(as_scale)) == ["type_changed"]


def test_all_versions_as_one() -> None:
    first = ask(WORDS, one_of("a=Yes", "b=No", name="gone"))
    second = ask(one_of("a=Safe", "c=Unsure"), one_of("x=X", "y=Y", name="new"))
    asked = gather_asked([second, first])
    names = [question.name for question in asked.questionnaire.questions()]
    assert names == ["q1", "new", "gone"]
    assert [choice.name for choice in asked.questionnaire.questions()[0].choices] == ["a", "c", "b"]
    assert asked.retired_questions == {"gone"}
    assert asked.retired_choices == {("q1", "b")}
    assert find_changes(asked, second) == ()
    # What comes back is held to what it meant, however long ago.
    back = ask(one_of("a=Safe", "c=Unsure", "b=Dangerous"), one_of("x=X", "y=Y", name="new"))
    assert [change.kind for change in find_changes(asked, back)] == ["choice_reworded"]
    moved = ask(one_of("a=Safe", "c=Unsure", "d=Not safe"), one_of("x=X", "y=Y", name="new"))
    assert [change.kind for change in find_changes(asked, moved)] == ["code_moved"]
