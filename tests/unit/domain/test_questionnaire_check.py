from typing import Any

import msgspec
import pytest

from survey_service.domain.question_check import name_rule
from survey_service.domain.questionnaire import Block, Choice, GridRow, Question, Questionnaire
from survey_service.domain.questionnaire_check import check_questionnaire
from tests.surveys.load import load_survey, names


def make_question(name: str = "q", **overrides: Any) -> Question:
    fields: dict[str, Any] = {"name": name, "type": "text", "label": {"en": "Why?"}} | overrides
    return Question(**fields)


def make_select(name: str, *choices: str, **overrides: Any) -> Question:
    offered = tuple(Choice(name=choice, label={"en": choice or "?"}) for choice in choices)
    return make_question(name, **{"type": "select_one", "choices": offered, **overrides})


def make_grid(*rows: str, **overrides: Any) -> Question:
    fields: dict[str, Any] = {"type": "grid"} | overrides
    return make_select(
        "q", "a", "b", rows=tuple(GridRow(name=row, label={"en": row}) for row in rows), **fields
    )


def make_exclusive(kind: str, **overrides: Any) -> Question:
    marks: dict[str, Any] = {"is_exclusive": True} | overrides
    first, second = (Choice(name=name, label={"en": name}, **marks) for name in "ab")
    return make_question(type=kind, choices=(first, msgspec.structs.replace(second, takes_text=False)))


def reasons(core: list[Question], *blocks: Block, **overrides: Any) -> list[str]:
    fields: dict[str, Any] = {
        "name": "made",
        "title": {"en": "Made"},
        "default_language": "en",
        "languages": ("en",),
        "core": Block(name="core", label={}, questions=tuple(core)),
        "blocks": blocks,
    } | overrides
    return [problem.reason for problem in check_questionnaire(Questionnaire(**fields))]


def make_block(name: str, *questions: Question) -> Block:
    return Block(name=name, label={}, questions=questions)


@pytest.mark.parametrize("name", names)
def test_the_questionnaires_of_the_tests_are_in_order(name: str) -> None:
    assert check_questionnaire(load_survey(name)) == ()


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (make_question(""), "has no name"),
        (make_question("1st"), "is not a letter, then"),
        (make_question("a-b"), "is not a letter, then"),
        (make_question("_a"), "is not a letter, then"),
        (make_question("é"), "is not a letter, then"),
        (make_question("a" * 61), "is not a letter, then"),
        (make_question(label={}), "label is missing in en"),
        (make_question(label={"en": "  "}), "label is missing in en"),
        (make_question(label={"en": "Why?", "fr": "Pourquoi ?"}), "given in fr, which is not a language"),
        (make_question(label={"en": "Why, ${name}?"}), "names ${name}, which is not a question"),
        (make_question(label={"en": "Why, ${asked}?"}), "names ${asked}, which is not asked before"),
        (make_select("q", "a", constraint_message={"en": "${asked}"}), "only the label and the hint"),
        (make_question(appearance="smileys"), "cannot look like 'smileys'"),
        (make_question(type="note", may_decline=True), "takes no answer"),
        (make_question(type="consent", may_decline=True), "cannot be declined"),
        (make_question(type="consent", constraint=". = 'OK'"), "has no constraint"),
        (make_select("q", "--a"), "begins with two hyphens"),
        (make_select("q", "1", type="scale"), "at least two points"),
        (make_select("q", "1", "3", "2", type="scale"), "not in the order"),
        (make_select("q", "1", "1x", "2", type="scale"), "come after its points"),
        (make_select("q", *"123456", type="scale", appearance="smileys"), "at most 5 points, not 6"),
        (make_select("q", "a", type="rank"), "2 to 10 things"),
        (make_select("q", "a", "b", type="grid"), "A grid lacks rows"),
        (make_grid("asked"), "has the name asked, which is used already"),
        (make_grid("r1", "R1"), "has the name R1, which is used already"),
        (make_grid("r-1"), "row 'r-1' is not a letter"),
        (make_grid("r1", appearance="scale"), "at least two points"),
        (make_grid("r1", constraint=". = 'a'"), "cannot have a constraint"),
        (make_question(rows=(GridRow(name="r", label={"en": "R"}),)), "Only a grid has rows"),
        (make_exclusive("select_one"), "several answers has a choice that excludes"),
        (make_exclusive("rank", takes_text=True, is_exclusive=False), "cannot take a text"),
        (make_question(label={"en": "a\x07b"}), "control character"),
        (make_question(hint={"en": "\ud800"}), "hint holds a control character"),
        (make_question(label={"en": "x" * 5_001}), "longer than 5000"),
        (make_question(type="note", is_required=True), "takes no answer"),
        (make_question(type="note", constraint=". > 1"), "takes no answer"),
        (make_question(type="select_one"), "lacks choices"),
        (make_select("q", "a", type="integer"), "cannot have choices"),
        (make_select("q", "a", "a"), "Two choices of the list are named a"),
        (make_select("q", ""), "is not named without spaces"),
        (make_select("q", "a b"), "is not named without spaces"),
        (make_select("q", "it's"), "is not named without spaces"),
        (make_select("q", *[f"c{n}" for n in range(201)]), "more than 200"),
        (
            make_question(
                type="select_one",
                choices=(
                    Choice(name="a", label={"en": "A"}, takes_text=True),
                    Choice(name="b", label={"en": "B"}, takes_text=True),
                ),
            ),
            "More than one choice",
        ),
        (make_question(relevant="${nobody} = 'x'"), "${nobody}, which is not a question"),
        (make_question(relevant="${q} = 'x'"), "${q}, which is not asked before"),
        (make_question(relevant=". = 'x'"), "before it is asked"),
        (make_question(constraint="now() > 1"), "now() is not supported"),
        (make_question(constraint="regex(., '(a+)+')"), "repeats a group"),
        (make_select("q", "a", constraint="selected(., 'b')"), "names the choice 'b'"),
        (make_question(constraint="selected(., 'b')"), "has no choices"),
    ],
)
def test_one_thing_wrong_with_a_question_is_named(question: Question, reason: str) -> None:
    asked = make_question("asked")

    found = reasons([asked, question] if question.type == "grid" else [question, asked])

    assert len(found) == 1, found
    assert reason in found[0]


