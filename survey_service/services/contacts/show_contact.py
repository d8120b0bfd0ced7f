"""One person as staff may see them: whether they may be asked today, what was asked, what they wish."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import contact as contacts
from survey_service.db import contact_history
from survey_service.db.audit_event import add_audit_event
from survey_service.db.contact import Burden, ConsentFacts, ContactFacts
from survey_service.db.contact_history import LedgerLine, PastInvitation, Wishes
from survey_service.db.engine import transaction
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import NotFound
from survey_service.domain.roles import check_may
from survey_service.services.gate.explain_standing import Standing, explain_standing
from survey_service.settings import Settings

MOST_EVENTS = 100
LARGEST_ID = 2**63 - 1


class ContactShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of a person says."""

    contact: ContactFacts
    standing: Standing
    consents: list[ConsentFacts]
    wishes: Wishes
    burden: Burden
    """Of the rolling year."""
    invitations: list[PastInvitation]
    ledger: list[LedgerLine]
    has_older_events: bool


async def get_contact_for(staff: StaffMember, contact: int) -> ContactFacts:
    """The person, if there is one whom this member of staff may see; an erased one is not there any more."""
    check_may(staff.role, "see_contacts")
    found = await contact_history.find_contact_by_id(contact) if 0 < contact <= LARGEST_ID else None
    if found is None or found.state == "erased":
        raise NotFound("There is no such contact.", got=str(contact))
    return found


async def show_contact_to(staff: StaffMember, contact: ContactFacts, settings: Settings) -> ContactShown:
    """Everything about a person from `get_contact_for`; the look is noted."""
    now = datetime.now(ZoneInfo(settings.time_zone))
    async with transaction():
        ledger = await contact_history.list_ledger(contact.pseudonym, limit=MOST_EVENTS + 1)
        shown = ContactShown(
            contact=contact,
            standing=await explain_standing(contact, settings, day=now.date()),
            consents=await contacts.list_consents(contact.id),
            wishes=await contact_history.get_wishes(contact.id),
            burden=await contacts.sum_burden(contact.pseudonym, _window_start(now.date(), settings)),
            invitations=await contact_history.list_invitations(contact.id),
            ledger=ledger[:MOST_EVENTS],
            has_older_events=len(ledger) > MOST_EVENTS,
        )
        await add_audit_event(
            staff=staff.id, action="contact.view", object_kind="contact", object_id=str(contact.id)
        )
    return shown


def _window_start(day: date, settings: Settings) -> datetime:
    """An event counts while its age in days is less than the window, by the days of the settings' zone."""
    first = day - timedelta(days=settings.cap_window_days - 1)
    return datetime.combine(first, datetime.min.time(), ZoneInfo(settings.time_zone))
