"""Staff look for people. Who looked and whom they were shown is noted, not what they typed."""

import msgspec

from survey_service.db import contact_search
from survey_service.db.audit_event import add_audit_event
from survey_service.db.contact_search import ContactFound
from survey_service.db.engine import transaction
from survey_service.db.staff import StaffMember
from survey_service.domain.roles import check_may
from survey_service.domain.suppression import fold_email

PAGE_SIZE = 25
LEAST_LETTERS = 2
MOST_LETTERS = 254
LAST_PAGE = 400
"""Beyond so many pages nobody reads on; they search for something narrower."""


class ContactsFound(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what was found."""

    total: int
    page: int
    pages: int
    contacts: list[ContactFound]


async def search_contacts(staff: StaffMember, beginning: str, *, page: int = 1) -> ContactsFound:
    """Find people whose reference, a word of whose name, organisation or e-mail address begins so."""
    check_may(staff.role, "see_contacts")
    page = min(max(page, 1), LAST_PAGE)
    async with transaction():
        total, found = await _find(beginning, page)
        if not found and page > 1:
            page = 1
            total, found = await _find(beginning, page)
        await add_audit_event(
            staff=staff.id,
            action="contact.search",
            object_kind="register",
            object_id="1",
            detail={"page": page, "found": total, "shown": " ".join(str(one.id) for one in found)},
        )
    pages = min(max(-(-total // PAGE_SIZE), 1), LAST_PAGE)
    return ContactsFound(total=total, page=page, pages=pages, contacts=found)


async def _find(beginning: str, page: int) -> tuple[int, list[ContactFound]]:
    return await contact_search.search_contacts(
        beginning.lower(), email_key=fold_email(beginning), limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
