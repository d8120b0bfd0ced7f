"""Store a questionnaire as a version of a survey: never changed afterwards, and never twice the same."""

import hashlib

import msgspec

from survey_service.db import questionnaire_version
from survey_service.domain.questionnaire import Form, Questionnaire
from survey_service.services.questionnaires.settle_anonymity import settle_anonymity


def hash_content(questionnaire: Questionnaire, forms: tuple[Form, ...]) -> bytes:
    """Name a questionnaire and its forms by what respondents see of them."""
    return hashlib.sha256(msgspec.json.encode((questionnaire, forms), order="sorted")).digest()


async def store_version(
    survey: int, questionnaire: Questionnaire, forms: tuple[Form, ...]
) -> tuple[int, bool]:
    """The number of the version, and whether it is new. It settles whether the survey is anonymous."""
    content_hash = hash_content(questionnaire, forms)
    newest = await questionnaire_version.find_newest_version(survey)
    if newest is not None and newest.content_hash == content_hash:
        return newest.number, False
    await settle_anonymity(survey, questionnaire.is_anonymous)
    number = 1 if newest is None else newest.number + 1
    await questionnaire_version.add_version(
        survey=survey, number=number, questionnaire=questionnaire, content_hash=content_hash, forms=forms
    )
    return number, True
