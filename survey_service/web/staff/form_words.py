"""What a form, and each text of a questionnaire, is called on screen: never by the names that files use."""

from survey_service.domain.questionnaire import Form, Questionnaire
from survey_service.web.staff.page import gettext


def form_word(questionnaire: Questionnaire, form: Form, language: str) -> str:
    """A form by the headings of its blocks: `Your business + Critical messages`."""
    headings = [
        block.label.get(language) or block.label.get(questionnaire.default_language) or block.name
        for block in questionnaire.blocks
        if block.name in form.block_names
    ]
    return " + ".join(headings) or gettext("What everybody is asked")


def text_word(path: str) -> str:
    """What a text is, from its path in the questionnaire."""
    *owner, field = path.split(":")
    if field != "label":
        return {
            "title": gettext("Title of the survey"),
            "hint": gettext("Help under the question"),
            "required_message": gettext("Message where the answer is missing"),
            "constraint_message": gettext("Message where the answer is not allowed"),
        }.get(field, field.replace("_", " "))
    if owner[0] == "block":
        return gettext("Heading of a block")
    if "choices" in owner:
        return gettext("Answer to choose")
    return gettext("Line of the question") if "rows" in owner else gettext("What is asked")
