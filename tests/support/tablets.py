"""A tablet for tests: started as staff start it."""

from datetime import UTC, datetime, timedelta

from survey_service.db import engine
from survey_service.domain.tokens import hash_token
from survey_service.services.answers.start_tablet import tablet_token
from tests.conftest import SECRET_KEY
from tests.support.make import MadeSurvey, insert
from tests.support.staff import make_staff


async def make_tablet(
    survey: MadeSurvey, *, ends_in: timedelta = timedelta(days=1), **columns: object
) -> str:
    """The token of a tablet of this survey."""
    async with engine.connection() as connection:
        number = await connection.fetchval("SELECT nextval('tablet_id_seq')")
        staff = await connection.fetchval("SELECT id FROM staff LIMIT 1")
    token = tablet_token(SECRET_KEY.encode(), number)
    now = datetime.now(UTC)
    values = {
        "id": number, "survey": survey.id, "event": "Barbican surgery", "token_hash": hash_token(token),
        "started_by": staff or await make_staff(), "started_at": now - timedelta(days=20),
        "expires_at": now + ends_in,
    }  # fmt: skip
    await insert("tablet", values | columns)
    return token
