"""`/staff/contacts`: people of the shared register, found and looked at.

The search is posted and its answer is the page itself: what was typed may be somebody's address, which must
stand in no link, history or log.
"""

from datetime import UTC, datetime

from litestar import Response, get, post

from survey_service.domain.answers import clean_text
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import check_may
from survey_service.services.contacts.search_contacts import (
    LEAST_LETTERS,
    MOST_LETTERS,
    ContactsFound,
    search_contacts,
)
from survey_service.services.contacts.show_contact import get_contact_for, show_contact_to
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page


@get("/staff/contacts", guards=[require_session])
async def show_contacts(request: AnyRequest) -> Response[str]:
    """The search form."""
    check_may(signed_in_staff(request).role, "see_contacts")
    return _page(request, "", None)


@post("/staff/contacts", guards=[refuse_cross_site, require_session], status_code=200)
async def find_contacts(request: AnyRequest) -> Response[str]:
    """One page of what was found."""
    form = await request.form()
    beginning = clean_text(str(form.get("beginning", "")))[:MOST_LETTERS]
    staff = signed_in_staff(request)
    check_may(staff.role, "see_contacts")
    if len(beginning) < LEAST_LETTERS:
        return _page(request, beginning, None, error=gettext("Enter two letters or more"))
    page = read_whole_number(str(form.get("page", ""))) or 1
    return _page(request, beginning, await search_contacts(staff, beginning, page=page))


@get("/staff/contacts/{contact:int}", guards=[require_session])
async def show_contact(request: AnyRequest) -> Response[str]:
    """One person."""
    staff = signed_in_staff(request)
    found = await get_contact_for(staff, request.path_params["contact"])
    shown = await show_contact_to(staff, found, request.app.state.settings)
    return staff_page(
        request, "staff/contact.html", staff=staff, shown=shown, language=LANGUAGE, now=datetime.now(UTC)
    )


def _page(
    request: AnyRequest, beginning: str, found: ContactsFound | None, *, error: str = ""
) -> Response[str]:
    return staff_page(
        request,
        "staff/contacts.html",
        staff=signed_in_staff(request),
        status=422 if error else 200,
        beginning=beginning,
        found=found,
        errors=[{"text": error, "href": "#beginning"}] if error else [],
    )


ROUTES = [show_contacts, find_contacts, show_contact]
