"""Dates and numbers as each language writes them."""

from datetime import UTC, date, datetime

import pytest

from survey_service.i18n.formatting import (
    format_date,
    format_minutes,
    format_moment,
    format_month,
    format_number,
    format_percent,
)
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.i18n.translate import use_locale

THIN_SPACE, UNBROKEN_SPACE = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "23 November 2026"),
        ("fr", "23 novembre 2026"),
        ("bn", "২৩ নভেম্বর, ২০২৬"),
        ("ar", "23 نوفمبر 2026"),
        ("de", "23. November 2026"),
        ("lt", "2026-11-23"),
        ("ru", "23 ноября 2026 года"),
    ],
)
def test_a_date_is_written_in_words_and_own_digits(code: str, expected: str) -> None:
    with use_locale(code):
        assert format_date(date(2026, 11, 23)) == expected


@pytest.mark.parametrize("code", KNOWN_LOCALES)
def test_a_date_may_stand_at_the_end_of_a_sentence(code: str) -> None:
    with use_locale(code):
        assert not format_date(date(2026, 11, 23)).endswith(".")


def test_a_moment_is_told_in_the_zone_and_is_no_date() -> None:
    moment = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert format_moment(moment, "Europe/London") == "2 July 2026, 00:30"
    with use_locale("fr"):
        assert format_moment(moment, "UTC") == "1 juillet 2026, 23:30"
    with pytest.raises(TypeError, match="format_moment"):
        format_date(moment)


def test_numbers_and_shares() -> None:
    assert (format_number(12345), format_percent(0.146), format_percent(0.1464, decimals=1)) == (
        "12,345",
        "15%",
        "14.6%",
    )
    with use_locale("fr"):
        assert format_number(12345) == f"12{THIN_SPACE}345"
        assert format_percent(0.146) == f"15{UNBROKEN_SPACE}%"
    with use_locale("bn"):
        assert format_number(12345) == "১২,৩৪৫"
        assert format_percent(0.5) == "৫০%"


def test_minutes_are_counted_in_words() -> None:
    assert [format_minutes(minutes) for minutes in (1, 3)] == ["1 minute", "3 minutes"]
    with use_locale("ar"):
        assert [format_minutes(minutes) for minutes in (1, 2, 3)] == ["دقيقة واحدة", "دقيقتان", "3 دقائق"]


@pytest.mark.parametrize(
    ("code", "expected"), [("en", "November 2026"), ("fr", "novembre 2026"), ("bn", "নভেম্বর ২০২৬")]
)
def test_a_month_is_in_words(code: str, expected: str) -> None:
    with use_locale(code):
        assert format_month(date(2026, 11, 30)) == expected
