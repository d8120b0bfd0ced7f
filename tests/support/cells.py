"""Registers in wards, and cells looked at or changed past the pages."""

from survey_service.db import register
from survey_service.db.engine import transaction
from survey_service.services.contacts.move_contacts import move_units
from tests.support.register import contact_row, contact_rows
from tests.support.rows import fetch

WARDS = ("Aldgate", "Bread Street", "Cripplegate")


async def cells_of(*references: str) -> list[str]:
    rows = await fetch(
        """SELECT c.reference, k.key FROM contact c JOIN unit u ON u.id = c.unit JOIN cell k ON k.id = u.cell
           WHERE c.reference = ANY ($1)""",
        list(references),
    )
    found = {row["reference"]: row["key"] for row in rows}
    return [found[one] for one in references]


async def choose(frequency: int | None, *references: str) -> int:
    async with transaction():
        await register.lock_register()
        units = await fetch(
            "UPDATE contact SET surveys_a_year = $1 WHERE reference = ANY ($2) RETURNING unit",
            frequency, list(references),
        )  # fmt: skip
        return await move_units([row["unit"] for row in units])


async def places() -> dict[str, tuple[str, float, float, float]]:
    """Cell, permanent number, ticket and the cell's clock of each unit."""
    rows = await fetch(
        "SELECT u.reference, k.key, u.prn, u.ticket, k.clock FROM unit u JOIN cell k ON k.id = u.cell"
    )
    return {row["reference"]: (row["key"], row["prn"], row["ticket"], row["clock"]) for row in rows}


def residents(count: int, **overrides: str) -> list[dict[str, str]]:
    return contact_rows(count, **({"audience": "resident"} | overrides))


def in_wards(count: int, audience: str = "resident") -> list[dict[str, str]]:
    return [
        contact_row(number, audience=audience, **{"attribute.ward": WARDS[number % 3]})
        for number in range(1, count + 1)
    ]


def workers_in_wards(count: int) -> list[dict[str, str]]:
    return [
        row | {"reference": f"W{number}", "email": f"w{number}@example.org"}
        for number, row in enumerate(in_wards(count, "worker"))
    ]
