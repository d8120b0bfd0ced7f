"""A person looks at what we know about them, corrects it, or has it forgotten."""

from datetime import datetime
from zoneinfo import ZoneInfo

from survey_service.db import known_fact
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.own_page import OwnPage
from survey_service.domain.answer_fields import AnswerError, FormValues, read_fields, refuse
from survey_service.domain.errors import NotFound
from survey_service.domain.known_facts import KnownFact, RememberedAnswer, valid_until
from survey_service.services.own_page.show_own_page import find_own_page
from survey_service.settings import Settings


async def list_facts(token: str) -> list[KnownFact]:
    """Return what is known of the person whose page a token opens. Raises NotFound."""
    return await known_fact.list_known_facts((await find_own_page(token)).contact)


async def forget_fact(token: str, fact: str) -> None:
    """Have a fact forgotten; again changes nothing."""
    async with transaction():
        page = await find_own_page(token)
        if await known_fact.forget_known_fact(page.contact, fact):
            await _note("own_page.forget_fact", page, fact)


async def correct_fact(
    token: str, fact: str, posted: FormValues, settings: Settings, *, at: datetime
) -> AnswerError | None:
    """Take another answer to the question the fact came from; return what is wrong with it, if anything."""
    async with transaction():
        page = await find_own_page(token)
        known = {one.fact: one for one in await known_fact.list_known_facts(page.contact)}
        if fact not in known:
            raise NotFound("This is not known any more.", code="unknown_fact")
        question = known[fact].question
        reading = read_fields(question, posted)
        if reading.error is None and not reading.value:
            reading = refuse(question, f"answer.required.{question.type}")
        if reading.error is not None:
            return reading.error
        await known_fact.change_known_fact(
            page.contact,
            fact,
            RememberedAnswer(rows=reading.rows, value=reading.value),
            at=at,
            valid_until=valid_until(at.astimezone(ZoneInfo(settings.time_zone)).date()),
        )
        await _note("own_page.correct_fact", page, fact)
    return None


async def _note(action: str, page: OwnPage, fact: str) -> None:
    """The name of the fact, never the fact."""
    await add_audit_event(
        staff=None,
        action=action,
        object_kind="contact",
        object_id=str(page.contact),
        detail={"fact": fact},
    )
