"""How one setting is read: text from the environment in, a checked value out, or what to mend."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from survey_service.domain.errors import SettingsError

SECRET_KEY_MINIMUM = 32


def read_text(_name: str, value: str) -> str:
    return value.strip()


def read_number(least: int, most: int) -> Callable[[str, str], int]:
    def parse(name: str, value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise SettingsError(
                f"{name} is not usable.", expected=f"a whole number from {least} to {most}", got=repr(value)
            )
        return number

    return parse


def read_switch(name: str, value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise SettingsError(f"{name} is not usable.", expected="yes or no", got=repr(value))


def read_folder(_name: str, value: str) -> Path:
    return Path(value).expanduser().absolute()


def read_database_url(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise SettingsError(
            f"{name} is not usable.",
            expected="postgresql://user:password@host:5432/database",
            got=f"an address that begins with {parts.scheme or 'nothing'!r}",
            hint=f"Correct {name}, or unset it to use the embedded database.",
        )
    return value


def read_public_url(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"{name} is not usable.",
            expected="an address such as https://surveys.example.org",
            got=repr(value),
        )
    return value.rstrip("/")


def read_page_address(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingsError(
            f"{name} is not usable.",
            expected="the address of a page, such as https://example.us1.list-manage.com/subscribe?u=…&id=…",
            got=repr(value),
        )
    return value


def read_secret(name: str, value: str) -> str:
    if len(value) < SECRET_KEY_MINIMUM:
        raise SettingsError(
            f"{name} is too short.",
            expected=f"at least {SECRET_KEY_MINIMUM} characters",
            got=f"{len(value)} characters",
            hint="Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    return value


def read_one_of(*words: str) -> Callable[[str, str], str]:
    """Return a reader that takes one of these words."""

    def parse(name: str, value: str) -> str:
        if value not in words:
            raise SettingsError(
                f"{name} is not usable.", expected=f"one of {', '.join(words)}", got=repr(value)
            )
        return value

    return parse
