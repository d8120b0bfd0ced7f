"""Whose service this is: names, colours and the way to reach it, checked once when the service starts."""

import re
from datetime import date

import msgspec

from survey_service.domain.errors import SettingsError
from survey_service.domain.privacy_notice import SHOWN

ACCESSIBILITY_REVIEWED = date(2026, 11, 25)
"""When somebody last went through the accessibility statement. A test asks for it again after a year, and
when the statement's text changes."""

least_contrast = 4.5
"""WCAG 2.2, success criterion 1.4.3: text of ordinary size against its background."""

_colour = re.compile(r"#[0-9a-fA-F]{6}")
_email = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """What every page shows of the organisation behind it; building one refuses colours nobody could read."""

    name: str
    """Name of the service."""
    logo_text: str
    """Text that stands where a logo would."""
    colour: str
    """Header, buttons and links, as #rrggbb."""
    accent_colour: str
    """Accents and bars, as #rrggbb."""
    organisation: str
    """Who asks."""
    contact_email: str
    privacy_notice_version: str = SHOWN.version
    privacy_notice_since: date = SHOWN.since
    accessibility_reviewed: date = ACCESSIBILITY_REVIEWED

    def __post_init__(self) -> None:
        check_colour("SURVEY_BRAND_COLOUR", self.colour)
        check_colour("SURVEY_BRAND_ACCENT_COLOUR", self.accent_colour)
        if not _email.fullmatch(self.contact_email):
            raise SettingsError(
                "SURVEY_CONTACT_EMAIL is not usable.",
                expected="an address such as surveys@example.org",
                got=repr(self.contact_email),
            )


def check_colour(variable: str, colour: str) -> None:
    """Raise `SettingsError` unless `colour` is #rrggbb and can be read on white, and white on it."""
    if not _colour.fullmatch(colour):
        raise SettingsError(
            f"{variable} is not usable.", expected="a colour as #rrggbb, such as #1f3d5c", got=repr(colour)
        )
    contrast = contrast_with_white(colour)
    if contrast < least_contrast:
        raise SettingsError(
            f"{variable} is too light to be read.",
            expected=f"a contrast with white of at least {least_contrast}:1",
            got=f"{colour} with {contrast:.2f}:1",
            hint="Choose a darker colour.",
        )


def contrast_with_white(colour: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it, from 1 (white) to 21 (black)."""
    return 1.05 / (_relative_luminance(colour) + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """The colour with `share` (0 to 1) of `other` in it, channel by channel."""
    return "#" + "".join(
        f"{round(own * (1 - share) + added * share):02x}"
        for own, added in zip(_channels(colour), _channels(other), strict=True)
    )


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _relative_luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
