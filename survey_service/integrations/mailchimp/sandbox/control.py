"""`/sandbox/…`: what a test or a person orders; each call names something `People` can do, or a setting.

POST JSON: `people/<verb>` with its arguments, `faults` (a list), `switches` (names and values), `clock`
({"ahead": seconds}), `key` ({"key": text}). GET or POST `log` and `violations` tell what was asked so far.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from survey_service.integrations.mailchimp.sandbox.answers import Answer
from survey_service.integrations.mailchimp.sandbox.faults import KINDS, Fault

if TYPE_CHECKING:
    from survey_service.integrations.mailchimp.sandbox.server import SandboxServer

VERBS = (
    "seed", "make_field", "subscribe", "change", "unsubscribe", "clean", "archive", "forget",
    "change_address", "write_campaign", "send", "act",
)  # fmt: skip


def control(server: "SandboxServer", order: str, body: Any) -> tuple[int, Any]:
    """Do what is ordered; return status and answer."""
    try:
        if order.startswith("people/"):
            return 200, _act(server, order.removeprefix("people/"), body)
        if order in _ORDERS:
            return 200, _ORDERS[order](server, body)
    except (TypeError, ValueError, AttributeError, msgspec.ValidationError) as wrong:
        return 400, {"error": str(wrong)}
    except Answer as refused:
        return refused.status, refused.body()
    return 404, {
        "error": f"no order {order!r}",
        "orders": sorted([*_ORDERS, *(f"people/{one}" for one in VERBS)]),
    }


def _act(server: "SandboxServer", verb: str, body: dict[str, Any]) -> Any:
    if verb not in VERBS:
        raise ValueError(f"nobody can {verb}; they can {', '.join(VERBS)}")
    return msgspec.to_builtins(getattr(server.people, verb)(**body))


def _faults(server: "SandboxServer", body: Any) -> Any:
    orders = msgspec.convert(body, list[Fault])
    unknown = {one.kind for one in orders} - set(KINDS)
    if unknown:
        raise ValueError(f"no fault {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    server.faults = orders
    return {"faults": len(orders)}


def _switches(server: "SandboxServer", body: dict[str, Any]) -> Any:
    for name, value in body.items():
        if name not in server.sandbox.switches.__struct_fields__:
            raise ValueError(f"no switch {name}")
        setattr(server.sandbox.switches, name, value)
    return msgspec.to_builtins(server.sandbox.switches)


def _clock(server: "SandboxServer", body: dict[str, Any]) -> Any:
    server.sandbox.time_ahead = int(body["ahead"])
    return {"ahead": server.sandbox.time_ahead}


def _key(server: "SandboxServer", body: dict[str, Any]) -> Any:
    server.sandbox.api_key = str(body["key"])
    return {}


def _log(server: "SandboxServer", body: Any) -> Any:
    return {"log": msgspec.to_builtins(server.log), "most_under_way": server.most_under_way}


def _violations(server: "SandboxServer", body: Any) -> Any:
    return {"violations": server.violations}


_ORDERS = {
    "faults": _faults,
    "switches": _switches,
    "clock": _clock,
    "key": _key,
    "log": _log,
    "violations": _violations,
}
