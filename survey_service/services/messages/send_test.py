"""Send the mail of a survey to the member of staff who asks, and to nobody else; nothing of it is stored.

The mail is the one that people get, in the same words, marked as a test; its link leads to the trial of the
survey, where nothing is kept either. What is recorded is that somebody did it.
"""

from datetime import datetime, timedelta
from typing import Literal

from survey_service.db import audit_event
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.length import told_minutes
from survey_service.domain.roles import check_may
from survey_service.integrations.mail.render import Value
from survey_service.services.gate.contact_gate import local_day
from survey_service.services.messages.send_staff_mail import send_staff_mail
from survey_service.services.questionnaires.edit_draft import load_draft
from survey_service.services.questionnaires.try_form import list_trial_forms, make_trial, trial_path
from survey_service.settings import Settings, load_secret_key

TestedMail = Literal["invitation", "reminder"]
MARK = "[TEST]"


async def list_test_languages(survey: ReviewedSurvey) -> tuple[str, ...]:
    """The languages the survey is written in, its own first."""
    questionnaire = (await load_draft(survey)).draft.questionnaire
    first = questionnaire.default_language
    return (first, *(code for code in questionnaire.languages if code != first))


async def send_test(
    staff: StaffMember,
    survey: ReviewedSurvey,
    settings: Settings,
    *,
    mail: TestedMail,
    language: str,
    at: datetime,
) -> str:
    """Send it to the address that this member of staff signs in with; return the address."""
    check_may(staff.role, "plan")
    draft = (await load_draft(survey)).draft
    trial = make_trial(draft, language)
    forms = list_trial_forms(draft) or (trial.form,)
    values: dict[str, Value] = {
        "title": trial.questionnaire.title[trial.language],
        "minutes": max(told_minutes(form.planned_seconds, form.measured_seconds) for form in forms),
        "is_anonymous": survey.is_anonymous,
        "last_day": local_day(at + timedelta(days=settings.link_days), settings),
        "link": settings.public_url + trial_path(load_secret_key(settings), survey, trial.language),
    }
    await send_staff_mail(
        staff.email, f"staff/test_{mail}", values, settings, at=at, language=trial.language, mark=MARK
    )
    await audit_event.add_audit_event(
        staff=staff.id,
        action="test_mail.send",
        object_kind="survey",
        object_id=survey.slug,
        detail={"mail": mail, "language": trial.language},
    )
    return staff.email
