from survey_service.domain.routing import is_relevant, relevant_questions
from tests.surveys.load import load_survey


def names_shown(values: dict[str, str]) -> list[str]:
    return [question.name for question in relevant_questions(load_survey("branching").questions(), values)]


def test_only_what_applies_is_shown() -> None:
    assert names_shown({}) == ["role", "age", "places"]
    assert names_shown({"role": "business"}) == ["role", "staff", "places"]
    assert names_shown({"role": "business", "staff": "5"}) == ["role", "staff", "union", "places"]
    assert names_shown({"role": "resident", "age": "12"}) == ["role", "age", "places", "young"]


def test_an_answer_to_a_hidden_question_opens_nothing() -> None:
    assert "young" not in names_shown({"role": "business", "age": "12"})


def test_a_question_without_a_condition_always_applies() -> None:
    assert is_relevant(load_survey("one_question").questions()[0], {})
