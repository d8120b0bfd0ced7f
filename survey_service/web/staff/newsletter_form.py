"""The form of the newsletter's mapping: read whole, and only what the list offers."""

from collections.abc import Mapping as Posted
from typing import Any

from survey_service.domain.newsletter_mapping import Mapping, fold
from survey_service.domain.wishes import TOPICS
from survey_service.services.contacts.contact_rows import is_audience
from survey_service.services.newsletter.map_newsletter import Choices
from survey_service.web.staff.page import gettext


def read_mapping(posted: Posted[str, Any], choices: Choices) -> Mapping:
    """Return what was chosen; what the list does not offer counts as not chosen."""
    tags = {one.tag for one in choices.fields}
    consents = {*choices.permissions, *(one.id for one in choices.interests)}
    topics = {
        one.id: topic
        for one in choices.interests
        if (topic := str(posted.get(f"topic-{one.id}", ""))) in TOPICS
    }
    return Mapping(
        audience_field=_one_of(posted.get("audience_field"), tags),
        audiences=dict(_pairs(str(posted.get("audiences", "")))),
        language_field=_one_of(posted.get("language_field"), tags),
        topics=topics,
        survey_permission=_one_of(posted.get("survey_permission"), consents),
        signal_permission=_one_of(posted.get("signal_permission"), consents),
        takes_newcomers=posted.get("takes_newcomers") == "yes",
    )


def read_problem(posted: Posted[str, Any], choices: Choices) -> list[dict[str, str]]:
    """Say what of the audiences cannot be meant, for the error summary."""
    wrong = [
        line.strip()[:60]
        for line in str(posted.get("audiences", "")).splitlines()
        if line.strip() and not _is_pair(line)
    ]
    errors = [
        {
            "text": gettext("Write a value, an equals sign and an audience: “%(line)s” is none of that")
            % {"line": line},
            "href": "#audiences",
        }
        for line in wrong[:5]
    ]
    unknown = {
        audience
        for _, audience in _pairs(str(posted.get("audiences", "")))
        if audience not in choices.audiences
    }
    errors += [
        {
            "text": gettext("The register has no audience “%(name)s”: it has %(known)s")
            % {"name": name, "known": ", ".join(choices.audiences)},
            "href": "#audiences",
        }
        for name in sorted(unknown)[:5]
    ]
    return errors


def _one_of(value: object, offered: set[str]) -> str:
    return str(value) if value in offered else ""


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = (line.rpartition("=") for line in text.splitlines() if _is_pair(line))
    return [(fold(value), audience.strip()) for value, _, audience in pairs]


def _is_pair(line: str) -> bool:
    value, equals, audience = line.rpartition("=")
    return bool(equals and fold(value) and is_audience(audience.strip()))
