"""Invitations: written with their links' hashes, and listed."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from survey_service.db.engine import connection


class NewInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation on its way out."""

    id: int
    contact: int
    draw_member: int
    form: int
    receipt: int
    token_hash: bytes
    language: str


async def copy_invitations(
    invitations: Iterable[NewInvitation],
    *,
    wave: int,
    key_version: int,
    sent_at: datetime,
    expires_at: datetime,
) -> None:
    """Write the invitations of a wave as sent."""
    async with connection() as lent:
        await lent.copy_records_to_table(
            "invitation",
            records=[
                (
                    one.id, wave, one.contact, one.draw_member, one.form, one.receipt, one.token_hash,
                    key_version, one.language, "sent", sent_at, expires_at,
                )
                for one in invitations
            ],
            columns=(
                "id", "wave", "contact", "draw_member", "form", "receipt", "token_hash", "key_version",
                "language", "state", "sent_at", "expires_at",
            ),
        )  # fmt: skip
