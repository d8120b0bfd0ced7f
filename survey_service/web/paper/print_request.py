"""Which paper form is wanted: checked against what the survey has."""

import msgspec

from survey_service.db.served_form import ServedVersion
from survey_service.domain.errors import NotFound
from survey_service.domain.questionnaire import Form
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.web.paper.paper_form import SIZES


class PrintRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One printing."""

    form: Form
    locale: str
    size: str
    code: str
    """Printed at the foot of each page: whoever types the answers in picks survey and form by it."""


def read_print_request(
    slug: str, version: ServedVersion, *, form: str, locale: str, size: str
) -> PrintRequest:
    """Return what to print; an empty form is the first, an empty language the survey's own."""
    forms = {one.key: one for one in version.forms.values()}
    wanted = forms.get(form) if form else next(iter(forms.values()))
    if wanted is None:
        raise NotFound("The survey has no such form.", expected=f"one of {', '.join(forms)}", got=repr(form))
    offered = [code for code in KNOWN_LOCALES if code in version.questionnaire.languages]
    locale = locale or version.questionnaire.default_language
    if locale not in offered:
        raise NotFound(
            "The survey is not written in this language.",
            expected=f"one of {', '.join(offered)}",
            got=repr(locale),
        )
    if size not in SIZES:
        raise NotFound("There is no such size.", expected=f"one of {', '.join(SIZES)}", got=repr(size))
    return PrintRequest(
        form=wanted, locale=locale, size=size, code=" · ".join((slug, str(version.id), wanted.key, locale))
    )
