"""Tell the named officers that notices wait for them. The mail holds no word of what was written."""

from datetime import datetime

import msgspec

from survey_service.db import danger_notice, safeguarding_officer
from survey_service.domain.errors import Unavailable
from survey_service.integrations.mail.render import Value
from survey_service.services.messages.send_staff_mail import send_staff_mail
from survey_service.settings import Settings

QUEUE_PATH = "/staff/safeguarding"


class Notified(msgspec.Struct, kw_only=True):
    """What one turn did; `unheard` are notices of departments where nobody is named, or no mail went."""

    mails: int = 0
    unheard: int = 0


async def notify_officers(settings: Settings, at: datetime) -> Notified:
    """Send the officers of each department one mail for its new notices; none went: again next time."""
    done = Notified()
    for department, notices in (await danger_notice.list_unmailed()).items():
        sent = 0
        for officer in await safeguarding_officer.list_officers(department):
            values: dict[str, Value] = {"count": len(notices), "link": settings.public_url + QUEUE_PATH}
            try:
                await send_staff_mail(officer.email, "staff/danger_notice", values, settings, at=at)
            except Unavailable:
                continue
            sent += 1
        if sent:
            await danger_notice.mark_mailed(notices, at)
            done.mails += sent
        else:
            done.unheard += len(notices)
    return done
