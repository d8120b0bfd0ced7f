"""The form that asks for which day and how many: the same fields in the forecast and in the draw."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.web.staff.page import gettext

DAY_FIELDS = ("date-day", "date-month", "date-year")
MOST = 1_000_000_000


class PlanForm(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen; with errors `day` or `n` may be missing though something was typed."""

    day: date | None
    n: int | None
    typed: dict[str, str]
    errors: list[dict[str, str]]

    def query(self) -> str:
        """The choice as the query of a link."""
        return urlencode({name: value for name, value in self.typed.items() if value})


def read_plan_form(values: Mapping[str, Any], *, default: date | None) -> PlanForm:
    """Read the fields; without any of the day's it is the default, and without a default that is an error."""
    typed = {name: str(values.get(name, "")).strip()[:20] for name in (*DAY_FIELDS, "n")}
    errors = []
    if default is not None and not any(typed[name] for name in DAY_FIELDS):
        parts = (default.day, default.month, default.year)
        typed |= {name: str(part) for name, part in zip(DAY_FIELDS, parts, strict=True)}
    day = _read_day(typed)
    if day is None:
        errors.append({"text": gettext("Enter a day that exists, such as 27 3 2027"), "href": "#date-day"})
    n = read_whole_number(typed["n"]) if typed["n"] else None
    if typed["n"] and (n is None or not 0 < n < MOST):
        errors.append({"text": gettext("Enter how many people to invite, in digits"), "href": "#n"})
    return PlanForm(day=day, n=n, typed=typed, errors=errors)


def describe_refusal(error: SurveyServiceError) -> dict[str, str]:
    """A refusal of the services as a line of the error summary. Its hint speaks of commands, so not that."""
    parts = [error.message]
    if error.got and error.got not in error.message:
        parts.append(gettext("Given: %(got)s.") % {"got": error.got})
    if error.expected:
        parts.append(gettext("Possible: %(expected)s.") % {"expected": error.expected})
    href = "#n" if error.code == "limit_reached" else "#date-day"
    return {"text": " ".join(parts), "href": href}


def _read_day(typed: Mapping[str, str]) -> date | None:
    day, month, year = (read_whole_number(typed[name]) or 0 for name in DAY_FIELDS)
    try:
        return date(year, month, day) if year >= 1000 else None
    except (ValueError, OverflowError):
        return None
