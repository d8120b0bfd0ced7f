"""What can go wrong at Mailchimp, in our own words: the vendor's one error class is empty as text.

| class | seen | what follows |
|---|---|---|
| `KeyRefused` | 401, 403 with a reason | the connection stops, somebody mends the key |
| `Throttled` | 429, 403 without a reason | back off, later again |
| `Unanswered` | 5xx, time-out, reset, unreadable answer | outcome unknown; only what may be twice |
| `NotThere` | 404 | the member moved or is gone |
| `Refused` | 400 and the like | this one is wrong and stays wrong |
| `NotChangeable` | 405 | an archived member |
| `Misconfigured` | TLS, 426, a host that cannot be | a setting is wrong |
"""

from collections.abc import Mapping

from survey_service.domain.errors import SurveyServiceError


class MailchimpError(SurveyServiceError):
    """Something Mailchimp, or the way to it, said no to."""

    code = "mailchimp"

    def __init__(
        self, message: str, *, status: int | None = None, hint: str | None = None, expected: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, expected=expected)
        self.status = status


class KeyRefused(MailchimpError):
    """The key is wrong, revoked, or may not do this."""

    code = "mailchimp_key"


class Throttled(MailchimpError):
    """Too many requests at once."""

    code = "mailchimp_throttled"


class Unanswered(MailchimpError):
    """No usable answer: whether it was done is unknown."""

    code = "mailchimp_unanswered"


class NotThere(MailchimpError):
    """There is no such member, list, segment or campaign."""

    code = "mailchimp_not_there"


class Refused(MailchimpError):
    """Mailchimp will not take this, however often it is sent; `fields` says where it names them."""

    code = "mailchimp_refused"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        title: str = "",
        detail: str = "",
        fields: Mapping[str, str] = {},
    ) -> None:
        super().__init__(message, status=status)
        self.title = title
        self.detail = detail
        self.fields = dict(fields)

    @property
    def is_about_consent(self) -> bool:
        """True when Mailchimp protects somebody from being mailed: the person is suppressed here."""
        return self.title in CONSENT_TITLES or FAKE in self.detail


class NotChangeable(Refused):
    """The member is archived: nothing can be written to it."""

    code = "mailchimp_archived"


class Misconfigured(MailchimpError):
    """A setting is wrong, so trying again is of no use."""

    code = "mailchimp_settings"


FAKE = "looks fake or invalid"

CONSENT_TITLES = frozenset({"Member In Compliance State", "Forgotten Email Not Subscribed"})
"""Compared whole, together with the status 400: the wording around them has changed before."""
