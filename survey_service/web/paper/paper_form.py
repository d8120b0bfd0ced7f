"""The printable form of a survey: one form, one language, ordinary or large print."""

from jinja2 import Environment

from survey_service.domain.questionnaire import Form, Questionnaire
from survey_service.i18n.translate import use_locale
from survey_service.integrations.documents.pdf import write_pdf
from survey_service.web.paper.paper_view import view_paper_form

SIZES = {"ordinary": "12pt", "large": "18pt"}
"""Large print is 18 points in the UK Association for Accessible Formats' guidance (minimum 16)."""


def render_paper_form(
    environment: Environment,
    questionnaire: Questionnaire,
    form: Form,
    locale: str,
    *,
    code: str,
    size: str = "ordinary",
) -> str:
    """The document as HTML. `code` names survey, version and form, for whoever types the answers in."""
    with use_locale(locale):
        return environment.get_template("report/paper_form.html").render(
            form=view_paper_form(questionnaire, form, locale), code=code, size=SIZES[size]
        )


def print_paper_form(
    environment: Environment,
    questionnaire: Questionnaire,
    form: Form,
    locale: str,
    *,
    code: str,
    size: str = "ordinary",
) -> bytes:
    """The document as a PDF. Raises `WeasyPrintMissing` where the system cannot make one."""
    html = render_paper_form(environment, questionnaire, form, locale, code=code, size=size)
    return write_pdf(html, locale=locale)
