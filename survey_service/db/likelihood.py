"""Fitted models of response likelihood, verdicts on them, permissions and objections."""

from datetime import datetime
from typing import Any

import msgspec

from survey_service.db.engine import connection


class ModelFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A model without its content."""

    id: int
    trained_at: datetime
    seed: int
    card: msgspec.Raw
    is_on: bool
    reason: str
    decided_at: datetime


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How a model did on a wave that it was not taught, against the stratum's last response rate."""

    model: int
    survey: str
    wave: int
    invitations: int
    answered: int
    expected: float
    brier: float
    base_brier: float
    at: datetime

    @property
    def is_better(self) -> bool:
        """Whether the model was of use."""
        return self.brier < self.base_brier


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute that may be a feature, with who allowed it and where that is recorded."""

    attribute: str
    record: str
    permitted_by: str
    permitted_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


_FACTS = "SELECT id, trained_at, seed, card, is_on, reason, decided_at FROM likelihood_model"


async def add_model(
    *, at: datetime, seed: int, card: bytes, content: bytes, is_on: bool, reason: str, staff: int | None
) -> int:
    """Store a model; return its id."""
    async with connection() as lent:
        return int(
            await lent.fetchval(
                """INSERT INTO likelihood_model
                       (trained_at, seed, card, content, is_on, reason, decided_at, staff)
                   VALUES ($1, $2, $3, $4, $5, $6, $1, $7) RETURNING id""",
                at, seed, card.decode(), content, is_on, reason, staff,
            )
        )  # fmt: skip


async def list_models(limit: int) -> list[ModelFacts]:
    """Return the newest models, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(f"{_FACTS} ORDER BY id DESC LIMIT $1", limit)
    return [_to_facts(row) for row in rows]


async def get_content(model: int) -> bytes:
    """Return the file of a model."""
    async with connection() as lent:
        found: bytes = await lent.fetchval("SELECT content FROM likelihood_model WHERE id = $1", model)
        return found


async def switch_model(model: int, *, is_on: bool, reason: str, at: datetime) -> None:
    """Record that a model is used or not, and why."""
    async with connection() as lent:
        await lent.execute(
            "UPDATE likelihood_model SET is_on = $2, reason = $3, decided_at = $4 WHERE id = $1",
            model,
            is_on,
            reason,
            at,
        )


async def add_verdict(
    *, model: int, wave: int, invitations: int, answered: int, expected: float, brier: float,
    base_brier: float, at: datetime,
) -> None:  # fmt: skip
    """Record how a model did on a wave."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO likelihood_verdict (likelihood_model, wave, invitations, answered, expected, brier,
                   base_brier, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (likelihood_model, wave) DO NOTHING""",
            model, wave, invitations, answered, expected, brier, base_brier, at,
        )  # fmt: skip


async def list_verdicts(limit: int) -> list[Verdict]:
    """Return the newest verdicts, the newest first."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT v.likelihood_model AS model, s.slug AS survey, w.number AS wave, v.invitations,
                   v.answered, v.expected, v.brier, v.base_brier, v.at
               FROM likelihood_verdict v JOIN wave w ON w.id = v.wave JOIN survey s ON s.id = w.survey
               ORDER BY v.id DESC LIMIT $1""",
            limit,
        )
    return [Verdict(**row) for row in rows]


async def list_judged(model: int) -> set[int]:
    """Return the waves on which a model was judged."""
    async with connection() as lent:
        rows = await lent.fetch("SELECT wave FROM likelihood_verdict WHERE likelihood_model = $1", model)
    return {row["wave"] for row in rows}


async def list_permissions(*, open_only: bool = True) -> list[Permission]:
    """Return the attributes that may be features, or all that ever might, by name."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT attribute, record, permitted_by, permitted_at, withdrawn_by, withdrawn_at
               FROM likelihood_permission WHERE NOT $1 OR withdrawn_at IS NULL
               ORDER BY attribute COLLATE "C", id""",
            open_only,
        )
    return [Permission(**row) for row in rows]


async def add_permission(attribute: str, *, record: str, permitted_by: str, at: datetime) -> bool:
    """Record a permission; false where one stands already."""
    async with connection() as lent:
        given: Any = await lent.fetchval(
            """INSERT INTO likelihood_permission (attribute, record, permitted_by, permitted_at)
               VALUES ($1, $2, $3, $4)
               ON CONFLICT (attribute) WHERE withdrawn_at IS NULL DO NOTHING RETURNING id""",
            attribute,
            record,
            permitted_by,
            at,
        )
    return given is not None


async def withdraw_permission(attribute: str, *, withdrawn_by: str, at: datetime) -> bool:
    """Withdraw a permission; false where none stands."""
    async with connection() as lent:
        found: Any = await lent.fetchval(
            """UPDATE likelihood_permission SET withdrawn_by = $2, withdrawn_at = $3
               WHERE attribute = $1 AND withdrawn_at IS NULL RETURNING id""",
            attribute,
            withdrawn_by,
            at,
        )
    return found is not None


async def is_objecting(contact: int) -> bool:
    """Tell whether somebody objects to their past being looked at."""
    async with connection() as lent:
        found: bool = await lent.fetchval(
            "SELECT EXISTS (SELECT FROM likelihood_objection WHERE contact = $1)", contact
        )
        return found


async def set_objection(contact: int, *, objects: bool, at: datetime) -> bool:
    """Write down an objection or take it back; false where that was so already."""
    async with connection() as lent:
        if objects:
            changed: Any = await lent.fetchval(
                """INSERT INTO likelihood_objection (contact, at) VALUES ($1, $2)
                   ON CONFLICT (contact) DO NOTHING RETURNING id""",
                contact,
                at,
            )
        else:
            changed = await lent.fetchval(
                "DELETE FROM likelihood_objection WHERE contact = $1 RETURNING id", contact
            )
    return changed is not None


def _to_facts(row: Any) -> ModelFacts:
    return ModelFacts(**(dict(row) | {"card": msgspec.Raw(row["card"].encode())}))
