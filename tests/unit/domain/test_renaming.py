"""Renaming: what reads the old names follows, what only looks like them stays."""

import msgspec
import pytest

from survey_service.domain.condition_names import ChoicesRenamed, rename_choices, rename_questions
from survey_service.domain.draft_changes import get_question
from survey_service.domain.drafts import Draft, judge_language, put_translations
from survey_service.domain.errors import Conflict
from survey_service.domain.questionnaire import Block, Choice, GridRow
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.domain.renaming import Renames, rename_question
from survey_service.services.questionnaires.rename_question import try_renaming
from tests.support.make_questionnaire import make_question, make_questionnaire, texts


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("${age} >= 18 and ${ages} < 3", "${years} >= 18 and ${ages} < 3"),
        ("${ age }='age' or selected(${job}, '${age}')", "${years}='age' or selected(${job}, '${age}')"),
        ("${nonsense", "${nonsense"),
        ("", ""),
    ],
)
def test_a_question_inside_a_condition(condition: str, expected: str) -> None:
    assert rename_questions(condition, {"age": "years"}) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("${home} = 'yes' or ${work} = 'yes'", "${home} = 'always' or ${work} = 'yes'"),
        ("'yes' != ${home}", "'always' != ${home}"),
        ("selected(${home}, \"yes\") and not(. = 'yes')", "selected(${home}, 'always') and not(. = 'yes')"),
        ("count-selected(${home}) > 1 and ${home} != ''", "count-selected(${home}) > 1 and ${home} != ''"),
        ("${home} = 1", "${home} = 'one'"),
        ("${home} > 1", None),
        ("regex(${home}, 'y.*')", None),
        ("coalesce(${home}, ${work}) = 'yes'", None),
    ],
)
def test_a_choice_inside_a_condition(condition: str, expected: str | None) -> None:
    renamed = ChoicesRenamed(questions=frozenset({"home"}), names={"yes": "always", "1": "one"})
    assert rename_choices(condition, renamed) == expected


def make_draft() -> Draft:
    """Conditions, pipes, a grid and its rows, all reading each other."""
    grid = make_question(
        "views",
        type="grid",
        choices=(Choice(name="good", label=texts("Good")), Choice(name="bad", label=texts("Bad"))),
        rows=(GridRow(name="streets", label=texts("Streets")), GridRow(name="parks", label=texts("Parks"))),
    )
    core = Block(
        name="core",
        label=texts("Core"),
        questions=(
            make_question("q1"),
            grid,
            make_question("why", type="text", label=texts("Why ${q1}?"), relevant="${streets} = 'bad'"),
        ),
    )
    block = Block(
        name="b1",
        label=texts("Block"),
        questions=(make_question("q2", relevant="${q1} = 'no' and ${parks} = 'bad'"),),
    )
    return Draft(questionnaire=make_questionnaire(core=core, blocks=(block,)))


def test_everything_that_reads_a_question_follows() -> None:
    draft = put_translations(make_draft(), "fr", {"why:label": "Pourquoi ${q1} ?", "q1:label": "Q ?"})
    assert judge_language(draft, "fr").is_whole
    changed = rename_question(draft, "q1", Renames(name="role", choices={"yes": "no", "no": "yes"}))
    questionnaire = changed.questionnaire
    assert not check_questionnaire(questionnaire)
    assert [choice.name for choice in get_question(questionnaire, "role").choices] == ["no", "yes", "other"]
    assert get_question(questionnaire, "why").label["en"] == "Why ${role}?"
    assert get_question(questionnaire, "why").label["fr"] == "Pourquoi ${role} ?"
    assert get_question(questionnaire, "q2").relevant == "${role} = 'yes' and ${parks} = 'bad'"
    assert judge_language(changed, "fr").is_whole, "translations that were right stay right"
    assert get_question(questionnaire, "role").label["fr"] == "Q ?"
    back = rename_question(changed, "role", Renames(name="q1", choices={"yes": "no", "no": "yes"}))
    assert back.questionnaire == draft.questionnaire


def test_a_translation_that_was_out_of_date_stays_so() -> None:
    draft = put_translations(make_draft(), "fr", {"why:label": "Pourquoi ${q1} ?"})
    stale = draft.translated_from["fr"] | {"why:label": "0" * 16, "q1:choices:yes:label": "0" * 16}
    draft = msgspec.structs.replace(draft, translated_from=draft.translated_from | {"fr": stale})
    assert judge_language(draft, "fr").stale == 2
    changed = rename_question(draft, "q1", Renames(name="role", choices={"yes": "ja"}))
    assert judge_language(changed, "fr").stale == 2
    assert changed.translated_from["fr"]["role:choices:ja:label"] == "0" * 16


def test_the_rows_of_a_grid_and_their_choices() -> None:
    changed = rename_question(
        make_draft(),
        "views",
        Renames(name="opinions", rows={"streets": "roads"}, choices={"bad": "poor"}),
    )
    questionnaire = changed.questionnaire
    assert not check_questionnaire(questionnaire)
    assert get_question(questionnaire, "why").relevant == "${roads} = 'poor'"
    assert get_question(questionnaire, "q2").relevant == "${q1} = 'no' and ${parks} = 'poor'"
    assert [row.name for row in get_question(questionnaire, "opinions").rows] == ["roads", "parks"]


def test_names_that_cannot_be() -> None:
    draft = make_draft()
    for name in ("why", "streets", "b1", "no spaces", "1st"):
        assert try_renaming(draft, "q1", Renames(name=name)).problems, name
    assert try_renaming(draft, "q1", Renames(name="q1", choices={"yes": "no"})).problems
    assert not try_renaming(draft, "q1", Renames(name="Q1_new")).problems
    numbered = msgspec.structs.replace(draft.questionnaire.core.questions[2], relevant="${q1} > 2")
    core = msgspec.structs.replace(
        draft.questionnaire.core, questions=(*draft.questionnaire.core.questions[:2], numbered)
    )
    draft = Draft(questionnaire=msgspec.structs.replace(draft.questionnaire, core=core))
    with pytest.raises(Conflict, match="condition of why"):
        rename_question(draft, "q1", Renames(name="q1", choices={"yes": "1"}))
