"""The only wiring place: settings in, a web application out; the routes are listed explicitly."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from litestar.types import Receive, Scope, Send

from survey_service.db import engine
from survey_service.settings import Settings, load_secret_key
from survey_service.web import health
from survey_service.web.errors import EXCEPTION_HANDLERS, unmatched
from survey_service.web.observability import configure_logging, observe
from survey_service.web.security import SecuredSend


class SurveyApp(Litestar):
    """Litestar inside one wrapper, so that the headers and the counters miss no answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        secured = SecuredSend(scope, send, is_https=self.state.settings.public_url.startswith("https://"))
        started = time.perf_counter()
        try:
            await super().__call__(scope, receive, secured)
        finally:
            observe(scope, secured.status, time.perf_counter() - started)


@asynccontextmanager
async def database_lifespan(app: Litestar) -> AsyncIterator[None]:
    """Keep the database's pool open while the application runs."""
    async with engine.open_database(engine.database_url(app.state.settings)):
        yield


def create_app(settings: Settings) -> SurveyApp:
    """Build the application."""
    return SurveyApp(
        route_handlers=[*health.ROUTES, unmatched],
        lifespan=[database_lifespan],
        state=State({"settings": settings, "secret_key": load_secret_key(settings)}),
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=settings.request_limit_bytes,
        openapi_config=None,
        logging_config=None,
    )


def create_app_from_env() -> SurveyApp:
    """Build the application from the environment; what the server's worker processes call."""
    settings = Settings.from_env()
    configure_logging(settings.log_level)
    return create_app(settings)
