"""Answers of people who are not online, typed in by staff: from paper, face to face, on the telephone.

They are stored in the same way as answers from the web, and are as much that person's one answer: whichever
comes first counts. An answer of somebody nobody invited stands with those of the open link.
"""

import hashlib
import re
from datetime import date, datetime, tzinfo

import msgspec

from survey_service.db import entry
from survey_service.db.audit_event import add_audit_event
from survey_service.db.entry import EntryInvitation
from survey_service.db.result import ReviewedSurvey
from survey_service.db.served_form import ServedVersion, find_served_versions
from survey_service.db.staff import StaffMember
from survey_service.domain.answers import AnswerError
from survey_service.domain.errors import Conflict, NotFound
from survey_service.domain.form_pages import fields_of
from survey_service.domain.late_paper import check_received
from survey_service.domain.modes import CHANNEL_OF, EnteredMode
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.questionnaire import Form
from survey_service.services.answers.serve_form import FormDesk, Visit
from survey_service.services.answers.submit_answers import Posted, submit_answers

_submission_id = re.compile("[0-9a-f]{32}")

_WAYS = {
    "web": "on the web",
    "tablet": "on a tablet",
    "paper": "on paper",
    "interview": "face to face",
    "phone": "on the telephone",
}


class EntryForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form that lies before whoever types, in the language it is filled in."""

    version: ServedVersion
    form_id: int
    language: str

    @property
    def form(self) -> Form:
        return self.version.forms[self.form_id]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One form typed in; an empty `reference` is somebody nobody invited."""

    mode: EnteredMode
    reference: str
    submission_id: str
    """Of this copy of the page, so that a double click counts once."""
    as_is: bool
    fields: Posted
    received_on: date | None = None
    """The day the form was received; None: today."""


async def find_printed_form(survey: ReviewedSurvey, code: str) -> tuple[int, str]:
    """The form and the language that the code at the foot of a paper form names."""
    parts = [part.strip() for part in code.split("·")]
    if len(parts) != 4:
        parts = code.replace("·", " ").split()
    version = read_whole_number(parts[1][:18]) if len(parts) == 4 else None
    if version is None:
        raise NotFound("This is no code of a form.", expected="survey · number · form · language")
    if parts[0] != survey.slug:
        raise NotFound("This form belongs to another survey.", expected=survey.slug, got=repr(parts[0]))
    form = await entry.find_form_by_key(survey.id, version, parts[2])
    if form is None:
        raise NotFound("This survey has no such form.", got=repr(code))
    return form, parts[3]


async def get_entry_form(survey: ReviewedSurvey, form: int, language: str) -> EntryForm:
    """A form of this survey, of whichever version; raises NotFound for any other, or another language."""
    version_id = await entry.find_version_of_form(survey.id, form)
    if version_id is None:
        raise NotFound("This survey has no such form.")
    version = (await find_served_versions([version_id]))[version_id]
    if language not in version.questionnaire.languages:
        raise NotFound(
            "The form is not written in this language.",
            expected=f"one of {', '.join(version.questionnaire.languages)}",
            got=repr(language),
        )
    return EntryForm(version=version, form_id=form, language=language)


async def enter_answers(
    staff: StaffMember,
    survey: ReviewedSurvey,
    desk: FormDesk,
    form: EntryForm,
    typed: Entry,
    *,
    privacy_notice_version: str,
    late_days: int,
    at: datetime,
) -> tuple[AnswerError, ...]:
    """Store one form; return what has to be mended first, if anything. The same page again is the same form.

    Raises NotFound for a reference nobody was invited under, Conflict where an answer is there already, and
    for a survey that is closed where the form was received too late, or is typed in too late.
    """
    received_on = _check_day(survey, typed, late_days, at)
    if survey.is_anonymous and typed.reference:
        raise Conflict(
            "The survey is anonymous, so no answer is entered under a reference.",
            hint="Leave the reference empty: the answer is counted with those of the open link.",
        )
    if not _submission_id.fullmatch(typed.submission_id):
        raise Conflict("The page is not complete.", hint="Open it again.")
    invitation = await _find_invitation(survey, typed) if typed.reference else None
    if invitation is not None and _is_this_form(invitation, typed):
        return ()
    visit = _visit(survey, form, typed, invitation, staff, received_on)
    # Nothing but answers: how long the page was open is about whoever types, so the planned time is charged.
    answers = fields_of(form.form.questions_of(form.version.questionnaire), typed.fields)
    submitted = await submit_answers(
        desk, visit, answers,
        language=form.language, privacy_notice_version=privacy_notice_version, at=at, as_is=typed.as_is,
    )  # fmt: skip
    if submitted.errors:
        return submitted.errors
    if submitted.standing == "answered" and await _is_stored(survey, typed):
        return ()
    if submitted.standing != "open":
        await _refuse(survey, typed)
    await add_audit_event(
        staff=staff.id,
        action="answers.enter",
        object_kind="survey",
        object_id=survey.slug,
        detail={
            "mode": typed.mode,
            "form": form.form_id,
            "invitation": None if invitation is None else invitation.id,
            "received_on": received_on.isoformat(),
            "is_late": int(survey.state == "closed"),
        },
    )
    return ()


