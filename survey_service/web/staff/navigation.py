"""The way through the staff area: a few words for all of it, and under each the pages it holds."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from survey_service.db.staff import StaffMember
from survey_service.domain.roles import may
from survey_service.i18n.translate import Translator

gettext = Translator("staff").gettext


class Link(NamedTuple):
    """A page and the word for it."""

    text: str
    href: str


class Area(NamedTuple):
    """A word of the bar; it leads to the first of its pages."""

    text: str
    pages: Sequence[Link]


SURVEYS = "/staff/surveys"

Item = dict[str, object]


def find_way(path: str, staff: StaffMember) -> tuple[list[Item], str, list[Item]]:
    """The bar for this path, then the word and the pages of the area that it is in.

    Pages of one survey are not among them: those have a way of their own. Nor is there a list of one page.
    """
    areas = list(_areas(staff))
    bar = [
        {
            "text": one.text,
            "href": one.pages[0].href,
            "active": any(_is_in(path, page) for page in one.pages),
            "current": path == one.pages[0].href,
        }
        for one in areas
    ]
    here = next((one for one in areas if any(_is_in(path, page) for page in one.pages)), None)
    if here is None or len(here.pages) == 1 or path.startswith(f"{SURVEYS}/"):
        return bar, "", []
    pages = [
        {"text": one.text, "href": one.href, "active": _is_in(path, one), "current": path == one.href}
        for one in here.pages
    ]
    return bar, here.text, pages


def _is_in(path: str, page: Link) -> bool:
    return path == page.href or path.startswith(f"{page.href}/")


def _areas(staff: StaffMember) -> Iterator[Area]:
    """Only pages that this person may open."""
    surveys = Link(gettext("Surveys"), SURVEYS)
    plans, governs = may(staff.role, "plan"), may(staff.role, "govern")
    bank = [Link(gettext("Question bank"), "/staff/question-bank")] if plans else []
    yield Area(surveys.text, [surveys, *bank])
    if may(staff.role, "see_contacts"):
        contacts = Link(gettext("Contacts"), "/staff/contacts")
        yield Area(contacts.text, [contacts])
    if plans:
        yield from _areas_of_planning()
    if staff.is_officer or governs:
        safeguarding = Link(gettext("Safeguarding"), "/staff/safeguarding")
        yield Area(safeguarding.text, [safeguarding])
    if plans:
        ways = [Link(gettext("Other ways to answer"), "/staff/other-ways")] if governs else []
        yield Area(gettext("Settings"), [Link(gettext("Languages"), "/staff/languages"), *ways])


def _areas_of_planning() -> Iterator[Area]:
    yield Area(
        gettext("Planning"),
        [
            Link(gettext("Calendar"), "/staff/calendar"),
            Link(gettext("Budget"), "/staff/budget"),
            Link(gettext("Limits"), "/staff/limits"),
            Link(gettext("Freezes"), "/staff/freezes"),
            Link(gettext("Cells"), "/staff/cells"),
        ],
    )
    newsletter = Link(gettext("Newsletter"), "/staff/newsletter")
    yield Area(newsletter.text, [newsletter, Link(gettext("Outbox"), "/staff/outbox")])
    yield Area(
        gettext("Insight"),
        [
            Link(gettext("Likelihood"), "/staff/likelihood"),
            Link(gettext("Simulation"), "/staff/simulation"),
            Link(gettext("Cost of asking"), "/staff/fatigue"),
        ],
    )
