"""Plain makers of rows: each `make_…(**overrides)` gives a usable thing; a test overrides what it is about.

They write through SQL, so they do not depend on the services under test, and into the database that is
open in this loop (fixture `database`). What a thing needs (a department, a wave) is found or made.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import engine
from survey_service.domain.forms import make_balanced_forms
from survey_service.domain.questionnaire import Form, Questionnaire
from survey_service.domain.tokens import hash_token, make_token
from tests.conftest import SECRET_KEY
from tests.support.make_questionnaire import make_question as make_question
from tests.support.make_questionnaire import make_questionnaire as make_questionnaire
from tests.support.make_questionnaire import texts as texts

ZONE = ZoneInfo("Europe/London")
"""The service's, where nothing else is set."""
_numbers_of: dict[str, "count[int]"] = defaultdict(lambda: count(1))
"""Of each database its own, so that what a test makes is not called by which tests ran before it."""


class MadeSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A survey with one questionnaire version and its forms."""

    id: int
    slug: str
    department: int
    questionnaire: Questionnaire
    questionnaire_version: int
    forms: dict[str, int]
    """Key of the form to its id."""


class MadeContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact alone in a unit."""

    id: int
    unit: int
    cell: int
    reference: str
    pseudonym: uuid.UUID
    language: str


class MadeInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """A sent invitation; `token` is what its link carries."""

    id: int
    token: str
    token_hash: bytes
    survey: int
    wave: int
    contact: int
    form: int


async def make_department(name: str = "Public Order") -> int:
    """The department of this name, made when missing."""
    async with engine.connection() as connection:
        await connection.execute("INSERT INTO department (name) VALUES ($1) ON CONFLICT DO NOTHING", name)
        return int(await connection.fetchval("SELECT id FROM department WHERE name = $1", name))


async def make_survey(
    *,
    questionnaire: Questionnaire | None = None,
    forms: Sequence[Form] | None = None,
    blocks_per_form: int = 2,
    department: int | None = None,
    **overrides: Any,
) -> MadeSurvey:
    """An open survey with an open link; `overrides` are columns of the survey."""
    questionnaire = questionnaire or make_questionnaire()
    forms = forms or make_balanced_forms(questionnaire, blocks_per_form=blocks_per_form)
    department = department or await make_department()
    values = {
        "slug": f"alerts-{_next_number()}",
        "department": department,
        "title": _json(questionnaire.title),
        "state": "open",
        "has_open_link": True,
        "opened_at": datetime.now(UTC),
    } | overrides
    survey = await insert("survey", values)
    version = await make_questionnaire_version(survey, questionnaire)
    return MadeSurvey(
        id=survey,
        slug=values["slug"],
        department=department,
        questionnaire=questionnaire,
        questionnaire_version=version,
        forms={form.key: await make_form(version, form) for form in forms},
    )


async def make_questionnaire_version(survey: int, questionnaire: Questionnaire, number: int = 1) -> int:
    """The stored questionnaire of a survey."""
    values = {
        "survey": survey,
        "number": number,
        "definition": _json(questionnaire),
        "content_hash": uuid.uuid4().bytes,
    }
    return await insert("questionnaire_version", values)


async def make_form(questionnaire_version: int, form: Form) -> int:
    """The stored form of a questionnaire version."""
    values = {
        "questionnaire_version": questionnaire_version,
        "key": form.key,
        "block_names": _json(form.block_names),
        "share": form.share,
        "points": form.points,
        "planned_seconds": form.planned_seconds,
    }
    return await insert("form", values)


async def make_cell(key: str = "resident", dimensions: Sequence[str] = ("audience",)) -> int:
    """The cell of this key in the current definition; both are made when missing."""
    async with engine.connection() as connection:
        await connection.execute(
            """INSERT INTO cell_definition (dimensions) SELECT $1
               WHERE NOT EXISTS (SELECT FROM cell_definition WHERE is_current)""",
            _json(dimensions),
        )
        await connection.execute(
            """INSERT INTO cell (cell_definition, key) SELECT id, $1 FROM cell_definition WHERE is_current
               ON CONFLICT DO NOTHING""",
            key,
        )
        return int(
            await connection.fetchval(
                """SELECT cell.id FROM cell JOIN cell_definition d ON d.id = cell.cell_definition
                   WHERE d.is_current AND cell.key = $1""",
                key,
            )
        )


async def make_unit(**overrides: Any) -> int:
    """A unit (one person unless told otherwise) in the cell `resident`."""
    number = _next_number()
    values = {"reference": f"unit-{number}", "prn": _prn(number), "ticket": _prn(number)} | overrides
    if "cell" not in values:
        values["cell"] = await make_cell()
    return await insert("unit", values)


