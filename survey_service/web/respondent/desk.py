"""What the respondents' routes find in the application's state, and their place in its lifespan."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Litestar, Request

from survey_service.db import engine
from survey_service.domain.answers import FormValues
from survey_service.domain.brand import Brand
from survey_service.domain.questionnaire import Questionnaire
from survey_service.i18n.locales import find_locale, negotiate
from survey_service.services.administration.check_database import is_database_ready
from survey_service.services.answers.serve_form import FormDesk, open_form_desk
from survey_service.services.questionnaires.review_languages import list_offered_pages
from survey_service.web.limits import RateLimit
from survey_service.web.respondent.flood_watch import FloodWatch
from survey_service.web.respondent.form_page import SWITCH_LANGUAGE_FIELD, offered_locales
from survey_service.web.respondent.form_steps import posted_word
from survey_service.web.respondent.pages import PageStore

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Reception:
    """Everything a respondent's route needs; `app.state.reception`."""

    desk: FormDesk
    pages: PageStore
    brand: Brand
    rest_days: int
    answers_a_minute: RateLimit
    flood: FloodWatch
    checks_a_minute: RateLimit
    """Questions whether something is genuine, and wishes to join, by network."""
    zone: ZoneInfo


@asynccontextmanager
async def reception_lifespan(app: Litestar) -> AsyncIterator[None]:
    """Open the reception while the application runs; comes after the database's own lifespan."""
    settings = app.state.settings
    url, offers_unreviewed = engine.database_url(settings), settings.unreviewed_languages
    async with open_form_desk(url, app.state.secret_key, offers_unreviewed=offers_unreviewed) as desk:
        if not offers_unreviewed:
            desk.tell_of_changes(app.state.pages.forget_forms)
        keeping = await _follow_acceptances(desk, app.state.pages, offers_unreviewed=offers_unreviewed)
        app.state.reception = Reception(
            desk,
            app.state.pages,
            app.state.brand,
            settings.rest_days,
            RateLimit(settings.respondent_rate_limit),
            FloodWatch(
                network_limit=settings.open_network_limit,
                attack_rate=settings.open_attack_rate,
                processes=settings.workers,
            ),
            RateLimit(settings.check_rate_limit),
            ZoneInfo(settings.time_zone),
        )
        try:
            yield
        finally:
            keeping.cancel()


async def _follow_acceptances(
    desk: FormDesk, pages: PageStore, *, offers_unreviewed: bool
) -> asyncio.Task[None]:
    """Say of each page whether somebody looked its language over, now and whenever that changes.

    Where languages nobody accepted are not offered, pages do not lead to them either.
    """
    changed = asyncio.Event()
    desk.tell_of_changes(changed.set)

    async def read() -> None:
        accepted = await list_offered_pages()
        pages.accept(accepted)
        if not offers_unreviewed:
            pages.offer(accepted)

    async def follow() -> None:
        while await changed.wait():
            changed.clear()
            await read()

    # Before the migrations have run there is nothing to read, and /ready says so.
    if await is_database_ready():
        await read()
    return asyncio.create_task(follow())


def is_offered(questionnaire: Questionnaire, language: str) -> bool:
    """True when the form can be served in this language."""
    return language in questionnaire.languages and find_locale(language) is not None


def wanted_language(questionnaire: Questionnaire, posted: FormValues) -> str:
    """The language that a button of the form asks for; empty when none does."""
    wanted = posted_word(posted, SWITCH_LANGUAGE_FIELD)
    return wanted if is_offered(questionnaire, wanted) else ""


def choose_language(request: AnyRequest, questionnaire: Questionnaire, preferred: str = "") -> str:
    """The person's own language when the form has it, else what their browser asks for most."""
    if preferred and is_offered(questionnaire, preferred):
        return preferred
    offered = [locale.code for locale in offered_locales(questionnaire)]
    default = questionnaire.default_language
    return negotiate(request.headers.get("accept-language"), offered, default=default)


def page_language(request: AnyRequest, language: str) -> str:
    """The language of a page that belongs to no form: the address's or the person's, else the browser's."""
    offered = [locale.code for locale in request.app.state.pages.offered]
    return language if language in offered else negotiate(request.headers.get("accept-language"), offered)
