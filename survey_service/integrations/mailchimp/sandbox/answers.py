"""What a handler gets and gives."""

from typing import Any

import msgspec


class Asked(msgspec.Struct, kw_only=True):
    """One request to the API."""

    method: str
    path: str
    query: dict[str, str]
    body: Any = None


class Answer(Exception):
    """An answer other than 200; raised, so that a handler can end anywhere."""

    def __init__(self, status: int, title: str = "", detail: str = "", errors: Any = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors

    def body(self) -> dict[str, Any] | None:
        """As application/problem+json; 204 has none."""
        if self.status == 204:
            return None
        problem = {
            "type": "https://mailchimp.com/developer/marketing/docs/errors/",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": "sandbox",
        }
        return problem | ({"errors": self.errors} if self.errors else {})


def not_there() -> Answer:
    """404, as the API says it."""
    return Answer(404, "Resource Not Found", "The requested resource could not be found.")


def pick(found: dict[str, Any], fields: str | None, prefix: str = "") -> dict[str, Any]:
    """Keep the fields asked for; a name may lead into sub-objects by dots."""
    if not fields:
        return found
    wanted = {name.removeprefix(prefix) for name in fields.split(",") if name.startswith(prefix)}
    top = {name.split(".")[0] for name in wanted}
    return {
        key: pick(value, ",".join(sorted(wanted)), f"{key}.")
        if isinstance(value, dict) and key not in wanted
        else value
        for key, value in found.items()
        if key in top
    }
