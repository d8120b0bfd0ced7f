"""Surveys to begin with, each whole in every language it is offered in.

They lie beside this file as TOML in the shape of `domain.questionnaire.Questionnaire`; the one for users of
alert messages is the customer's own workbook.
"""

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from survey_service.domain.drafts import Draft, keep_languages, publishable
from survey_service.domain.errors import NotFound
from survey_service.domain.questionnaire import Questionnaire
from survey_service.i18n.locales import find_locale
from survey_service.integrations.xlsform import read_xlsform
from survey_service.resources import package_dir
from survey_service.services.questionnaires.judge_draft import judge_draft

_FOLDER = Path(__file__).parent
_ALERT_USERS = package_dir / "demo" / "alert_users.xlsx"


class ReadySurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A survey somebody can begin with."""

    key: str
    draft: Draft
    questions: int
    minutes: int


@cache
def list_ready_surveys() -> tuple[ReadySurvey, ...]:
    """All of them by name, each in the languages that are whole."""
    found = {"alert_users": Draft(questionnaire=read_xlsform(_ALERT_USERS), is_split=True)}
    for path in sorted(_FOLDER.glob("*.toml")):
        read = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Questionnaire)
        found[path.stem] = Draft(questionnaire=read)
    return tuple(_judge(key, draft) for key, draft in found.items())


def get_ready_survey(key: str) -> ReadySurvey:
    """One of them; raises `NotFound`."""
    for ready in list_ready_surveys():
        if ready.key == key:
            return ready
    raise NotFound("There is no such ready survey.", got=repr(key))


def _judge(key: str, draft: Draft) -> ReadySurvey:
    offered = [language for language in publishable(draft).languages if find_locale(language) is not None]
    whole = msgspec.structs.replace(draft, questionnaire=keep_languages(draft.questionnaire, offered))
    return ReadySurvey(
        key=key,
        draft=whole,
        questions=sum(question.takes_answer for question in whole.questionnaire.questions()),
        minutes=judge_draft(whole).length.planned_minutes,
    )