async def make_contact(*, cell: int | None = None, **overrides: Any) -> MadeContact:
    """An active contact, reached by e-mail in English, alone in a unit of its own unless `unit` is given."""
    number = _next_number()
    if "unit" not in overrides:
        overrides["unit"] = await make_unit(cell=cell or await make_cell())
    values = {
        "reference": f"contact-{number}",
        "pseudonym": uuid.uuid4(),
        "prn": _prn(number),
        "inner_ticket": _prn(number),
        "language": "en",
        "channel": "email",
    } | overrides
    contact = await insert("contact", values)
    async with engine.connection() as connection:
        unit_cell = await connection.fetchval("SELECT cell FROM unit WHERE id = $1", values["unit"])
    return MadeContact(
        id=contact,
        unit=values["unit"],
        cell=unit_cell,
        reference=values["reference"],
        pseudonym=values["pseudonym"],
        language=values["language"],
    )


async def make_invitation(
    *,
    survey: MadeSurvey | None = None,
    contact: MadeContact | None = None,
    form: int | None = None,
    secret_key: bytes = SECRET_KEY.encode(),
    **overrides: Any,
) -> MadeInvitation:
    """A sent invitation with 28 days to answer, of the survey's first wave; columns may be overridden."""
    survey = survey or await make_survey()
    contact = contact or await make_contact()
    form = form or next(iter(survey.forms.values()))
    wave, draw, replicate, stratum = await _find_or_make_draw(survey.id)
    member = {
        "draw": draw,
        "position": _next_number(),
        "unit": contact.unit,
        "contact": contact.id,
        "cell": contact.cell,
        "stratum": stratum,
        "replicate": replicate,
        "form": form,
        "ticket_before": 0.5,
        "inclusion_probability": 0.5,
        "weight": 2.0,
    }
    async with engine.connection() as connection:
        number = await connection.fetchval("SELECT nextval(pg_get_serial_sequence('invitation', 'id'))")
    token = make_token(secret_key, number)
    token_hash = hash_token(token)
    assert token_hash is not None
    now = datetime.now(UTC)
    values = {
        "id": number,
        "wave": wave,
        "contact": contact.id,
        "draw_member": await insert("draw_member", member),
        "form": form,
        "receipt": await insert(
            "receipt", {"contact": contact.id, "kind": "invitation", "survey": survey.id}
        ),
        "token_hash": token_hash,
        "language": contact.language,
        "state": "sent",
        "sent_at": now,
        "expires_at": now + timedelta(days=28),
    } | overrides
    await insert("invitation", values)
    return MadeInvitation(
        id=number,
        token=token,
        token_hash=token_hash,
        survey=survey.id,
        wave=wave,
        contact=contact.id,
        form=form,
    )


async def insert(table: str, values: Mapping[str, Any]) -> int:
    """Insert one row; return its id."""
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    async with engine.connection() as connection:
        statement = f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id"
        return int(await connection.fetchval(statement, *values.values()))


async def _find_or_make_draw(survey: int) -> tuple[int, int, int, int]:
    """Wave, draw, replicate and stratum that the survey's invitations belong to."""
    async with engine.connection() as connection:
        found = await connection.fetchrow(
            """SELECT wave.id, draw.id, replicate.id, stratum.id
               FROM wave JOIN draw ON draw.wave = wave.id JOIN replicate ON replicate.draw = draw.id
               JOIN stratum ON stratum.survey = wave.survey
               WHERE wave.survey = $1 ORDER BY wave.number, replicate.number, stratum.id LIMIT 1""",
            survey,
        )
    if found is not None:
        return tuple(found)
    wave = await insert("wave", {"survey": survey, "number": 1})
    values = {
        "wave": wave,
        "on_day": datetime.now(ZONE).date(),
        "seed": "made for a test",
        "algorithm": "made for a test",
        "frame_hash": b"",
        "frame": b"",
        "rules": "{}",
    }
    draw = await insert("draw", values)
    replicate = await insert("replicate", {"draw": draw, "number": 1, "released_at": datetime.now(UTC)})
    stratum = await insert("stratum", {"survey": survey, "name": "everybody"})
    return wave, draw, replicate, stratum


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _next_number() -> int:
    return next(_numbers_of[str(engine.ENGINE.config["dsn"])])


def _prn(number: int) -> float:
    """Different for every number, evenly spread over (0, 1): the fractional part of its golden multiples."""
    return number * 0.6180339887498949 % 1
