"""People with pages of their own, and what the register holds of them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from survey_service.services.own_page.own_page_links import own_page_links
from survey_service.settings import Settings
from tests.support.make import MadeContact, insert, make_contact
from tests.support.rows import fetch

TABLES = (
    "contact", "unit", "consent", "invitation", "message", "audit_event", "ledger_event", "cell", "receipt",
)  # fmt: skip


async def make_person(settings: Settings, *, mobile: str | None = None, **overrides: object) -> MadeContact:
    """A contact in the frame with an address and consent; its page can be opened."""
    contact = await make_contact(**overrides)  # type: ignore[arg-type]
    detail = {"contact": contact.id, "email": f"{contact.reference}@example.org", "mobile": mobile}
    await insert("contact_detail", detail)
    values = {
        "purpose": "survey",
        "is_granted": True,
        "source": "sign-up",
        "at": datetime(2025, 1, 1, tzinfo=UTC),
    }
    await insert("consent", {"contact": contact.id, **values})
    return contact


async def path_of(contact: MadeContact, settings: Settings) -> str:
    """Where the person's own page is."""
    links = await own_page_links([contact.id], settings)
    assert links[contact.id].startswith(settings.public_url + "/me/")
    return urlsplit(links[contact.id]).path


async def column(contact: MadeContact, name: str) -> object:
    [row] = await fetch(f'SELECT "{name}" AS value FROM contact WHERE id = $1', contact.id)
    return row["value"]


async def consent_of(contact: MadeContact) -> object:
    [row] = await fetch("SELECT is_granted FROM consent WHERE contact = $1", contact.id)
    return row["is_granted"]


async def unit_of(contact: MadeContact) -> dict[str, object]:
    [row] = await fetch(
        "SELECT u.is_active, k.key, u.ticket FROM unit u JOIN cell k ON k.id = u.cell WHERE u.id = $1",
        contact.unit,
    )
    return row


async def whole_database() -> dict[str, list[dict[str, object]]]:
    return {table: await fetch(f"SELECT * FROM {table} ORDER BY id") for table in TABLES}


async def ask(
    contact: MadeContact, slug: str, *, days_ago: int, kind: str = "invitation", seconds: int = 15
) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    values = {"pseudonym": contact.pseudonym, "kind": kind, "seconds": seconds, "survey_slug": slug, "at": at}
    await insert("ledger_event", values)
