"""Messages in hand become mails: template, language, link, own page; or the reason why not any more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from survey_service.db.outbox import ClaimedMail
from survey_service.domain.length import told_minutes
from survey_service.domain.mail import Mail
from survey_service.domain.message_references import make_reference
from survey_service.domain.one_time_codes import make_code
from survey_service.domain.tokens import make_purpose_token, make_token
from survey_service.i18n.locales import KNOWN_LOCALES, SOURCE_LOCALE
from survey_service.integrations.mail.render import Value, write_mail
from survey_service.services.own_page.own_page_links import own_page_links, unsubscribe_headers
from survey_service.services.questionnaires.review_languages import list_offered_pages
from survey_service.settings import Settings, load_secret_key


async def write_mails(
    claimed: Sequence[ClaimedMail], settings: Settings, at: datetime
) -> dict[int, Mail | str]:
    """Return, by message, the mail to send, or why there is nothing to send any more."""
    reasons = {one.message: find_reason_against(one, at) for one in claimed}
    people = {one.contact for one in claimed if one.contact is not None and not reasons[one.message]}
    pages = await own_page_links(people, settings)
    key, offered = load_secret_key(settings), await mail_languages(settings)
    return {
        one.message: reasons[one.message] or _write(one, pages.get(one.contact or 0), key, settings, offered)
        for one in claimed
    }


def find_reason_against(one: ClaimedMail, at: datetime) -> str | None:
    """Why a message that was allowed need not go: between queue and sending the world moves on."""
    if one.address is None:
        return "no_address"
    if one.expires_at is not None and one.expires_at <= at:
        return "too_late"
    if one.invitation is None or one.kind not in ("invitation", "reminder"):
        return None
    if one.invitation_state != "sent":
        return "answered" if one.invitation_state == "answered" else "cancelled"
    if not one.is_survey_open:
        return "closed"
    assert one.link_expires_at is not None
    return "too_late" if one.link_expires_at <= at else None


def _write(
    one: ClaimedMail, own_page: str | None, key: bytes, settings: Settings, offered: Collection[str]
) -> Mail:
    language = mail_language(one, offered)
    written = write_mail(one.template, language, mail_values(one, own_page, key, settings, language))
    assert one.address is not None
    may_unsubscribe = own_page is not None and one.kind != "service"
    return Mail(
        to=one.address,
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=KNOWN_LOCALES[language].tag,
        mail_id=one.mail_id,
        headers=unsubscribe_headers(own_page) if own_page and may_unsubscribe else {},
    )


async def mail_languages(settings: Settings) -> Collection[str]:
    """The languages that messages are written in: where that is asked for, those somebody accepted."""
    return KNOWN_LOCALES if settings.unreviewed_languages else await list_offered_pages()


def mail_language(one: ClaimedMail, offered: Collection[str]) -> str:
    """The language a message is written in."""
    return one.language if one.language in offered and one.language in KNOWN_LOCALES else SOURCE_LOCALE


def mail_values(
    one: ClaimedMail, own_page: str | None, key: bytes, settings: Settings, language: str
) -> Mapping[str, Value]:
    """What the template of a message may say."""
    values: dict[str, Value] = {
        "brand_name": settings.brand_name,
        "brand_colour": settings.brand_colour,
        "organisation": settings.organisation,
        "contact_email": settings.contact_email,
        "own_page": own_page,
        "reference": make_reference(key, one.message),
        "genuine_page": f"{settings.public_url}/genuine/{language}",
        "title": one.title.get(language) or next(iter(one.title.values()), ""),
        "is_anonymous": bool(one.is_anonymous),
        "minutes": one.details.minutes,
        **one.details.texts,
    }
    if one.details.link:
        token = make_purpose_token(key, one.details.purpose, one.details.number)
        values["link"] = settings.public_url + one.details.link.replace("{token}", token)
    if one.details.code is not None:
        values["code"] = make_code(key, one.details.code, one.recipient)
    if one.invitation is not None and one.key_version is not None and one.link_expires_at is not None:
        token = make_token(key, one.invitation, one.key_version)
        values.setdefault("link", f"{settings.public_url}/s/{token}/{language}")
        values["last_day"] = one.link_expires_at.astimezone(ZoneInfo(settings.time_zone)).date()
        values["minutes"] = one.details.minutes or told_minutes(
            one.planned_seconds or 0, one.measured_seconds
        )
    return values
