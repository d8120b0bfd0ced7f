"""Plain makers of questionnaires, without a database."""

from collections.abc import Sequence
from typing import Any

from survey_service.domain.questionnaire import Block, Choice, Question, Questionnaire

LANGUAGES = ("en", "fr", "bn", "ar")


def texts(text: str, languages: Sequence[str] = LANGUAGES) -> dict[str, str]:
    """The same text in each language, marked with it."""
    return {language: text if language == "en" else f"{text} ({language})" for language in languages}


def make_question(name: str = "q1", **overrides: Any) -> Question:
    """A select_one with yes, no and other unless told otherwise."""
    values: dict[str, Any] = {"type": "select_one", "label": texts(f"Question {name}?")}
    values |= overrides
    if values["type"].startswith("select_") and "choices" not in values:
        values["choices"] = (
            Choice(name="yes", label=texts("Yes")),
            Choice(name="no", label=texts("No")),
            Choice(name="other", label=texts("Other"), takes_text=True),
        )
    return Question(name=name, **values)


def make_questionnaire(**overrides: Any) -> Questionnaire:
    """One required core question and two blocks with one question of each other type."""
    values: dict[str, Any] = {
        "name": "alerts",
        "title": texts("Alerts"),
        "default_language": "en",
        "languages": LANGUAGES,
        "core": Block(name="core", label=texts("Core"), questions=(make_question("q1", is_required=True),)),
        "blocks": (
            Block(
                name="b1",
                label=texts("Block 1"),
                questions=(
                    make_question("q2", type="select_multiple"),
                    make_question("q3", type="integer", constraint=". >= 0 and . <= 120"),
                ),
            ),
            Block(
                name="b2",
                label=texts("Block 2"),
                questions=(
                    make_question("q4", type="text", appearance="multiline"),
                    make_question("q5", relevant="${q1} = 'yes'"),
                ),
            ),
        ),
    }
    return Questionnaire(**(values | overrides))
