"""Which questions of a draft repeat earlier ones, and for how long the earlier answers count."""

from datetime import date, timedelta

from survey_service.domain.questionnaire import Block, Question, Questionnaire
from survey_service.domain.repeats import LikelySame, RepeatedQuestion, find_repeated_questions

ASKED = date(2026, 3, 1)


def ask(*questions: Question) -> Questionnaire:
    return Questionnaire(
        name="any",
        title={"en": "Any"},
        default_language="en",
        languages=("en",),
        core=Block(name="core", label={}, questions=questions),
    )


def question(name: str, label: str, **fields: object) -> Question:
    return Question(name=name, type="text", label={"en": label}, **fields)  # type: ignore[arg-type]


def find(
    draft: Question, *earlier: Question, today: date = ASKED, validity: dict[str, int] | None = None
) -> list[RepeatedQuestion]:
    return list(
        find_repeated_questions(
            ask(draft),
            ask(*earlier),
            asked_on=ASKED,
            today=today,
            validity=validity or {},
            likely={("Safe?", "Secure?"): LikelySame(score=0.7, likenesses=("judged",))},
        )
    )


def test_one_concept_is_a_repeat_whatever_the_words() -> None:
    (found,) = find(question("a", "Safe?", concept="safety"), question("b", "Sure?", concept="safety"))
    assert (found.kind, found.score, found.other.name) == ("concept", 1, "b")


def test_two_named_concepts_are_no_repeat_whatever_the_words() -> None:
    assert (
        find(question("a", "Safe?", concept="safety"), question("b", "Safe?", concept="night_safety")) == []
    )


def test_the_same_words_are_told_whatever_their_signs() -> None:
    (found,) = find(question("a", "How safe – are you?"), question("b", "how safe are  YOU"))
    assert found.kind == "same_words"


def test_of_several_the_one_that_is_repeated_most_is_named() -> None:
    (found,) = find(question("a", "Safe?"), question("b", "Secure?"), question("c", "safe"))
    assert found.other.name == "c"


def test_other_words_are_a_guess_that_says_what_is_alike() -> None:
    (found,) = find(question("a", "Safe?"), question("b", "Sure?"), question("c", "Secure?"))
    assert (found.other.name, found.score, found.likenesses) == ("c", 0.7, ("judged",))
    assert not found.is_certain


def test_validity_ends_after_its_last_day() -> None:
    year = timedelta(days=364)
    assert find(question("a", "Safe?"), question("b", "Safe?"), today=ASKED + year)
    assert not find(question("a", "Safe?"), question("b", "Safe?"), today=ASKED + year + timedelta(days=1))
    short = {"safety": 30}
    pair = question("a", "Safe?", concept="safety"), question("b", "Safe?", concept="safety")
    assert find(*pair, today=ASKED + timedelta(days=29), validity=short)
    assert not find(*pair, today=ASKED + timedelta(days=30), validity=short)


def test_facts_and_notes_are_not_compared() -> None:
    fact = question("a", "Where do you live?", remember_as="ward")
    assert find(fact, question("b", "Where do you live?")) == []
    assert find(question("a", "Where do you live?"), fact) == []
    note = Question(name="n", type="note", label={"en": "Thank you"})
    assert find(note, question("b", "Thank you")) == []
