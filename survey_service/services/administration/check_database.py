"""Say whether the database can serve: it answers and no migration is missing."""

from survey_service.db.migrate import pending


async def is_database_ready() -> bool:
    """Return False instead of raising: readiness is a question, not a failure."""
    try:
        return not await pending()
    except OSError:
        return False
