"""The only wiring place: settings in, a web application out; the routes are listed explicitly."""

import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.datastructures import State

from survey_service.db import engine
from survey_service.domain.brand import Brand
from survey_service.settings import Settings, load_secret_key
from survey_service.web import assets_routes, health, hooks
from survey_service.web.errors import EXCEPTION_HANDLERS
from survey_service.web.observability import configure_logging, observe
from survey_service.web.respondent import routes as respondent_routes
from survey_service.web.respondent.desk import reception_lifespan
from survey_service.web.respondent.pages import PageStore
from survey_service.web.respondent.personal_form import form_in_memory
from survey_service.web.security import SecuredSend, csp_nonce
from survey_service.web.staff import routes as staff_routes
from survey_service.web.static_assets import load_static_assets
from survey_service.web.templating import respondent_environment, staff_environment

COLLECT_AFTER = 20_000
"""New objects that may be garbage until a search for it; Python's own 700 are two searches in ten answers."""


class SurveyApp(Litestar):
    """Litestar inside one wrapper, so that the headers and the counters miss no answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        secured = SecuredSend(scope, send, is_https=self.state.settings.public_url.startswith("https://"))
        started = time.perf_counter()
        try:
            in_memory = None
            if scope["method"] == "GET" and "reception" in self.state:
                in_memory = form_in_memory(self.state.reception, scope["path"], csp_nonce(scope))
            await (in_memory or super().__call__)(scope, receive, secured)
        finally:
            observe(scope, secured.status, time.perf_counter() - started)


@asynccontextmanager
async def database_lifespan(app: Litestar) -> AsyncIterator[None]:
    """Keep the database's pool open while the application runs."""
    async with engine.open_database(engine.database_url(app.state.settings)):
        yield


def brand_of(settings: Settings) -> Brand:
    """Return the brand the settings describe, checked."""
    return Brand(
        name=settings.brand_name,
        logo_text=settings.brand_logo_text,
        colour=settings.brand_colour,
        accent_colour=settings.brand_accent_colour,
        organisation=settings.organisation,
        contact_email=settings.contact_email,
    )


def create_app(settings: Settings) -> SurveyApp:
    """Build the application."""
    brand = brand_of(settings)
    assets = load_static_assets()
    return SurveyApp(
        route_handlers=[
            *health.ROUTES,
            *hooks.ROUTES,
            *assets_routes.ROUTES,
            *respondent_routes.ROUTES,
            *staff_routes.ROUTES,
        ],
        lifespan=[database_lifespan, reception_lifespan],
        state=State(
            {
                "settings": settings,
                "secret_key": load_secret_key(settings),
                "brand": brand,
                "pages": PageStore(respondent_environment(brand, assets)),
                "staff_environment": staff_environment(brand, assets),
            }
        ),
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=settings.request_limit_bytes,
        openapi_config=None,
        logging_config=None,
    )


def create_app_from_env() -> SurveyApp:
    """Build the application from the environment; what the server's worker processes call."""
    settings = Settings.from_env()
    configure_logging(settings.log_level)
    app = create_app(settings)
    settle_memory()
    return app


def settle_memory() -> None:
    """Leave what was loaded out of all later searches for garbage, and search less often.

    A search through 300,000 objects of libraries and routes held every request for 150 ms. For a process
    that serves and ends: what refers to itself now is never given back.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
