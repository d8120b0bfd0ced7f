"""Dates, numbers and lengths of time as people of the current language write them, in their own digits."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale as CldrLocale
from babel import dates, numbers

from survey_service.i18n.translate import current_locale, ngettext

_cldr_locales = {"en": "en_GB"}
"""Where dates are not written as in the language's largest country."""

_zeros = {"arab": "\u0660", "arabext": "\u06f0", "beng": "\u09e6", "deva": "\u0966", "mymr": "\u1040"}
"""The digit nought of the numbering systems that CLDR gives as usual for a language (Babel writes 0 to 9)."""


_whole_words = {"bg": "d MMMM y", "lt": "y-MM-dd", "ru": "d MMMM y 'года'", "uk": "d MMMM y 'року'"}
"""Dates where CLDR's end with a shortened word: its full stop would meet the one of the sentence."""


def format_date(day: date) -> str:
    """The day, month in words and year: 23 November 2026."""
    if isinstance(day, datetime):
        raise TypeError("A moment has a date only in a time zone: use format_moment.")
    return _own_digits(dates.format_date(day, _date_pattern(), locale=_cldr()))


def format_month(day: date) -> str:
    """The month in words and the year of a day: November 2026."""
    return _own_digits(dates.format_skeleton("yMMMM", day, locale=_cldr()))


def format_moment(moment: datetime, zone: str) -> str:
    """Date and time of day in a time zone: 23 November 2026, 14:05."""
    local = moment.astimezone(ZoneInfo(zone))
    pattern = str(dates.get_datetime_format("medium", locale=_cldr()))
    day = dates.format_date(local, _date_pattern(), locale=_cldr())
    time = dates.format_time(local, "short", locale=_cldr())
    return _own_digits(pattern.replace("'", "").format(time, day))


def format_number(number: int | float) -> str:
    return _own_digits(numbers.format_decimal(number, locale=_cldr()))


def format_percent(share: float, *, decimals: int = 0) -> str:
    """A share of 1 as per cent: 0.146 is 15%, or 14.6% with one decimal."""
    pattern = numbers.parse_pattern(CldrLocale.parse(_cldr()).percent_formats[None].pattern)
    pattern.frac_prec = (decimals, decimals)
    return _own_digits(pattern.apply(share, _cldr()))


def format_minutes(minutes: int) -> str:
    """A length of time in words: 1 minute, 3 minutes."""
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": format_number(minutes)}


def _date_pattern() -> str:
    return _whole_words.get(current_locale().code, "long")


def _cldr() -> str:
    code = current_locale().code
    return _cldr_locales.get(code, code)


def _own_digits(text: str) -> str:
    zero = _zeros.get(CldrLocale.parse(_cldr()).default_numbering_system)
    if zero is None:
        return text
    return text.translate({ord("0") + digit: ord(zero) + digit for digit in range(10)})
