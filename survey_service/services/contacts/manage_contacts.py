"""One person shown or erased, and the register written out as a file that can be imported again."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import (
    audit_event,
    contact,
    contact_history,
    known_fact,
    newsletter_member,
    newsletter_signal,
    register,
    suppression,
)
from survey_service.db.contact import Burden, ConsentFacts, ContactFacts
from survey_service.db.contact_history import LedgerLine, PastInvitation, Wishes
from survey_service.db.engine import transaction
from survey_service.db.newsletter_signal import KeptSignal
from survey_service.domain.errors import NotFound
from survey_service.domain.known_facts import KnownFact
from survey_service.domain.spreadsheet_cells import guard_cell
from survey_service.domain.suppression import SuppressedKind, hash_suppressed
from survey_service.services.contacts.contact_rows import ATTRIBUTE_PREFIX, ATTRIBUTES, NEEDED
from survey_service.services.contacts.place_units import place_units
from survey_service.services.likelihood.explain_likelihood import OwnLikelihood, explain_likelihood
from survey_service.settings import Settings, load_secret_key


class ContactShown(msgspec.Struct, frozen=True, kw_only=True):
    """All that is held of a person beside what was answered, and what response likelihood says of them.

    For the person's own request to see what is held; staff pages have a look of their own (`show_contact`).
    """

    contact: ContactFacts
    consents: list[ConsentFacts]
    burden: Burden
    """Of the rolling window; the ledger has everything."""
    likelihood: OwnLikelihood
    wishes: Wishes
    known_facts: list[KnownFact]
    attributes_before: list[tuple[datetime, dict[str, str | None]]]
    """What attributes were until a moment."""
    invitations: list[PastInvitation]
    ledger: list[LedgerLine]
    newsletter: list[KeptSignal]


async def show_contact(reference: str, settings: Settings) -> ContactShown:
    """Return what is known; seeing it is noted."""
    async with transaction():
        found = await _get(reference)
        since = datetime.now(ZoneInfo(settings.time_zone)) - timedelta(days=settings.cap_window_days)
        await _note("contacts.show", found)
        return ContactShown(
            contact=found,
            consents=await contact.list_consents(found.id),
            burden=await contact.sum_burden(found.pseudonym, since),
            likelihood=await explain_likelihood(found, at=datetime.now(UTC)),
            wishes=await contact_history.get_wishes(found.id),
            known_facts=await known_fact.list_known_facts(found.id),
            attributes_before=await contact.list_past_attributes(found.id),
            invitations=await contact_history.list_invitations(found.id),
            ledger=await contact_history.list_ledger(found.pseudonym, limit=None),
            newsletter=await newsletter_signal.list_signals(found.id),
        )


async def erase_contact(reference: str, settings: Settings, *, reason: str = "erased") -> None:
    """Erase a person: details and consents go, a keyed hash keeps them from being taken in again.

    Answers, probabilities and the ledger stay, no longer linked to a name.
    """
    key = load_secret_key(settings)
    async with transaction():
        await register.lock_register()
        found = await _get(reference)
        values: tuple[tuple[SuppressedKind, str | None], ...] = (
            ("email", found.email_key), ("mobile", found.mobile), ("reference", found.reference),
        )  # fmt: skip
        hashes = [hash_suppressed(key, kind, value) for kind, value in values if value]
        await suppression.add_suppressed(hashes, reason=reason)
        await contact.erase_contact(found.id)
        await newsletter_member.forget_words(found.id)
        await place_units([found.unit])
        await _note("contacts.erase", found)


async def export_contacts(path: Path) -> int:
    """Write everybody who was not erased in the form that `import_contacts` takes; return how many.

    People give names and addresses themselves: none of them is a formula in whoever's spreadsheet program.
    """
    count = 0
    async with transaction():
        names = sorted({name async for facts, _ in contact.walk_contacts() for name in facts.attributes})
        columns = {
            name: name if name in ATTRIBUTES else f"{ATTRIBUTE_PREFIX}{name}"
            for name in dict.fromkeys((*ATTRIBUTES, *names))
        }
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, (*NEEDED, "organisation", *columns.values()), restval="")
            writer.writeheader()
            async for facts, consents in contact.walk_contacts():
                attributes = {columns[name]: value for name, value in facts.attributes.items()}
                row = _to_row(facts, consents) | attributes
                writer.writerow({name: guard_cell(value) for name, value in row.items()})
                count += 1
        detail = {"rows": count}
        await audit_event.add_audit_event(
            staff=None, action="contacts.export", object_kind="register", object_id="1", detail=detail
        )
    return count


def _to_row(facts: ContactFacts, consents: list[ConsentFacts]) -> dict[str, str]:
    """A file has one source and date for both purposes: those of the latest word."""
    granted = {consent.purpose for consent in consents if consent.is_granted}
    latest = max(consents, key=lambda consent: consent.at, default=None)
    return {
        "reference": facts.reference,
        "audience": facts.audience,
        "name": facts.name,
        "email": facts.email or "",
        "mobile": facts.mobile or "",
        "language": facts.language,
        "channel": facts.channel,
        "unit": "" if facts.unit_reference == facts.reference else facts.unit_reference,
        "consent_survey": "yes" if "survey" in granted else "no",
        "consent_newsletter": "yes" if "newsletter" in granted else "no",
        "consent_source": latest.source if latest else "",
        "consent_date": latest.at.isoformat() if latest else "",
        "organisation": facts.organisation,
    }


async def _get(reference: str) -> ContactFacts:
    found = await contact.find_contact(reference)
    if found is None or found.state == "erased":
        raise NotFound(f"There is no contact {reference!r}.", hint="See `contacts export`.")
    return found


async def _note(action: str, found: ContactFacts) -> None:
    await audit_event.add_audit_event(
        staff=None, action=action, object_kind="contact", object_id=str(found.id)
    )
