"""Which questions a form leaves out because the answer is known."""

from datetime import UTC, date, datetime

from survey_service.domain.answer_fields import Answer
from survey_service.domain.known_facts import KnownFact, RememberedAnswer, fits, leave_out, valid_until
from survey_service.domain.questionnaire import Choice, Question


def ward(name: str = "ward", **fields: object) -> Question:
    values: dict[str, object] = {
        "type": "select_one",
        "label": {"en": "Which ward?"},
        "choices": tuple(Choice(name=one, label={"en": one}) for one in ("bridge", "tower")),
        "remember_as": "ward",
    }
    return Question(name=name, **(values | fields))  # type: ignore[arg-type]


def known(value: str = "bridge", question: Question | None = None) -> KnownFact:
    return KnownFact(
        fact="ward",
        question=question or ward(),
        answer=RememberedAnswer(rows=(Answer(question="ward", option=value),), value=value),
        given_at=datetime(2026, 1, 1, tzinfo=UTC),
        valid_until=date(2028, 1, 1),
    )


def test_a_known_answer_counts_under_the_name_of_the_question_that_is_left_out() -> None:
    left = leave_out([ward("where"), ward("other", remember_as="")], {"ward": known()})
    assert left == {
        "where": RememberedAnswer(rows=(Answer(question="where", option="bridge"),), value="bridge")
    }


def test_no_form_is_left_without_a_question() -> None:
    assert leave_out([ward()], {"ward": known()}) == {}


def test_what_is_not_known_or_no_fact_is_asked() -> None:
    assert leave_out([ward()], {}) == {}
    assert leave_out([ward(remember_as=""), ward("more", remember_as="")], {"ward": known()}) == {}


def test_an_answer_that_is_no_choice_any_more_is_asked_again() -> None:
    assert not fits(ward(), known("harbour"))
    assert not fits(ward(type="text", choices=()), known())
    assert leave_out([ward(), ward("more", remember_as="")], {"ward": known("harbour")}) == {}


def test_a_question_that_others_read_is_asked_all_the_same() -> None:
    for reader in (
        Question(name="why", type="text", label={"en": "Why?"}, relevant="${ward} = 'bridge'"),
        Question(name="why", type="text", label={"en": "Why ${ward}?"}),
    ):
        assert leave_out([ward(), reader], {"ward": known()}) == {}
    assert leave_out([ward(relevant="${x} = 'y'")], {"ward": known()}) == {}


def test_a_fact_is_used_for_two_years() -> None:
    assert valid_until(date(2026, 3, 1)) == date(2028, 2, 29)
