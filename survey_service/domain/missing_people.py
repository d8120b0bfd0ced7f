"""Who answers less than others, and what could be done: codes, for whoever puts them into words."""

from collections.abc import Mapping
from math import sqrt
from typing import Literal

import msgspec

Remedy = Literal["other_channel", "check_translation", "interpreter", "face_to_face", "open_link", "ask_them"]

DEFAULT_LANGUAGE = "en"
FAR = 2.0
"""Standard errors below the rate of everybody from which it is no chance."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """People of one category."""

    people: int
    rate: float


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A category that answers less than all together."""

    variable: str
    category: str
    people: int
    rate: float
    lacking: int
    """Answers that it lacks to the rate of everybody."""
    remedies: tuple[Remedy, ...]


def find_missing(categories: Mapping[str, Mapping[str, Asked]], rate: float, *, least: int) -> list[Missing]:
    """Return the categories (by variable) that answer clearly less than everybody, who lacks most first.

    `least` is the number of people under which nothing is said of a category.
    """
    found = []
    for variable, of_variable in categories.items():
        for category, one in of_variable.items():
            error = sqrt(rate * (1.0 - rate) / max(one.people, 1))
            if one.people >= least and one.rate < rate - FAR * error:
                found.append(
                    Missing(
                        variable=variable, category=category, people=one.people, rate=one.rate,
                        lacking=round((rate - one.rate) * one.people),
                        remedies=suggest_remedies(variable, category),
                    )
                )  # fmt: skip
    return sorted(found, key=lambda one: -one.lacking)


def suggest_remedies(variable: str, category: str) -> tuple[Remedy, ...]:
    """Return what could be done for a category: never to ask the same people more often."""
    if variable == "channel":
        return ("other_channel", "face_to_face")
    if variable == "language":
        return ("ask_them",) if category == DEFAULT_LANGUAGE else ("check_translation", "interpreter")
    if variable == "audience":
        return ("face_to_face", "open_link", "other_channel")
    return ("ask_them", "other_channel", "face_to_face")
