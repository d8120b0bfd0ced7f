"""What the script is told about conditions agrees with the server in every case, or is not told at all."""

import msgspec
import pytest

from survey_service.domain.questionnaire import Choice, GridRow, Question
from survey_service.web.respondent.relevance import (
    exclusive_choices,
    is_never_shown,
    shown_if,
)
from tests.support.make import make_question, texts


def choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name=name, label=texts(name)) for name in names)


ROLE = make_question("role", choices=choices("business", "worker", "resident"))
PLACES = make_question("places", type="select_multiple", choices=choices("park", "bridge", "none"))
AGE = make_question("age", type="integer")
ASKED = (
    ROLE,
    PLACES,
    AGE,
    make_question("why", type="text"),
    make_question("since", type="date"),
    make_question("home", type="postcode"),
    make_question("order", type="rank", choices=PLACES.choices),
    make_question("grid", type="grid", rows=(GridRow(name="row", label=texts("Row")),), choices=ROLE.choices),
)


def asks(relevant: str) -> Question:
    return make_question("then", type="text", relevant=relevant)


@pytest.mark.parametrize(
    ("relevant", "code"),
    [
        ("", ""),
        ("${role} = 'worker'", '["=",["$","role"],"worker"]'),
        ("${age} > 18 and not(selected(${places}, 'park'))",
         '["and",[">",["$","age"],18.0],["not",["selected",["$","places"],"park"]]]'),
        ("${row} = 'worker'", '["=",["$","row"],"worker"]'),
        # What the script cannot work out stays visible.
        ("regex(${why}, '[a-z]+')", ""),
        ("${since} <= today()", ""),
        ("${elsewhere} = '' and ${role} = 'worker'", ""),
        ("selected(${order}, 'park')", ""),
        ("${home} = 'EC2M 7PP'", ""),
    ],
)  # fmt: skip
def test_a_condition_becomes_data_for_the_script_or_nothing(relevant: str, code: str) -> None:
    assert shown_if(asks(relevant), ASKED) == code


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


def test_a_choice_is_exclusive_when_it_is_marked() -> None:
    marked = (Choice(name="nothing", label=texts("Nothing"), is_exclusive=True), *PLACES.choices)
    constraint = "not(selected(., 'none') and count-selected(.) > 1)"
    question = make_question("places", type="select_multiple", choices=marked)

    assert exclusive_choices(question) == {"nothing"}
    assert exclusive_choices(msgspec.structs.replace(question, constraint=constraint)) == {"nothing", "none"}
