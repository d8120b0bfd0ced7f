"""Try a survey out before anybody is asked: the draft as a respondent would meet it, and nothing stored.

The link of a trial is a capability like every link: whoever has it sees the draft, and nothing else.
"""

import hmac
from datetime import date

import msgspec

from survey_service.db import result as result_table
from survey_service.db.result import ReviewedSurvey
from survey_service.domain.answers import Answers, read_answers
from survey_service.domain.drafts import Draft, fill_language
from survey_service.domain.errors import NotFound, SurveyServiceError
from survey_service.domain.length import count_points, plan_seconds
from survey_service.domain.questionnaire import Form, Questionnaire
from survey_service.domain.tokens import make_trial_token
from survey_service.services.questionnaires.edit_draft import load_draft
from survey_service.services.questionnaires.judge_draft import make_draft_forms

WHOLE = "all"
"""The form with every block, as an author wants to see it."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One form of a draft in one language, complete enough to be drawn."""

    questionnaire: Questionnaire
    form: Form
    language: str
    languages: tuple[str, ...]
    """Those the draft is written in, or is to be."""


def trial_path(secret_key: bytes, survey: ReviewedSurvey, language: str) -> str:
    """The address of the trial of a survey."""
    return f"/t/{survey.slug}/{make_trial_token(secret_key, survey.id)}/{language}"


async def find_trial_draft(secret_key: bytes, slug: str, token: str) -> Draft:
    """The draft a trial's link leads to; raises `NotFound` for any other link, and for a closed survey."""
    survey = await result_table.find_survey(slug)
    if survey is None or survey.state == "closed":
        raise NotFound("There is no such link.")
    expected = make_trial_token(secret_key, survey.id)
    if not hmac.compare_digest(expected.encode(), token.encode()):
        raise NotFound("There is no such link.")
    return (await load_draft(survey)).draft


def make_trial(draft: Draft, language: str, form_key: str = WHOLE) -> Trial:
    """One form of a draft; whatever has no text yet in that language is shown in the base language."""
    if language not in draft.questionnaire.languages:
        language = draft.questionnaire.default_language
    filled = fill_language(draft.questionnaire, language)
    form = next((one for one in list_trial_forms(draft) if one.key == form_key), None)
    return Trial(
        questionnaire=filled,
        form=form or _whole_form(filled),
        language=language,
        languages=draft.questionnaire.languages,
    )


def list_trial_forms(draft: Draft) -> tuple[Form, ...]:
    """The forms of a draft; none where they cannot be made yet."""
    try:
        return make_draft_forms(draft, draft.questionnaire)
    except SurveyServiceError:
        return ()


def read_trial_answers(trial: Trial, posted: dict[str, list[str]], *, today: date) -> Answers:
    """What the answers would be; they go nowhere."""
    return read_answers(posted, trial.questionnaire, trial.form, today=today)


def _whole_form(questionnaire: Questionnaire) -> Form:
    points = count_points(questionnaire.questions())
    return Form(
        key=WHOLE,
        block_names=tuple(block.name for block in questionnaire.blocks),
        share=1,
        points=points,
        planned_seconds=plan_seconds(points),
    )
