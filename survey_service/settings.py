"""Settings, read once from the environment; frozen, and no work at import.

Every field names its variable in `docs/operations.md`; a test holds the two together.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from survey_service.domain.errors import SettingsError
from survey_service.settings_values import (
    read_database_url,
    read_folder,
    read_number,
    read_one_of,
    read_page_address,
    read_public_url,
    read_secret,
    read_switch,
    read_text,
)


def _setting(
    variable: str, parse: Callable[[str, str], Any], default: Any, *, is_secret: bool = False
) -> Any:
    return field(default=default, metadata={"variable": variable, "parse": parse}, repr=not is_secret)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings. Build one with `Settings.from_env()`."""

    database_url: str = _setting("SURVEY_DATABASE_URL", read_database_url, "", is_secret=True)
    """PostgreSQL 15 or later; empty means the embedded database under the data folder."""

    data_dir: Path = _setting("SURVEY_DATA_DIR", read_folder, Path("var/data"))
    """Where the embedded database and the generated secret key live; keep it private."""

    public_url: str = _setting("SURVEY_PUBLIC_URL", read_public_url, "http://127.0.0.1:8000")
    """The address people reach the service under; links in messages begin with it."""

    secret_key: str = _setting("SURVEY_SECRET_KEY", read_secret, "", is_secret=True)
    """Key of survey links and suppression records, 32 or more characters; empty makes one in the folder."""

    host: str = _setting("SURVEY_HOST", read_text, "127.0.0.1")
    """Address the web server listens on."""

    port: int = _setting("SURVEY_PORT", read_number(0, 65535), 8000)
    """Port the web server listens on; 0 takes a free one."""

    workers: int = _setting("SURVEY_WORKERS", read_number(1, 64), 1)
    """Web worker processes."""

    brand_name: str = _setting("SURVEY_BRAND_NAME", read_text, "Square Mile Surveys")
    """Name of the service on every page."""

    brand_logo_text: str = _setting("SURVEY_BRAND_LOGO_TEXT", read_text, "Square Mile")
    """Text shown where a logo would stand."""

    brand_colour: str = _setting("SURVEY_BRAND_COLOUR", read_text, "#1f3d5c")
    """Colour of the header, buttons and links, as #rrggbb; must be readable against white."""

    brand_accent_colour: str = _setting("SURVEY_BRAND_ACCENT_COLOUR", read_text, "#0b6e6e")
    """Colour of accents and bars, as #rrggbb; must be readable against white."""

    organisation: str = _setting("SURVEY_ORGANISATION", read_text, "City of London Police")
    """Who asks: named on forms, notices and pages."""

    contact_email: str = _setting("SURVEY_CONTACT_EMAIL", read_text, "surveys@example.org")
    """Where respondents can write to."""

    smtp_host: str = _setting("SURVEY_SMTP_HOST", read_text, "")
    """Mail server that takes our mails; empty keeps them waiting in the outbox."""

    smtp_port: int = _setting("SURVEY_SMTP_PORT", read_number(1, 65535), 587)
    """Port of the mail server."""

    smtp_security: str = _setting("SURVEY_SMTP_SECURITY", read_one_of("starttls", "tls", "none"), "starttls")
    """`starttls` (port 587), `tls` from the first byte (port 465), or `none` for a server on this machine."""

    smtp_user: str = _setting("SURVEY_SMTP_USER", read_text, "")
    """Name to sign in to the mail server with; empty does not sign in."""

    smtp_password: str = _setting("SURVEY_SMTP_PASSWORD", read_text, "", is_secret=True)
    """Password for the mail server."""

    smtp_ca_file: str = _setting("SURVEY_SMTP_CA_FILE", read_text, "")
    """Certificates to trust for the mail server, as a PEM file; empty trusts what the system trusts."""

    smtp_per_minute: int = _setting("SURVEY_SMTP_PER_MINUTE", read_number(1, 100_000), 300)
    """Mails handed to the mail server in a minute, at most."""

    mail_from: str = _setting("SURVEY_MAIL_FROM", read_text, "")
    """Address mails come from; empty means the contact address."""

    mail_bounces: str = _setting("SURVEY_MAIL_BOUNCES", read_text, "")
    """Address undeliverable mails are returned to; empty means the address mails come from."""

    bounces: str = _setting("SURVEY_BOUNCES", read_text, "")
    """Where returned mails are read: `mbox:/path`, `maildir:/path` or `imap`; empty reads none."""

    imap_host: str = _setting("SURVEY_IMAP_HOST", read_text, "")
    """IMAP server of the box that undeliverable mails are returned to."""

    imap_port: int = _setting("SURVEY_IMAP_PORT", read_number(1, 65535), 993)
    """Port of the IMAP server."""

    imap_security: str = _setting("SURVEY_IMAP_SECURITY", read_one_of("tls", "none"), "tls")
    """`tls`, or `none` for a server on this machine."""

    imap_user: str = _setting("SURVEY_IMAP_USER", read_text, "")
    """Name to sign in to the IMAP server with."""

    imap_password: str = _setting("SURVEY_IMAP_PASSWORD", read_text, "", is_secret=True)
    """Password for the IMAP server."""

    time_zone: str = _setting("SURVEY_TIME_ZONE", read_text, "Europe/London")
    """Days of rest, promises and issues are counted in this zone."""

    rest_days: int = _setting("SURVEY_REST_DAYS", read_number(0, 3650), 60)
    """Days after an invitation before the next one; day 60 itself counts."""

    cap_minutes: int = _setting("SURVEY_CAP_MINUTES", read_number(1, 600), 12)
    """Planned minutes a person may be asked for in the rolling window."""

    cap_window_days: int = _setting("SURVEY_CAP_WINDOW_DAYS", read_number(1, 3650), 365)
    """Length of the rolling window of the cap, in days."""

    invitations_a_year: int = _setting("SURVEY_INVITATIONS_A_YEAR", read_number(1, 52), 2)
    """Invitations a person may get in the rolling window, unless they chose fewer."""

    approval_threshold: int = _setting("SURVEY_APPROVAL_THRESHOLD", read_number(0, 10_000_000), 500)
    """Invitations a department may draw in 30 days without an approved plan."""

    random_arm_percent: int = _setting("SURVEY_RANDOM_ARM_PERCENT", read_number(0, 50), 5)
    """Share of units that join into the randomised arm, which measures what one more ask costs."""
    random_rest_from: int = _setting("SURVEY_RANDOM_REST_FROM", read_number(1, 3_650), 60)
    """Shortest rest in days drawn by lot in the randomised arm; never shorter than the rest of others."""
    random_rest_until: int = _setting("SURVEY_RANDOM_REST_UNTIL", read_number(1, 3_650), 300)
    """Longest rest in days that is drawn by lot in the randomised arm."""

    reminders: int = _setting("SURVEY_REMINDERS", read_number(0, 2), 1)
    """Reminders of one invitation, at most."""

    keep_warm_days: int = _setting("SURVEY_KEEP_WARM_DAYS", read_number(30, 3650), 270)
    """Quiet days after which a person may be told what others said, without a question."""

    issue_distance_days: int = _setting("SURVEY_ISSUE_DISTANCE_DAYS", read_number(0, 30), 4)
    """Days around an issue of the newsletter on which no invitation or reminder is sent."""

    stratum_minimum: int = _setting("SURVEY_STRATUM_MINIMUM", read_number(0, 10000), 30)
    """Fewest invitations a stratum gets, as far as it has members."""

    late_entry_days: int = _setting("SURVEY_LATE_ENTRY_DAYS", read_number(0, 365), 28)
    """Days after closing in which staff still type in forms that were received before it."""
    link_days: int = _setting("SURVEY_LINK_DAYS", read_number(1, 365), 28)
    """Days an invitation's link takes answers."""

    small_cell: int = _setting("SURVEY_SMALL_CELL", read_number(1, 1000), 10)
    """No result is shown for fewer unweighted answers than this."""

    request_limit_bytes: int = _setting("SURVEY_REQUEST_LIMIT_BYTES", read_number(1024, 10_000_000), 262_144)
    """Largest request body taken."""

    respondent_rate_limit: int = _setting("SURVEY_RESPONDENT_RATE_LIMIT", read_number(1, 1_000_000), 60)
    """Posts a minute taken for one survey link, and for one network on an open form."""

    join_minimum_age: int = _setting("SURVEY_JOIN_MINIMUM_AGE", read_number(0, 99), 16)
    """Age from which somebody can join the register on the join page."""

    check_rate_limit: int = _setting("SURVEY_CHECK_RATE_LIMIT", read_number(1, 1_000_000), 20)
    """Questions a minute from one network whether something is genuine, and as many wishes to join."""

    open_network_limit: int = _setting("SURVEY_OPEN_NETWORK_LIMIT", read_number(1, 1_000_000), 30)
    """Answers an hour from one network to one open form; those above are flagged."""

    open_attack_rate: int = _setting("SURVEY_OPEN_ATTACK_RATE", read_number(1, 1_000_000), 120)
    """Answers a minute to one open form; above, browsers work out a sum or people wait for a moment."""

    mailchimp_api_key: str = _setting("SURVEY_MAILCHIMP_API_KEY", read_text, "", is_secret=True)
    """Key of the newsletter's Mailchimp account; `mailchimp connect` keeps it, sealed, in the database."""

    mailchimp_api_base: str = _setting("SURVEY_MAILCHIMP_API_BASE", read_text, "")
    """Where Mailchimp's API is; empty follows from the key, another address is for the sandbox."""

    newsletter_sign_up: str = _setting("SURVEY_NEWSLETTER_SIGN_UP", read_page_address, "")
    """The newsletter's own sign-up form; empty, and the join page does not offer the newsletter."""

    session_hours: int = _setting("SURVEY_SESSION_HOURS", read_number(1, 168), 12)
    """Longest life of a staff sign-in."""

    unreviewed_languages: bool = _setting("SURVEY_UNREVIEWED_LANGUAGES", read_switch, None)
    """Offer translations nobody accepted yet; unset means yes exactly when the address is not https."""

    secure_cookies: bool = _setting("SURVEY_SECURE_COOKIES", read_switch, None)
    """Mark the staff cookie Secure; unset means yes exactly when the public address is https."""

    trusted_proxies: str = _setting("SURVEY_TRUSTED_PROXIES", read_text, "")
    """Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas."""

    log_level: str = _setting("SURVEY_LOG_LEVEL", read_text, "INFO")
    """DEBUG, INFO, WARNING or ERROR."""

    def __post_init__(self) -> None:
        is_https = self.public_url.startswith("https://")
        if self.unreviewed_languages is None:
            object.__setattr__(self, "unreviewed_languages", not is_https)
        if self.secure_cookies is None:
            object.__setattr__(self, "secure_cookies", is_https)
        if self.log_level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise SettingsError(
                "SURVEY_LOG_LEVEL is not usable.",
                expected="DEBUG, INFO, WARNING or ERROR",
                got=repr(self.log_level),
            )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read every setting; an unknown SURVEY_ variable is refused, as it is most often a typing slip."""
        environ = os.environ if environ is None else environ
        known = {f.metadata["variable"]: f for f in fields(cls)}
        unknown = sorted(name for name in environ if name.startswith("SURVEY_") and name not in known)
        if unknown:
            raise SettingsError(
                f"Unknown setting {unknown[0]}.",
                expected=f"one of {', '.join(sorted(known))}",
                hint="Correct the name or unset it.",
            )
        values = {
            f.name: f.metadata["parse"](variable, environ[variable])
            for variable, f in known.items()
            if environ.get(variable, "").strip()
        }
        return cls(**values)


def load_secret_key(settings: Settings) -> bytes:
    """Return the secret key; without a setting, the one kept in the data folder (made at the first call).

    The key must outlive the process: every survey link is derived from it.
    """
    if settings.secret_key:
        return settings.secret_key.encode()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        candidate = settings.data_dir / f"secret.{os.getpid()}.new"
        with open(os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(candidate, path)
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return path.read_text().encode()
