"""What the page's script needs to show a question only where it applies: its condition as plain data.

The server parsed the condition and decides in any case; the script only works out the same data (see
`Expression.code`). A condition it cannot work out (a regular expression, the day of today, a ranking) leaves
its question visible, with a line that says it may not apply.
"""

from collections.abc import Sequence

import msgspec

from survey_service.domain.expressions import parse_expression
from survey_service.domain.questionnaire import Question, QuestionType

types_the_script_reads: frozenset[QuestionType] = frozenset(
    {"select_one", "select_multiple", "scale", "integer", "decimal", "date", "text", "consent"}
)


def shown_if(question: Question, form_questions: Sequence[Question]) -> str:
    """The condition as JSON for the script; empty when there is none or the question is to stay visible."""
    if not question.relevant:
        return ""
    condition = parse_expression(question.relevant)
    asked = {part.name: part.type for other in form_questions for part in other.parts}
    if condition.code is None or any(
        asked.get(name) not in types_the_script_reads for name in condition.references
    ):
        return ""
    return msgspec.json.encode(condition.code).decode()


def is_never_shown(question: Question, form_questions: Sequence[Question]) -> bool:
    """True when the condition reads only questions this form does not ask and is not met without them."""
    if not question.relevant:
        return False
    condition = parse_expression(question.relevant)
    asked = {part.name for other in form_questions for part in other.parts}
    return not asked.intersection(condition.references) and not condition.is_true({})


def exclusive_choices(question: Question) -> frozenset[str]:
    """Choices like "none of these": marked so, or allowed by the constraint alone but with no other."""
    if question.type != "select_multiple":
        return frozenset()
    marked = frozenset(choice.name for choice in question.choices if choice.is_exclusive)
    if not question.constraint:
        return marked
    condition = parse_expression(question.constraint)
    if condition.references:
        return marked
    names = [choice.name for choice in question.choices]

    def is_exclusive(name: str) -> bool:
        others = [other for other in names if other != name]
        return condition.is_true({}, name) and not any(
            condition.is_true({}, " ".join(pair))
            for other in others
            for pair in ((name, other), (other, name))
        )

    return marked | {name for name in names if len(names) > 1 and is_exclusive(name)}
