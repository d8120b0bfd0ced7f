"""Requests held against the official description of the API, where its file is at hand.

A schema does not know the limits (500 addresses, ten letters of a tag); those are the sandbox's own.
"""

import re
from pathlib import Path
from typing import Any

import msgspec

NEWER = {"signing_enabled", "signing_secret"}
"""Documented, and missing in the description's version 3.0.55."""

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_SAMPLE = 5


class Description:
    """The description, ready to be asked."""

    def __init__(self, path: Path) -> None:
        self._all = msgspec.json.decode(path.read_bytes())
        self._paths = [
            (re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(name)) + "$"), operations)
            for name, operations in sorted(self._all["paths"].items(), key=lambda one: one[0].count("{"))
        ]

    def check_request(self, method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
        """Return what is wrong with a request; nothing when it is right."""
        operation = self._find(method, path)
        if operation is None:
            return [f"{method} {path}: no such call"]
        wrong = self._check_query(operation, query)
        schema = self._schema(operation.get("requestBody"))
        if schema is not None and body is not None:
            wrong += self._check(schema, body, "body", is_strict=True)
        elif schema is None and body is not None:
            wrong.append("a body where none belongs")
        elif schema is not None and body is None:
            wrong.append("no body")
        return [f"{method} {path}: {one}" for one in wrong]

    def check_answer(self, method: str, path: str, answer: Any) -> list[str]:
        """Return what is wrong with an answer of 200; times may be empty, as in the real one's."""
        operation = self._find(method, path)
        if operation is None or answer is None:
            return []
        schema = self._schema(operation["responses"].get("200"))
        wrong = [] if schema is None else self._check(schema, answer, "answer", is_strict=False)
        return [f"{method} {path}: {one}" for one in wrong]

    def _find(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, operations in self._paths:
            if pattern.match(path) and method.lower() in operations:
                found: dict[str, Any] = operations[method.lower()]
                return found
        return None

    def _check_query(self, operation: dict[str, Any], query: dict[str, str]) -> list[str]:
        known = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
        wrong = [f"unknown parameter {name}" for name in query if name not in known]
        for name, value in query.items():
            schema = known.get(name, {}).get("schema", {})
            if "enum" in schema and value not in schema["enum"]:
                wrong.append(f"{name} is {value!r}")
            if schema.get("type") == "integer" and not value.isdigit():
                wrong.append(f"{name} is no number")
            elif "maximum" in schema and int(value) > schema["maximum"]:
                wrong.append(f"{name} is over {schema['maximum']}")
            if name == "fields" and re.search(r"(^|,).(,|$)", value):
                wrong.append("fields are single letters")
        return wrong

    def _schema(self, holder: dict[str, Any] | None) -> dict[str, Any] | None:
        if holder is None:
            return None
        content = self._resolve(holder).get("content", {})
        media = content.get("application/json") or content.get("application/problem+json") or {}
        schema: dict[str, Any] | None = media.get("schema")
        return schema

    def _resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found = self._all
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema

    def _check(self, schema: dict[str, Any], value: Any, place: str, *, is_strict: bool) -> list[str]:
        schema = self._resolve(schema)
        if "oneOf" in schema:
            tries = [self._check(one, value, place, is_strict=is_strict) for one in schema["oneOf"]]
            return [] if any(not one for one in tries) else [f"{place} is none of the kinds there are"]
        expected = _TYPES.get(schema.get("type", ""))
        if expected and (not isinstance(value, expected) or (bool not in expected and value is True)):
            return [f"{place} is no {schema['type']}"]
        if "enum" in schema and value not in schema["enum"] and (is_strict or value != ""):
            return [f"{place} is {value!r}"]
        if isinstance(value, dict):
            return self._check_object(schema, value, place, is_strict=is_strict)
        if isinstance(value, list) and "items" in schema:
            sample = value if is_strict else value[:_SAMPLE]
            return [
                wrong
                for number, one in enumerate(sample)
                for wrong in self._check(schema["items"], one, f"{place}[{number}]", is_strict=is_strict)
            ]
        return []

    def _check_object(
        self, schema: dict[str, Any], value: dict[str, Any], place: str, *, is_strict: bool
    ) -> list[str]:
        properties = schema.get("properties", {})
        wrong = []
        if is_strict:
            wrong += [
                f"{place}.{name} is missing" for name in schema.get("required", []) if name not in value
            ]
        for name, one in value.items():
            if name in properties:
                wrong += self._check(properties[name], one, f"{place}.{name}", is_strict=is_strict)
            elif is_strict and properties and "additionalProperties" not in schema and name not in NEWER:
                wrong.append(f"{place}.{name} is unknown")
        return wrong
