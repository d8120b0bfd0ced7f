"""One more page of a longer form: kept as it was typed, before the next one is shown."""

from datetime import datetime

from survey_service.db.begun_form import FormPart
from survey_service.db.submission import Outcome
from survey_service.services.answers.serve_form import FormDesk, Standing, Visit
from survey_service.services.answers.submit_answers import STANDING_AFTER, Posted, encode_fields, resume_hash


async def keep_page(
    desk: FormDesk,
    visit: Visit,
    posted: Posted,
    *,
    page: int,
    language: str,
    privacy_notice_version: str,
    at: datetime,
) -> Standing | None:
    """Keep what was typed so far, to go on with `page`; return after it is durable.

    `open` when it is kept, another standing when the form takes nothing any more, None when it goes on
    without being kept: an open form, an anonymous survey, a page without its key, or the eleventh copy of
    one form.
    """
    key_hash = resume_hash(posted)
    if visit.token_hash is None or visit.is_anonymous or key_hash is None:
        return None
    outcome = await desk.writer.submit(
        FormPart(
            token_hash=visit.token_hash,
            key_hash=key_hash,
            survey=visit.survey,
            language=language,
            page=page,
            privacy_notice_version=privacy_notice_version,
            posted=encode_fields(posted),
            at=at,
        )
    )
    if outcome is Outcome.NOT_KEPT:
        return None
    if outcome is not Outcome.STORED:
        desk.forget_link(visit.token_hash)
    return STANDING_AFTER[outcome]