def _visit(
    survey: ReviewedSurvey,
    form: EntryForm,
    typed: Entry,
    invitation: EntryInvitation | None,
    staff: StaffMember,
    received_on: date,
) -> Visit:
    return Visit(
        survey.id,
        form.version,
        form.form_id,
        # A form received in time is stored although the survey takes no others any more.
        "open" if survey.state == "open" else "closed",
        language=form.language,
        token_hash=None if invitation is None else invitation.token_hash,
        submission_hash=_hash(typed.submission_id, invitation),
        channel=CHANNEL_OF[typed.mode] if invitation is None else None,
        mode=typed.mode,
        entered_by=staff.id,
        received_on=received_on,
    )


def _check_day(survey: ReviewedSurvey, typed: Entry, late_days: int, at: datetime) -> date:
    """The day the form was received; raises Conflict where it does not count."""
    if survey.state == "draft":
        raise Conflict("The survey takes no answers now.", expected="an open survey", got=survey.state)
    return check_received(
        typed.received_on,
        opened_on=None if survey.opened_at is None else survey.opened_at.astimezone(at.tzinfo).date(),
        closed_on=closing_day(survey, at.tzinfo),
        today=at.date(),
        late_days=late_days,
    )


def closing_day(survey: ReviewedSurvey, zone: tzinfo | None) -> date | None:
    """The day a survey was closed; None while it is not."""
    if survey.state != "closed" or survey.closed_at is None:
        return None
    return survey.closed_at.astimezone(zone).date()


def _hash(submission_id: str, invitation: EntryInvitation | None) -> bytes:
    """Name a copy of the page. For another invitation the same page is another form."""
    whose = "" if invitation is None else f"|{invitation.id}"
    return hashlib.sha256(f"{submission_id}{whose}".encode()).digest()


def _is_this_form(invitation: EntryInvitation, typed: Entry) -> bool:
    """True where what is posted was stored before: a second press of the button, or a page that came late."""
    return invitation.submission_hash == _hash(typed.submission_id, invitation)


async def _is_stored(survey: ReviewedSurvey, typed: Entry) -> bool:
    """Of two presses at the same moment: whether the other one stored it."""
    if not typed.reference:
        return True
    return _is_this_form(await _find_invitation(survey, typed), typed)


async def _find_invitation(survey: ReviewedSurvey, typed: Entry) -> EntryInvitation:
    """The invitation that waits for this answer, or got it from this very page."""
    found = await entry.find_invitation(survey.id, typed.reference)
    if found is None:
        raise NotFound("Nobody with this reference was invited to this survey.", got=repr(typed.reference))
    if _is_this_form(found, typed):
        return found
    if found.state == "answered":
        way = _WAYS.get(found.mode or "", "already")
        raise Conflict(
            f"This person has answered before, {way}. The first answer counts, so this one was not stored."
        )
    if found.state != "sent":
        raise Conflict(
            "The invitation of this person takes no answer.", expected="one that was sent", got=found.state
        )
    return found


async def _refuse(survey: ReviewedSurvey, typed: Entry) -> None:
    """Say why an answer was not stored although a moment ago it could have been."""
    if typed.reference:
        await _find_invitation(survey, typed)
    raise Conflict("The survey takes no answers now.", expected="an open survey")
