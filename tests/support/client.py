"""The checking client: whatever a test fetches is also checked as a page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from survey_service.app import create_app
from survey_service.settings import Settings
from tests.support.checking import check_page


class CheckingClient(httpx.AsyncClient):
    """An HTTP client that runs `check_page` over every HTML answer it gets."""

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send, and check what comes back."""
        response = await super().send(request, **options)
        is_page = response.headers.get("content-type", "").startswith("text/html")
        if is_page and request.method != "HEAD":
            await response.aread()
            check_page(response.text, response.headers)
        return response


@asynccontextmanager
async def running_client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """Run the real application in this event loop and lend a client for it."""
    app = create_app(settings)
    started, finished = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # In a task of its own: what the lifespan opens must be closed by the task that opened it,
        # and a fixture's two halves run in different ones.
        try:
            async with app.lifespan():
                started.set()
                await finished.wait()
        finally:
            started.set()

    life = asyncio.create_task(live())
    await started.wait()
    try:
        if not life.done():
            transport = httpx.ASGITransport(app=app)
            async with CheckingClient(transport=transport, base_url=settings.public_url) as client:
                yield client
    finally:
        finished.set()
        await life
