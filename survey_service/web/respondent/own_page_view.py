"""What the template of the own page shows, in words of the current language."""

from collections.abc import Sequence
from datetime import date

import msgspec
from babel.support import LazyProxy

from survey_service.domain.wishes import AS_USUAL, MOST_SURVEYS, PAUSE_MONTHS, TOPICS, WishRefused
from survey_service.i18n.formatting import format_number
from survey_service.i18n.locales import KNOWN_LOCALES, SOURCE_LOCALE, Locale
from survey_service.i18n.translate import current_locale, gettext, lazy_gettext, ngettext
from survey_service.services.own_page.show_own_page import OwnPageShown

KINDS = {
    "invitation": lazy_gettext("Invitation"),
    "reminder": lazy_gettext("Reminder"),
    "answer": lazy_gettext("Your answers"),
    "anonymous": lazy_gettext("Your answers to an anonymous survey (planned time)"),
    "newsletter": lazy_gettext("Newsletter"),
    "keep_warm": lazy_gettext("News about surveys"),
    "outcome": lazy_gettext("What came of a survey"),
    "service": lazy_gettext("Message about your wishes"),
}
OTHER_KIND = lazy_gettext("Message")

TOPIC_NAMES = {
    "counter_terrorism": lazy_gettext("Protection against terrorism"),
    "crime_prevention": lazy_gettext("Preventing crime"),
    "fraud": lazy_gettext("Fraud and online crime"),
    "roads": lazy_gettext("Roads, cycling and walking"),
    "events": lazy_gettext("Large events and demonstrations"),
    "night_time": lazy_gettext("Evenings and nights out"),
    "neighbourhood": lazy_gettext("My neighbourhood and its officers"),
}

CHANNEL_NAMES = {
    "email": lazy_gettext("Email"),
    "text": lazy_gettext("Text message"),
    "post": lazy_gettext("Letter"),
    "face_to_face": lazy_gettext("In person"),
}

REFUSALS = {
    "surveys": lazy_gettext("Choose how many surveys a year"),
    "topics": lazy_gettext("Choose from the topics that are shown"),
    "language": lazy_gettext("Choose one of the languages"),
    "channel": lazy_gettext("Choose how we may write to you"),
    "months": lazy_gettext("Choose how long to pause"),
}


class Title(msgspec.Struct, frozen=True):
    """A survey's title and the language it is in; without one it is the page's."""

    text: str
    locale: Locale


class AskView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list of asks."""

    on_day: date
    kind: str
    title: Title | None
    time: str


class InvitationView(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that can be answered or declined."""

    id: int
    title: Title
    last_day: date


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """An item of radios or check boxes."""

    value: str
    text: str
    is_chosen: bool
    locale: Locale
    """Of the text."""


class OwnPageView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole page."""

    is_taking_part: bool
    is_objecting: bool
    """To their past being part of estimates."""
    is_paused: bool
    paused_until: date | None
    next_day: date | None
    invitations: int
    time: str
    asks: list[AskView]
    open_invitations: list[InvitationView]
    surveys: list[Choice]
    most_surveys: int
    topics: list[Choice]
    languages: list[Choice]
    channels: list[Choice]
    pauses: list[Choice]
    errors: dict[str, str]
    """Sentence by field."""


def view_own_page(
    shown: OwnPageShown, refused: WishRefused | None = None, *, offered: Sequence[Locale]
) -> OwnPageView:
    """Put a page into words; what was refused is said beside its field."""
    wishes = shown.page.wishes
    return OwnPageView(
        is_taking_part=shown.is_taking_part,
        is_objecting=shown.page.objects_to_likelihood,
        is_paused=shown.is_paused,
        paused_until=shown.paused_until,
        next_day=shown.next_day,
        invitations=shown.invitations,
        time=describe_seconds(shown.seconds),
        asks=[
            AskView(
                on_day=ask.on_day,
                kind=str(KINDS.get(ask.kind, OTHER_KIND)),
                title=choose_title(ask.title),
                time=describe_seconds(ask.seconds),
            )
            for ask in shown.asks
        ],
        open_invitations=[
            InvitationView(id=one.id, title=_title_or_survey(one.title), last_day=one.last_day)
            for one in shown.open_invitations
        ],
        surveys=survey_choices(wishes.surveys_a_year),
        most_surveys=shown.most_surveys,
        topics=make_choices(TOPICS, TOPIC_NAMES, wishes.topics),
        languages=[
            Choice(value=one.code, text=one.name, is_chosen=one.code == wishes.language, locale=one)
            for one in KNOWN_LOCALES.values()
            if one in offered or one.code == wishes.language
        ],
        channels=make_choices(shown.channels, CHANNEL_NAMES, [wishes.channel]),
        pauses=[make_choice(str(months), _months(months), is_chosen=False) for months in PAUSE_MONTHS],
        errors={refused.field: str(REFUSALS[refused.field])} if refused else {},
    )


def choose_title(titles: dict[str, str]) -> Title | None:
    """The title in the reader's language, else in English, else in any."""
    for code in (current_locale().code, SOURCE_LOCALE, *titles):
        if titles.get(code):
            return Title(titles[code], KNOWN_LOCALES.get(code, current_locale()))
    return None


def describe_seconds(seconds: int) -> str:
    """A length of time: seconds below a minute, then minutes, a begun one counted whole."""
    if seconds < 60:
        text = ngettext("%(number)s second", "%(number)s seconds", seconds)
        return text % {"number": format_number(seconds)}
    minutes = -(-seconds // 60)
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": format_number(minutes)}


def _months(months: int) -> str:
    return ngettext("%(number)s month", "%(number)s months", months) % {"number": format_number(months)}


def _title_or_survey(titles: dict[str, str]) -> Title:
    return choose_title(titles) or Title(gettext("Survey"), current_locale())


def survey_choices(chosen: int | None) -> list[Choice]:
    numbers = [
        make_choice(str(number), _survey_number(number), is_chosen=number == chosen)
        for number in range(MOST_SURVEYS + 1)
    ]
    usual = make_choice(AS_USUAL, gettext("As many as everybody else"), is_chosen=chosen is None)
    return [usual, *numbers]


def _survey_number(number: int) -> str:
    if number == 0:
        return gettext("None: stay on the list, but send me no surveys")
    text = ngettext("%(number)s survey a year at most", "%(number)s surveys a year at most", number)
    return text % {"number": format_number(number)}


def make_choices(values: Sequence[str], names: dict[str, LazyProxy], chosen: Sequence[str]) -> list[Choice]:
    return [make_choice(one, str(names[one]), is_chosen=one in chosen) for one in values]


def make_choice(value: str, text: str, *, is_chosen: bool) -> Choice:
    return Choice(value=value, text=text, is_chosen=is_chosen, locale=current_locale())
