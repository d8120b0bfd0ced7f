"""Merge tags, as they are filled in at the moment of sending."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

_BLOCK = re.compile(
    r"\*\|IF:([A-Z0-9_]+)\|\*((?:(?!\*\|IF:).)*?)(?:\*\|ELSE:?\|\*((?:(?!\*\|IF:).)*?))?\*\|END:IF\|\*", re.S
)
_TAG = re.compile(r"\*\|([A-Z0-9_]+)\|\*")


def render(template: str, values: Mapping[str, Any], *, is_html: bool) -> str:
    """Fill in the tags of one recipient; the innermost condition is settled first."""
    before = None
    while before != template:
        before = template
        template = _BLOCK.sub(lambda found: _choose(found, values), template)

    def fill(found: re.Match[str]) -> str:
        value = str(values.get(found[1], ""))
        return escape(value) if is_html else value

    return _TAG.sub(fill, template)


def _choose(found: re.Match[str], values: Mapping[str, Any]) -> str:
    return found[2] if values.get(found[1]) else found[3] or ""
