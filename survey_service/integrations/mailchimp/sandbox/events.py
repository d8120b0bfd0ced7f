"""Webhooks: what happens to members told to whoever listens, signed, again when nobody answers."""

import hashlib
import hmac
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
import requests

from survey_service.integrations.mailchimp.sandbox.state import LIST_ID, Sandbox, SandboxHook, SandboxMember

PATIENCE = 10
"""Seconds a receiver has to answer."""
RETRIES = (1.0, 5.0, 25.0)
"""Seconds between tries; the real one goes on for 75 minutes."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event for one webhook."""

    hook: str
    url: str
    body: bytes
    secret: str

    def headers(self, at: int | None = None) -> dict[str, str]:
        """Return the headers of a delivery; the signature covers the moment and the raw body."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "MailChimp"}
        if self.secret:
            moment = int(time.time()) if at is None else at
            signed = f"{moment}.".encode() + self.body
            digest = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
            headers["X-Mailchimp-Signature"] = f"t={moment},v1={digest}"
        return headers


class Events:
    """Collects events; a thread of its own delivers them unless they are held."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.held: list[Event] = []
        self.is_holding = False

    def tell(self, kind: str, data: Mapping[str, Any], source: str) -> None:
        """Tell of something a user, an admin or a program (api) did."""
        fields = {"type": kind, "fired_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")}
        fields |= {f"data[{name}]": str(value) for name, value in _flat(data)}
        body = urlencode(fields).encode()
        for hook in self._sandbox.hooks.values():
            if hook.is_disabled or not hook.events.get(kind) or not hook.sources.get(source):
                continue
            event = Event(hook=hook.id, url=hook.url, body=body, secret=hook.secret)
            if self.is_holding:
                self.held.append(event)
            else:
                threading.Thread(target=self.deliver, args=(event, hook), daemon=True).start()

    def deliver(self, event: Event, hook: SandboxHook) -> None:
        """Post an event until it is taken; a hook nobody answers is disabled, and at once by a 410."""
        for wait in (*RETRIES, None):
            try:
                answer = _session(event.url).post(
                    event.url, data=event.body, headers=event.headers(), timeout=PATIENCE
                )
                if answer.ok:
                    return
                if answer.status_code == 410:
                    break
            except requests.exceptions.RequestException:
                pass  # nobody there: again later
            if wait is not None:
                time.sleep(wait)
        hook.is_disabled = True


def is_answering(url: str) -> bool:
    """Ask an address with a GET, as before a webhook is made."""
    try:
        answer = _session(url).get(
            url, headers={"User-Agent": "MailChimp.com WebHook Validator"}, timeout=PATIENCE
        )
    except requests.exceptions.RequestException:
        return False
    return answer.ok


def _session(url: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = urlsplit(url).hostname not in ("127.0.0.1", "localhost")
    return session


def of_member(member: SandboxMember) -> dict[str, Any]:
    """Return what events say of a member: `id` is the unique_email_id, not the md5."""
    return {
        "id": member.unique_email_id,
        "list_id": LIST_ID,
        "email": member.email,
        "email_type": "html",
        "ip_opt": "192.0.2.1",
        "web_id": member.web_id,
        "merges": {"EMAIL": member.email, **member.merge_fields},
    }


def _flat(data: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in data.items():
        key = f"{before}][{name}" if before else name
        found += _flat(value, key) if isinstance(value, Mapping) else [(key, value)]
    return found
