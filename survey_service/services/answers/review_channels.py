"""The open link as staff publish it: a tracked link and QR code per channel, answers, and those in doubt."""

from collections.abc import Mapping
from typing import cast

import msgspec

from survey_service.db import open_answer
from survey_service.db import result as result_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.channels import CHANNELS, OFFLINE_CHANNELS
from survey_service.domain.disclosure import round_count
from survey_service.domain.errors import Conflict, NotFound
from survey_service.domain.flood import flags
from survey_service.domain.results import ChannelResponse
from survey_service.domain.roles import check_may
from survey_service.integrations.qr_code import QrKind, draw_qr_code, qr_kinds
from survey_service.services.results.summarise_results import summarise_open_link
from survey_service.settings import Settings


class ChannelLine(msgspec.Struct, frozen=True, kw_only=True):
    """One channel; `response` is None where nothing counted came through it.

    Those without a link (tablets, paper, the telephone) are there once something came through them.
    """

    channel: str
    link: str
    response: ChannelResponse | None


class FlagLine(msgspec.Struct, frozen=True, kw_only=True):
    """Answers with one doubt; `answers` is rounded to five and None while there are too few to decide on."""

    flag: str
    answers: int | None
    is_counted: bool


class ChannelReview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page says; an answer may stand in more than one line of `flagged`."""

    answered: int
    lines: tuple[ChannelLine, ...]
    other: ChannelResponse | None
    flagged: tuple[FlagLine, ...]


def channel_link(settings: Settings, slug: str, channel: str) -> str:
    """The link to publish on a channel."""
    return f"{settings.public_url}/o/{slug}?from={channel}"


async def review_channels(staff: StaffMember, survey: ReviewedSurvey, settings: Settings) -> ChannelReview:
    """Links and answers of a survey from `get_survey_for`; the look is noted."""
    check_may(staff.role, "plan")
    async with result_table.one_moment():
        channels = await result_table.count_channels(survey.id)
        doubted = _count_each(await open_answer.count_flags(survey.id))
        counted = await open_answer.list_counted_flags(survey.id)
    shown = summarise_open_link(channels, settings.small_cell)
    responses = {one.channel: one for one in shown.by_channel}
    await add_audit_event(staff=staff.id, action="channels.view", object_kind="survey", object_id=survey.slug)
    return ChannelReview(
        answered=shown.answered,
        lines=tuple(
            ChannelLine(
                channel=word,
                link=channel_link(settings, survey.slug, word) if word in CHANNELS else "",
                response=responses.get(word),
            )
            for word in (*CHANNELS, *OFFLINE_CHANNELS)
            if word in CHANNELS or word in responses
        ),
        other=responses.get("other"),
        flagged=tuple(
            FlagLine(
                flag=flag,
                answers=round_count(doubted[flag]) if doubted[flag] >= settings.small_cell else None,
                is_counted=flag in counted,
            )
            for flag in flags
            if flag in doubted
        ),
    )


async def decide_flag(
    staff: StaffMember, survey: ReviewedSurvey, flag: str, settings: Settings, *, is_counted: bool
) -> None:
    """Set the answers with one doubt into the open link's figures, or aside.

    Not while they are so few that the figures before and after would tell what they say.
    """
    check_may(staff.role, "plan")
    if flag not in flags:
        raise NotFound("There is no such doubt.", got=repr(flag))
    async with transaction():
        count = _count_each(await open_answer.count_flags(survey.id)).get(flag, 0)
        if count < settings.small_cell:
            raise Conflict(
                "There are too few of these answers to decide on.",
                expected=f"{settings.small_cell} or more",
                hint="Wait for more: a smaller change of the figures would show what somebody answered.",
            )
        if is_counted:
            has_changed = await open_answer.count_flag_in(survey.id, flag, staff.id)
        else:
            has_changed = await open_answer.set_flag_aside(survey.id, flag)
        if has_changed:
            await add_audit_event(
                staff=staff.id,
                action="flagged.count" if is_counted else "flagged.set_aside",
                object_kind="survey",
                object_id=survey.slug,
                detail={"flag": flag, "answers": count},
            )


def draw_channel_code(settings: Settings, slug: str, file: str) -> tuple[bytes, str]:
    """The QR code `<channel>.svg` or `<channel>.png`, and which of the two it is."""
    channel, _, kind = file.rpartition(".")
    if channel not in CHANNELS or kind not in qr_kinds:
        raise NotFound("There is no such QR code.", got=repr(file))
    return draw_qr_code(channel_link(settings, slug, channel), cast(QrKind, kind)), kind


def _count_each(stored: Mapping[str, int]) -> dict[str, int]:
    """Answers by each single flag."""
    counts: dict[str, int] = {}
    for together, answers in stored.items():
        for flag in together.split():
            counts[flag] = counts.get(flag, 0) + answers
    return counts
