"""What a named officer gets to see of answers that may tell of danger; every look is noted.

Nobody else sees the texts, not even an administrator, who names the officers.
"""

from datetime import datetime
from typing import Literal

import msgspec

from survey_service.db import danger_notice, department, safeguarding_officer, staff, text_to_scan
from survey_service.db.audit_event import add_audit_event
from survey_service.db.danger_notice import Notice, NoticeText, Writer
from survey_service.db.engine import transaction
from survey_service.db.safeguarding_officer import Officer
from survey_service.db.served_form import find_served_versions
from survey_service.db.staff import StaffMember
from survey_service.domain.errors import Conflict, NotAllowed, NotFound, SurveyServiceError
from survey_service.domain.piping import fill_text
from survey_service.domain.roles import check_may
from survey_service.services.safeguarding.scan_danger import hash_text, texts_typed
from survey_service.services.safeguarding.scan_sealed import unseal_text

Decision = Literal["acted", "not_needed"]
LEAST_REASON = 10


class NoticeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A notice with its text, once somebody opened it; `writer` once somebody gave a reason to know."""

    notice: Notice
    text: NoticeText | None
    question: str
    writer: Writer | None


class DepartmentOfficers(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads the notices of a department, and how many nobody has decided on."""

    id: int
    name: str
    officers: tuple[Officer, ...]
    waiting: int


async def list_notices_for(reader: StaffMember, *, are_open: bool) -> list[Notice]:
    """The notices of the officer's departments, without the texts."""
    if not await safeguarding_officer.is_officer(reader.id):
        raise NotAllowed(
            "You are not named as a safeguarding officer.", expected="to be named by an administrator"
        )
    notices = await danger_notice.list_notices(reader.id, are_open=are_open)
    await _note(reader, "danger.list", "", count=len(notices))
    return notices


async def open_notice_for(reader: StaffMember, number: int, at: datetime) -> None:
    """Begin to read: from now on it counts as seen."""
    async with transaction():
        notice = await _get_notice_for(reader, number)
        await danger_notice.mark_seen(notice.id, reader.id, at)
        await _note(reader, "danger.open", notice.id)


async def show_notice_for(
    reader: StaffMember, number: int, language: str, *, secret_key: bytes
) -> NoticeShown:
    """The notice; with its text once it was opened."""
    async with transaction():
        notice = await _get_notice_for(reader, number)
        if notice.state == "new":
            return NoticeShown(notice=notice, text=None, question="", writer=None)
        text = await _read_text(notice.id, notice.question, secret_key)
        writer = None
        if text is not None and notice.identified_at is not None and text.contact is not None:
            writer = await danger_notice.find_writer(text.contact)
        await _note(reader, "danger.look", notice.id, is_identified=int(writer is not None))
    return NoticeShown(notice=notice, text=text, question=_question(notice, text, language), writer=writer)


async def _read_text(notice: int, question: str, secret_key: bytes) -> NoticeText | None:
    sealed = await danger_notice.find_sealed_text(notice)
    if sealed is None:
        return await danger_notice.read_notice_text(notice) or await _read_unsent(notice, question)
    opened = unseal_text(secret_key, sealed)
    versions = await find_served_versions([opened.questionnaire_version])
    return NoticeText(
        text=opened.text,
        language=opened.language,
        definition=versions[opened.questionnaire_version].questionnaire,
        origin="sample",
        contact=None,
    )


async def _read_unsent(notice: int, question: str) -> NoticeText | None:
    unsent = await text_to_scan.find_unsent_text(notice)
    if unsent is None:
        return None
    version = (await find_served_versions([unsent.questionnaire_version]))[unsent.questionnaire_version]
    texts = texts_typed(version, unsent.form, unsent.fields, unsent.updated_at.date())
    if question not in texts or hash_text(texts[question]) != unsent.text_hash:
        return None  # what somebody took back before sending it is nobody's business
    return NoticeText(
        text=texts[question],
        language=unsent.language,
        definition=version.questionnaire,
        origin="sample",
        contact=unsent.contact,
    )


