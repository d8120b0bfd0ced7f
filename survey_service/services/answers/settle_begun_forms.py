"""What was begun and not sent counts once the time is over: partial or broken off, by AAPOR's shares."""

from datetime import datetime, tzinfo

from survey_service.db import begun_form
from survey_service.db.answer_writer import AnswerWriter, open_answer_writer
from survey_service.db.begun_form import LeftForm
from survey_service.db.served_form import ServedVersion, find_served_versions
from survey_service.db.submission import Outcome
from survey_service.domain.answers import read_answers
from survey_service.services.answers.serve_form import Visit
from survey_service.services.answers.submit_answers import make_submission

BATCH = 200


async def settle_begun_forms(database_url: str, at: datetime) -> int:
    """Turn the newest copy of each form that takes no answers any more into a response; return how many.

    `at` is in the service's own time zone. Copies of forms that were sent, declined or taken back go. One
    without a single answer leaves nothing.
    """
    settled = 0
    while left := await begun_form.list_left_forms(at, BATCH):
        versions = await find_served_versions(sorted({one.questionnaire_version for one in left}))
        async with open_answer_writer(database_url) as writer:
            for one in left:
                settled += await _settle(writer, one, versions[one.questionnaire_version], at.tzinfo)
        await begun_form.delete_begun_forms([one.invitation for one in left])
    await begun_form.delete_begun_forms()
    return settled


async def _settle(writer: AnswerWriter, one: LeftForm, version: ServedVersion, zone: tzinfo | None) -> bool:
    visit = Visit(one.survey, version, one.form, "open", one.language, one.token_hash)
    today = one.updated_at.astimezone(zone).date()
    answers = read_answers(one.fields, version.questionnaire, visit.form, today=today)
    if not answers.answered:
        return False
    submission = make_submission(
        visit, one.fields, answers, one.language, one.privacy_notice_version, one.updated_at
    )
    return await writer.submit(submission.as_settled()) is Outcome.STORED
