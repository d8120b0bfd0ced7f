"""What the join page shows, in words of the current language, with what was typed."""

from collections.abc import Mapping, Sequence

import msgspec

from survey_service.domain.joining import AUDIENCES, CHANNELS, PURPOSES, Trouble
from survey_service.domain.wishes import AS_USUAL, MOST_SURVEYS
from survey_service.i18n.formatting import format_number
from survey_service.i18n.locales import Locale
from survey_service.i18n.translate import current_locale, gettext, lazy_gettext
from survey_service.web.respondent.own_page_view import (
    CHANNEL_NAMES,
    Choice,
    make_choice,
    make_choices,
    survey_choices,
)

AUDIENCE_NAMES = {
    "resident": lazy_gettext("I live here"),
    "worker": lazy_gettext("I work here"),
    "business": lazy_gettext("I answer for a business here"),
    "visitor": lazy_gettext("I visit or study here"),
}
PURPOSE_NAMES = {
    "surveys": lazy_gettext("Invite me to surveys"),
    "newsletter": lazy_gettext("Send me the newsletter"),
}
TROUBLES = {
    "age": lazy_gettext("Say whether you are old enough"),
    "email": lazy_gettext("Enter your e-mail address, such as name@example.org"),
    "audience": lazy_gettext("Choose what describes you best"),
    "purposes": lazy_gettext("Choose at least one thing you agree to"),
    "language": lazy_gettext("Choose one of the languages"),
    "channel": lazy_gettext("Choose how we may write to you"),
    "mobile": lazy_gettext("Enter a mobile number, such as 07700 900123"),
    "surveys": lazy_gettext("Choose how many surveys a year"),
}

Typed = Mapping[str, Sequence[str]]


class JoinView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole form."""

    age_question: str
    ages: list[Choice]
    email: str
    mobile: str
    audiences: list[Choice]
    purposes: list[Choice]
    """None is ticked before somebody does."""
    surveys: list[Choice]
    channels: list[Choice]
    languages: list[dict[str, object]]
    errors: dict[str, str]


def offered_purposes(*, with_newsletter: bool) -> Sequence[str]:
    """What can be chosen; the newsletter where we know its sign-up form, since we subscribe nobody."""
    return [one for one in PURPOSES if with_newsletter or one != "newsletter"]


def view_join(
    typed: Typed,
    troubles: Mapping[str, Trouble],
    *,
    minimum_age: int,
    offered: Sequence[Locale],
    with_newsletter: bool = True,
) -> JoinView:
    """Put the form into words."""
    age = format_number(minimum_age)
    chosen = _first(typed, "surveys", AS_USUAL)
    surveys = int(chosen) if chosen in map(str, range(MOST_SURVEYS + 1)) else None
    return JoinView(
        age_question=gettext("Are you %(age)s or older?") % {"age": age},
        ages=[
            make_choice("yes", gettext("Yes"), is_chosen=_first(typed, "age") == "yes"),
            make_choice("no", gettext("No"), is_chosen=False),
        ],
        email=_first(typed, "email"),
        mobile=_first(typed, "mobile"),
        audiences=make_choices(AUDIENCES, AUDIENCE_NAMES, typed.get("audience", ())),
        purposes=make_choices(
            offered_purposes(with_newsletter=with_newsletter), PURPOSE_NAMES, typed.get("purposes", ())
        ),
        surveys=survey_choices(surveys),
        channels=make_choices(CHANNELS, CHANNEL_NAMES, typed.get("channel", ["email"])),
        languages=[
            {
                "value": one.code,
                "text": one.name,
                "selected": one.code == _first(typed, "language", current_locale().code),
                "attributes": {"lang": one.tag},
            }
            for one in offered
        ],
        errors={field: str(TROUBLES[field]) for field in troubles},
    )


def _first(typed: Typed, field: str, default: str = "") -> str:
    return next(iter(typed.get(field, ())), default)[:254]
