"""What the script is told about conditions agrees with the server in every case, or is not told at all."""

from itertools import combinations

import pytest

from survey_service.domain.questionnaire import Choice, Question
from survey_service.domain.routing import is_relevant
from survey_service.web.respondent.relevance import (
    ShownWhen,
    exclusive_choices,
    is_never_shown,
    shown_when,
)
from tests.support.make import make_question, texts


def choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name=name, label=texts(name)) for name in names)


ROLE = make_question("role", choices=choices("business", "worker", "resident"))
PLACES = make_question("places", type="select_multiple", choices=choices("park", "bridge", "none"))
AGE = make_question("age", type="integer")
ASKED = (ROLE, PLACES, AGE)


def asks(relevant: str) -> Question:
    return make_question("then", type="text", relevant=relevant)


@pytest.mark.parametrize(
    ("relevant", "expected"),
    [
        ("", None),
        ("${role} = 'worker'", ShownWhen("role", ("worker",))),
        ("${role} != 'worker'", ShownWhen("role", ("", "business", "resident"))),
        ("${role} = 'worker' or ${role} = 'resident'", ShownWhen("role", ("worker", "resident"))),
        ("selected(${places}, 'park')", ShownWhen("places", ("park",))),
        (
            "selected(${places}, 'park') or selected(${places}, 'bridge')",
            ShownWhen("places", ("park", "bridge")),
        ),
        ("${role} = 'worker' and ${elsewhere} = ''", ShownWhen("role", ("worker",))),
        # Not of a shape the script can follow: it stays visible.
        ("selected(${places}, 'park') and selected(${places}, 'bridge')", None),
        ("count-selected(${places}) > 1", None),
        ("not(selected(${places}, 'park'))", None),
        ("${age} > 18", None),
        ("${role} = 'worker' and selected(${places}, 'park')", None),
    ],
)
def test_a_condition_becomes_a_list_of_choices_or_nothing(relevant: str, expected: ShownWhen | None) -> None:
    assert shown_when(asks(relevant), ASKED) == expected


@pytest.mark.parametrize(
    "relevant",
    [
        "${role} = 'worker'",
        "not(${role} = 'worker')",
        "${role} != '' and ${role} != 'resident'",
        "selected(${places}, 'park')",
        "selected(${places}, 'none') or selected(${places}, 'park')",
        "count-selected(${places}) >= 1",
    ],
)
def test_the_script_shows_just_what_the_server_finds_relevant(relevant: str) -> None:
    question = asks(relevant)
    rule = shown_when(question, ASKED)
    assert rule is not None
    source = ROLE if rule.question == "role" else PLACES
    most = 1 if source is ROLE else len(source.choices)
    for size in range(most + 1):
        for chosen in combinations([choice.name for choice in source.choices], size):
            # As in the page's script: one of the values, or "" where none is chosen.
            by_script = any(value in rule.choices for value in chosen or ("",))
            assert by_script == is_relevant(question, {source.name: " ".join(chosen)}), chosen


def test_a_question_with_many_choices_is_not_tried_in_every_combination() -> None:
    many = make_question("many", type="select_multiple", choices=choices(*(f"c{n}" for n in range(40))))
    assert shown_when(asks("selected(${many}, 'c1')"), (many,)) is None


def test_a_condition_on_questions_of_other_blocks_is_settled_at_once() -> None:
    assert is_never_shown(asks("${elsewhere} = 'yes'"), ASKED)
    assert not is_never_shown(asks("${elsewhere} != 'yes'"), ASKED)
    assert not is_never_shown(asks("${elsewhere} = 'yes' or ${role} = 'worker'"), ASKED)
    assert not is_never_shown(asks(""), ASKED)


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("not(selected(., 'none') and count-selected(.) > 1)", {"none"}),
        ("not(selected(., 'none')) or . = 'none'", {"none"}),
        ("count-selected(.) <= 2", set()),
        ("not(selected(., 'none') and selected(., 'park'))", set()),
        ("not(selected(., 'none') and count-selected(.) > 1) and ${role} = ''", set()),
        ("", set()),
    ],
)
def test_none_of_these_is_found_by_its_constraint(constraint: str, expected: set[str]) -> None:
    question = make_question(
        "places", type="select_multiple", choices=choices("park", "bridge", "none"), constraint=constraint
    )
    assert exclusive_choices(question) == expected


def test_a_single_choice_is_exclusive_anyhow() -> None:
    assert exclusive_choices(make_question("role", constraint="count-selected(.) = 1")) == frozenset()
