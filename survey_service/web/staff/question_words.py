"""What the kinds of question, the steps of writing and the notes on wording are called on screen."""

from survey_service.domain.question_kinds import Kind
from survey_service.domain.version_changes import ChangeKind
from survey_service.domain.wording import WordingKind
from survey_service.web.staff.page import gettext


def kind_words() -> dict[Kind, str]:
    """Each kind of question by name."""
    return {
        "yes_no": gettext("Yes or no"),
        "one": gettext("One answer from a list"),
        "several": gettext("Several answers from a list"),
        "scale": gettext("Scale with words"),
        "numbers": gettext("Scale with numbers"),
        "smileys": gettext("Scale with faces"),
        "grid": gettext("Several statements on one scale"),
        "rank": gettext("Put in order"),
        "integer": gettext("Whole number"),
        "decimal": gettext("Number with decimals"),
        "date": gettext("Date"),
        "short_text": gettext("Short text"),
        "long_text": gettext("Long text"),
        "postcode": gettext("Postcode"),
        "area": gettext("First half of the postcode"),
        "consent": gettext("Consent"),
        "note": gettext("Text without an answer"),
    }


def look_words() -> dict[tuple[str, str], str]:
    """How a type of question can look."""
    return {
        ("text", ""): gettext("One line"),
        ("text", "multiline"): gettext("Several lines"),
        ("scale", ""): gettext("Each answer in words"),
        ("scale", "numbers"): gettext("A row of numbers"),
        ("scale", "smileys"): gettext("A row of faces with words"),
        ("grid", ""): gettext("Answers from a list"),
        ("grid", "scale"): gettext("Answers on a scale"),
        ("postcode", ""): gettext("The whole postcode"),
        ("postcode", "area"): gettext("The first half only"),
    }


def change_words() -> dict[str, str]:
    """Each step of writing."""
    return {
        "started": gettext("Started"),
        "ready": gettext("Started from a ready survey"),
        "copied": gettext("Copied from another survey"),
        "published": gettext("As it was published"),
        "workbook": gettext("Workbook taken in"),
        "question_added": gettext("Question added"),
        "question_changed": gettext("Question changed"),
        "question_replaced": gettext("Question asked as a new one"),
        "question_renamed": gettext("Question renamed"),
        "question_moved": gettext("Question moved"),
        "question_copied": gettext("Question copied"),
        "question_removed": gettext("Question removed"),
        "block_added": gettext("Block added"),
        "block_changed": gettext("Block renamed"),
        "block_moved": gettext("Block moved"),
        "block_removed": gettext("Block removed"),
        "details_changed": gettext("Title, languages or forms changed"),
        "translated": gettext("Translation changed"),
        "translation_file": gettext("Translation file taken in"),
        "undone": gettext("Undone"),
        "restored": gettext("Gone back to an earlier edit"),
    }


def wording_words() -> dict[WordingKind, str]:
    """Why a note on wording is made, and what to do."""
    return {
        "double_barrelled": gettext(
            "May ask two things at once. Somebody who would answer them differently cannot answer. "
            "Ask one, or make two questions."
        ),
        "leading": gettext("May lead people to an answer. Ask so that every answer sounds equally welcome."),
        "absolute": gettext("Few people can say yes to this word. Say how often, or name a period."),
        "negative": gettext("Saying no to a “not” confuses people. Ask the positive."),
        "long": gettext("A long sentence. Most people read up to 25 words with ease."),
        "abbreviation": gettext("Not everybody knows this abbreviation. Write it out the first time."),
    }


def version_change_words() -> dict[ChangeKind, str]:
    """What a new version changes about an open survey, and what that means for answers given so far."""
    return {
        "question_added": gettext("New question"),
        "question_removed": gettext(
            "Taken out. Answers so far stay in the results, marked as no longer asked"
        ),
        "question_reworded": gettext("Other words for the question"),
        "type_changed": gettext("Another kind of question: answers so far do not fit it"),
        "row_added": gettext("New statement"),
        "row_removed": gettext(
            "Statement taken out. Answers so far stay in the results, marked as no longer asked"
        ),
        "row_reworded": gettext("Other words for a statement"),
        "choice_added": gettext("New answer to choose. Nobody could choose it until now"),
        "choice_removed": gettext(
            "Answer taken out. Those who chose it stay in the results, marked as no longer offered"
        ),
        "choice_reworded": gettext("Other words for an answer"),
        "code_moved": gettext("An answer would move to another code, and stand for what others answered"),
        "scale_changed": gettext("Other points on the scale: its numbers would stand for something else"),
    }
