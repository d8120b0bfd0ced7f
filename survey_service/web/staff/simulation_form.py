"""The numbers of a scenario that staff may change on the page; everything else is as built in."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from survey_service.domain.numerals import read_whole_number
from survey_service.domain.scenario import Scenario
from survey_service.i18n.formatting import format_number
from survey_service.web.staff.page import gettext

MOST_REPLICATIONS = 5
USUAL_REPLICATIONS = 3
MOST_SURVEYS = 24
_DECIMAL = re.compile(r"[0-9]{1,6}([.,][0-9]{1,6})?")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One number and where it belongs; `typed` is what stands in the form."""

    name: str
    label: str
    hint: str
    least: float
    most: float
    is_whole: bool
    typed: str
    section: str = ""
    error: str = ""


class SimulationForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form as it is shown, and the scenario's values as far as they could be read."""

    fields: list[Field]
    values: dict[str, Any]
    errors: list[dict[str, str]]


def default_form() -> SimulationForm:
    """The form with the numbers of the built-in scenario."""
    fields = _fields()
    return SimulationForm(fields=fields, values=_values(fields), errors=[])


def read_simulation_form(posted: Mapping[str, Any]) -> SimulationForm:
    """Read what was sent; a number that does not fit is named and left as it was typed."""
    fields = []
    for field in _fields():
        typed = str(posted.get(field.name, "")).strip()[:20]
        error = "" if _number(field, typed) is not None else _complain(field)
        fields.append(msgspec.structs.replace(field, typed=typed, error=error))
    errors = [{"text": field.error, "href": f"#{field.name}"} for field in fields if field.error]
    return SimulationForm(fields=fields, values=_values(fields), errors=errors)


def _values(fields: list[Field]) -> dict[str, Any]:
    """Put the numbers that fit where a scenario has them."""
    values: dict[str, Any] = {"replications": USUAL_REPLICATIONS}
    for field in fields:
        number = _number(field, field.typed)
        if number is not None and field.section:
            values.setdefault(field.section, {})[field.name] = number
        elif number is not None:
            values[field.name] = number
    # The first half-year is not scored, however many surveys that is.
    surveys = values.setdefault("surveys", {})
    surveys["burn_in"] = surveys.get("a_year", Scenario().surveys.a_year) // 2
    return values


def _number(field: Field, typed: str) -> int | float | None:
    """Return the number that was typed if the field takes it."""
    number: int | float | None = None
    if field.is_whole:
        number = read_whole_number(typed)
    elif _DECIMAL.fullmatch(typed):
        number = float(typed.replace(",", "."))
    return number if number is not None and field.least <= number <= field.most else None


def _complain(field: Field) -> str:
    bounds = {
        "label": field.label, "least": format_number(field.least), "most": format_number(field.most),
    }  # fmt: skip
    if field.is_whole:
        return gettext("%(label)s: enter a whole number from %(least)s to %(most)s") % bounds
    return gettext("%(label)s: enter a number from %(least)s to %(most)s") % bounds


def _fields() -> list[Field]:
    """Return the fields with the built-in numbers in them."""
    scenario = Scenario()

    def field(name: str, label: str, least: float, most: float, section: str = "", hint: str = "") -> Field:
        value = getattr(getattr(scenario, section), name) if section else USUAL_REPLICATIONS
        return Field(
            name=name, label=label, hint=hint, least=least, most=most, is_whole=isinstance(value, int),
            typed=f"{value:g}", section=section,
        )  # fmt: skip

    return [
        field("a_year", gettext("Surveys a year"), 1, MOST_SURVEYS, "surveys"),
        field("sample", gettext("People in a sample"), 1, scenario.members, "surveys"),
        field("minutes", gettext("Minutes of a form"), 0.5, 60, "surveys"),
        field("rest_days", gettext("Days of rest"), 0, 365, "limits"),
        field("invitations_a_year", gettext("Invitations a person and year at most"), 1, 52, "limits"),
        field("minutes_a_year", gettext("Minutes a person and year at most"), 1, 1_000, "limits"),
        field(
            "fatigue", gettext("Fatigue"), 0, 3, "answering",
            gettext("In log-odds: 0.43 takes a third off the odds of answering right after another survey."),
        ),
        field(
            "replications", gettext("Replications"), 2, MOST_REPLICATIONS, "",
            gettext("More make the figures surer. The command line takes as many as you like."),
        ),
    ]  # fmt: skip
