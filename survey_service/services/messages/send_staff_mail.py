"""A mail to a member of staff, handed over at once. It reaches nobody of the register: no receipt is due."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from survey_service.domain.errors import Unavailable
from survey_service.domain.mail import Mail
from survey_service.i18n.locales import KNOWN_LOCALES, SOURCE_LOCALE
from survey_service.integrations.mail.compose import Sender, compose, wire_address
from survey_service.integrations.mail.render import Value, write_mail
from survey_service.integrations.mail.smtp import connected
from survey_service.settings import Settings


def brand_values(settings: Settings) -> dict[str, Value]:
    """What the layout of every mail needs."""
    return {
        "brand_name": settings.brand_name,
        "brand_colour": settings.brand_colour,
        "organisation": settings.organisation,
        "contact_email": settings.contact_email,
        "own_page": None,
    }


async def send_staff_mail(
    to: str,
    template: str,
    values: Mapping[str, Value],
    settings: Settings,
    *,
    at: datetime,
    language: str = SOURCE_LOCALE,
    mark: str = "",
) -> None:
    """Send `templates/mail/<template>.html`; `mark` stands before the subject. Raises Unavailable."""
    if not settings.smtp_host:
        raise Unavailable("No mail server is set up.", hint="Set SURVEY_SMTP_HOST.")
    written = write_mail(template, language, brand_values(settings) | dict(values))
    mail = Mail(
        to=to,
        subject=f"{mark} {written.subject}".strip(),
        text=written.text,
        html=written.html,
        language=KNOWN_LOCALES[language].tag,
        mail_id=secrets.token_hex(16),
    )
    sender = Sender.of(settings)
    async with connected(settings) as server:
        refused = await server.announce(sender=sender.bounces, to=wire_address(to), mail_id=mail.mail_id)
        reply = refused or await server.deliver(compose(mail, sender, at))
    if reply.outcome not in ("sent", "uncertain"):
        raise Unavailable(
            "The mail server did not take the mail.", got=reply.text or "", hint="Try again in a minute."
        )
