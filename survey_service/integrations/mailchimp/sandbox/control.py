"""`/sandbox/…`: what a test or a person orders; each call names something `People` can do, or a setting.

POST JSON: `people/<verb>` with its arguments, `faults` (a list), `switches` (names and values), `clock`
({"ahead": seconds}), `key` ({"key": text}). GET or POST `log` and `violations` tell what was asked so far.
"""

from typing import Any

import msgspec

from survey_service.integrations.mailchimp.sandbox.account import Account
from survey_service.integrations.mailchimp.sandbox.answers import Answer
from survey_service.integrations.mailchimp.sandbox.faults import KINDS, Fault

VERBS = (
    "seed", "make_field", "subscribe", "change", "unsubscribe", "clean", "archive", "forget",
    "change_address", "write_campaign", "send", "act",
)  # fmt: skip


def control(account: Account, order: str, body: Any) -> tuple[int, Any]:
    """Do what is ordered; return status and answer."""
    try:
        if order.startswith("people/"):
            return 200, _act(account, order.removeprefix("people/"), body)
        if order in _ORDERS:
            return 200, _ORDERS[order](account, body)
    except (TypeError, ValueError, AttributeError, msgspec.ValidationError) as wrong:
        return 400, {"error": str(wrong)}
    except Answer as refused:
        return refused.status, refused.body()
    return 404, {
        "error": f"no order {order!r}",
        "orders": sorted([*_ORDERS, *(f"people/{one}" for one in VERBS)]),
    }


def _act(account: Account, verb: str, body: dict[str, Any]) -> Any:
    if verb not in VERBS:
        raise ValueError(f"nobody can {verb}; they can {', '.join(VERBS)}")
    return msgspec.to_builtins(getattr(account.people, verb)(**body))


def _faults(account: Account, body: Any) -> Any:
    orders = msgspec.convert(body, list[Fault])
    unknown = {one.kind for one in orders} - set(KINDS)
    if unknown:
        raise ValueError(f"no fault {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    account.faults = orders
    return {"faults": len(orders)}


def _switches(account: Account, body: dict[str, Any]) -> Any:
    for name, value in body.items():
        if name not in account.sandbox.switches.__struct_fields__:
            raise ValueError(f"no switch {name}")
        setattr(account.sandbox.switches, name, value)
    return msgspec.to_builtins(account.sandbox.switches)


def _clock(account: Account, body: dict[str, Any]) -> Any:
    account.sandbox.time_ahead = int(body["ahead"])
    return {"ahead": account.sandbox.time_ahead}


def _key(account: Account, body: dict[str, Any]) -> Any:
    account.sandbox.api_key = str(body["key"])
    return {}


def _log(account: Account, body: Any) -> Any:
    return {"log": msgspec.to_builtins(account.log), "most_under_way": account.most_under_way}


def _violations(account: Account, body: Any) -> Any:
    return {"violations": account.violations}


_ORDERS = {
    "faults": _faults,
    "switches": _switches,
    "clock": _clock,
    "key": _key,
    "log": _log,
    "violations": _violations,
}