async def decide_notice_for(reader: StaffMember, number: int, decision: Decision, at: datetime) -> None:
    """Say what became of it."""
    async with transaction():
        notice = await _get_notice_for(reader, number)
        if not await danger_notice.mark_decided(notice.id, decision, reader.id, at):
            raise Conflict("This has been decided already, or nobody has read it yet.", hint="Read it again.")
        await _note(reader, f"danger.{decision}", notice.id)


async def reopen_notice_for(reader: StaffMember, number: int) -> None:
    """Take a decision back."""
    async with transaction():
        notice = await _get_notice_for(reader, number)
        await danger_notice.reopen(notice.id)
        await _note(reader, "danger.reopen", notice.id)


async def identify_writer_for(reader: StaffMember, number: int, reason: str, at: datetime) -> None:
    """Find out who wrote it, to protect somebody's life or safety; the reason is kept."""
    if len(reason) < LEAST_REASON:
        raise SurveyServiceError(
            "Say why you need to know who wrote this.", expected=f"{LEAST_REASON} characters or more"
        )
    async with transaction():
        notice = await _get_notice_for(reader, number)
        if notice.state == "new":
            raise Conflict("Read it first.")
        await danger_notice.mark_identified(notice.id, reader.id, reason, at)
        await _note(reader, "danger.identify", notice.id)


async def list_officers_for(admin: StaffMember) -> list[DepartmentOfficers]:
    """Every department with its officers."""
    check_may(admin.role, "govern")
    officers = await safeguarding_officer.list_officers()
    waiting = await danger_notice.count_waiting()
    return [
        DepartmentOfficers(
            id=number,
            name=name,
            officers=tuple(one for one in officers if one.department == number),
            waiting=waiting.get(number, 0),
        )
        for name, number in (await department.list_departments()).items()
    ]


async def name_officer_for(admin: StaffMember, department_id: int, person: str) -> None:
    """Name a member of staff, by address or name, as an officer of a department."""
    check_may(admin.role, "govern")
    await _check_department(department_id)
    found = await staff.find_staff(person)
    if found is None:
        raise NotFound("There is no such member of staff.", hint="Type the address they sign in with.")
    async with transaction():
        if await safeguarding_officer.name_officer(department_id, found.id, admin.id):
            await _note_officer(admin, "danger.name_officer", department_id, found.id)


async def withdraw_officer_for(admin: StaffMember, department_id: int, officer: int) -> None:
    """Somebody is not an officer of this department any more."""
    check_may(admin.role, "govern")
    async with transaction():
        if await safeguarding_officer.withdraw_officer(department_id, officer):
            await _note_officer(admin, "danger.withdraw_officer", department_id, officer)


async def _check_department(number: int) -> None:
    if number not in (await department.list_departments()).values():
        raise NotFound("There is no such department.")


async def _get_notice_for(reader: StaffMember, number: int) -> Notice:
    notice = await danger_notice.find_notice(reader.id, number)
    if notice is None:
        raise NotFound("There is no such notice.")
    return notice


def _question(notice: Notice, text: NoticeText | None, language: str) -> str:
    if text is None:
        return ""
    for question in text.definition.questions():
        if question.name == notice.question:
            label = question.label.get(language) or question.label[text.definition.default_language]
            # What else the person answered is not shown, so neither is what the question repeats of it.
            return fill_text(label, lambda _: "…")
    return notice.question


async def _note(reader: StaffMember, action: str, notice: int | str, **detail: int) -> None:
    await add_audit_event(
        staff=reader.id, action=action, object_kind="danger_notice", object_id=str(notice), detail=detail
    )


async def _note_officer(admin: StaffMember, action: str, department_id: int, officer: int) -> None:
    await add_audit_event(
        staff=admin.id,
        action=action,
        object_kind="department",
        object_id=str(department_id),
        detail={"officer": officer},
    )
