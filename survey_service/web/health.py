"""Is the process alive, can it serve, and what does it count."""

from litestar import MediaType, Response, get

from survey_service.services.administration.check_database import is_database_ready
from survey_service.web.observability import metrics_page


@get("/health", include_in_schema=False, media_type=MediaType.TEXT)
async def health() -> str:
    """Alive: touches nothing."""
    return "alive"


@get("/ready", include_in_schema=False, media_type=MediaType.TEXT)
async def ready() -> Response[str]:
    """Ready: the database answers and is migrated."""
    is_ready = await is_database_ready()
    return Response("ready" if is_ready else "not ready", status_code=200 if is_ready else 503)


@get("/metrics", include_in_schema=False)
async def metrics() -> Response[bytes]:
    """Counters of this process."""
    return Response(metrics_page(), media_type="text/plain; version=0.0.4; charset=utf-8")


ROUTES = [health, ready, metrics]