def test_names_must_differ_in_more_than_capitals() -> None:
    assert reasons([make_question("Q"), make_question("q")]) == ["Two questions are named q."]


def test_conditions_read_the_core_and_their_own_group_only() -> None:
    core = [make_select("role", "a", "b")]
    first = make_block(
        "first", make_question("x", relevant="${role} = 'a'"), make_question("y", relevant="${x}")
    )
    second = make_block("second", make_question("z", relevant="${x} = 'something'"))

    assert reasons(core, first) == []
    (reason,) = reasons(core, first, second)
    assert "${x} of the group first" in reason
    assert "own group" in reason


def test_a_condition_on_a_choice_that_does_not_exist_is_named() -> None:
    core = [make_select("role", "a", "b"), make_select("many", "a", "b", type="select_multiple")]
    wrong = make_block("w", make_question("x", relevant="${role} = 'c' or selected(${many}, 'c')"))
    right = make_block("r", make_question("x", relevant="${role} != '' and ${many} = 'a b'"))

    assert reasons(core, right) == []
    assert reasons(core, wrong) == [
        "The condition names the choice 'c', which role does not have.",
        "The condition names the choice 'c', which many does not have.",
    ]


def test_a_condition_on_a_note_is_named() -> None:
    core = [make_question("n", type="note"), make_question("q", relevant="${n} = 'x'")]

    assert reasons(core) == ["The condition names ${n}, which is a note and takes no answer."]


def test_a_condition_on_a_name_that_a_group_has_too_is_named() -> None:
    core = [make_question("same")]
    block = make_block("same", make_question("x", relevant="${same} = 'y'"))

    assert reasons(core, block) == [
        "The condition names ${same}, which is the name of a question and of a group."
    ]


def test_groups_have_names_of_their_own_and_questions() -> None:
    core = [make_question()]

    assert reasons(core, make_block("a", make_question("x")), make_block("A", make_question("y"))) == [
        "Two groups are named A."
    ]
    assert reasons(core, make_block("a")) == ["The group a has no questions."]
    first = make_block("first", make_question("x"))
    questionnaire = Questionnaire(
        name="made",
        title={"en": "Made"},
        default_language="en",
        languages=("en",),
        core=first,
        blocks=(make_block("core", make_question("y")),),
    )
    (problem,) = check_questionnaire(questionnaire)
    assert (problem.reason, problem.block) == ("Only the first group can be named core.", 1)


def test_a_questionnaire_without_questions_or_languages_is_named() -> None:
    assert reasons([make_question(type="note")]) == ["The questionnaire asks no question."]
    assert "default language fr is not a language" in reasons([make_question()], default_language="fr")[0]
    assert reasons([make_question()], title={}) == ["The title is missing in en."]


def test_a_text_that_is_given_in_one_language_is_given_in_all() -> None:
    languages = ("en", "fr")
    both = {"en": "Why?", "fr": "Pourquoi ?"}
    question = make_question(label=both, hint={"fr": "Dites-le."})
    block = Block(name="core", label={"en": "You"}, questions=(question,))
    questionnaire = Questionnaire(
        name="made", title=both, default_language="en", languages=languages, core=block
    )

    problems = check_questionnaire(questionnaire)

    assert [(problem.field, problem.language, problem.question, problem.block) for problem in problems] == [
        ("label", "fr", None, 0),
        ("hint", "en", 0, None),
    ]


def test_questionnaires_are_stored_as_json_without_loss() -> None:
    for name in names:
        questionnaire = load_survey(name)
        assert msgspec.json.decode(msgspec.json.encode(questionnaire), type=Questionnaire) == questionnaire


def test_the_rows_of_a_grid_are_read_by_conditions_and_a_fact_by_texts() -> None:
    grid = make_grid("night", "day")
    follow_up = make_question("why", relevant="${night} = 'a'", label={"en": "Why in ${ward}, at ${night}?"})
    on_fact = make_question("x", relevant="${ward} = ''")

    assert reasons([grid, follow_up], facts=("ward",)) == []
    (reason,) = reasons([grid, on_fact], facts=("ward",))
    assert "Only texts can repeat a fact" in reason
    assert reasons([grid], facts=tuple(f"f{at}" for at in range(21))) == [
        "The texts can repeat 20 facts at most."
    ]
    assert reasons([grid, make_question("x", relevant="${night} = 'c'")]) == [
        "The condition names the choice 'c', which night does not have."
    ]
    assert reasons([grid, make_question("x", label={"en": "Why ${q}?"})]) == [
        "The text names ${q}, which is not a question."
    ]
    assert reasons([make_question("ward")], facts=("ward", "ward", "1")) == [
        "The fact ward is named twice.",
        "The name of the fact '1' is not " + name_rule + ".",
        "Two questions are named ward.",
    ]


def test_a_long_text_cannot_stand_inside_a_sentence() -> None:
    core = [make_question("why", appearance="multiline"), make_question("x", label={"en": "So ${why}?"})]

    assert reasons(core) == [
        "The text repeats ${why}, but an answer of type text cannot stand inside a sentence."
    ]
