"""The vendor's ApiClient with its traps closed: its groups call `call_api`, and this one checks the answer.

The one of mailchimp-marketing 3.0.80 returns a `Response` instead of raising where an error has no readable
body, replaces the word "server" anywhere in an address, loses the headers, opens a connection for every
call, and tells of a time-out by an error without text. Pinned exactly: 3.0.81 is another program under the
same name.
"""

import threading
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
import requests
from mailchimp_marketing.api_client import ApiClient

from survey_service.integrations.mailchimp.allowed import check_request
from survey_service.integrations.mailchimp.errors import (
    KeyRefused,
    MailchimpError,
    Misconfigured,
    NotChangeable,
    NotThere,
    Refused,
    Throttled,
    Unanswered,
)

TIMEOUT = (10.0, 125.0)
"""Seconds to connect and to wait: their own server gives up after 120."""

_PROXY_FREE = {"127.0.0.1", "localhost", "::1"}


class CheckedApiClient(ApiClient):  # type: ignore[misc]
    """Every answer is either a JSON object, None (204), or an error of ours."""

    def __init__(self, base: str, api_key: str, timeout: tuple[float, float] = TIMEOUT) -> None:
        super().__init__({"api_key": api_key, "server": "", "timeout": timeout})
        self.host = base
        self._local = threading.local()

    def call_api(  # type: ignore[no-untyped-def]
        self,
        resource_path,
        method,
        path_params=None,
        query_params=None,
        header_params=None,
        body=None,
        collection_formats=None,
        **_others,
    ) -> dict[str, Any] | None:
        """Send one request of a generated group."""
        for name, value in (path_params or {}).items():
            resource_path = resource_path.replace(f"{{{name}}}", quote(str(value), safe=""))
        check_request(method, resource_path, body)
        query = self.parameters_to_tuples(
            self.sanitize_for_serialization(query_params or []), collection_formats
        )
        return _read(self.fetch(method, f"{self.host}{resource_path}", query, body))

    def fetch(self, method: str, url: str, query: Any = None, body: Any = None) -> requests.Response:
        """Send, over this thread's own connection; a request without a body has none."""
        headers = dict(self.default_headers) | {"Accept": "application/json, application/problem+json"}
        try:
            return self._session().request(
                method,
                url,
                params=query,
                headers=headers,
                data=None if body is None else msgspec.json.encode(body),
                auth=("user", self.api_key),
                timeout=self.timeout,
            )
        except requests.exceptions.SSLError as error:
            raise Misconfigured(
                "The connection to Mailchimp is not trusted (TLS).",
                hint="Look at SURVEY_MAILCHIMP_API_BASE and at the certificates of this machine.",
            ) from error
        except requests.exceptions.InvalidURL as error:
            raise Misconfigured("The address of Mailchimp cannot be one.") from error
        except requests.exceptions.RequestException as error:
            raise Unanswered(f"Mailchimp did not answer ({type(error).__name__}).") from error

    def download(self, url: str) -> bytes:
        """Return what lies under an address that Mailchimp gave, without telling our key there."""
        try:
            answer = self._session().get(url, timeout=self.timeout)
        except requests.exceptions.RequestException as error:
            raise Unanswered(f"The results cannot be fetched ({type(error).__name__}).") from error
        if not answer.ok:
            raise NotThere("The address of the results is too old.", status=answer.status_code)
        return answer.content

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = urlsplit(self.host).hostname not in _PROXY_FREE
        return session


def _read(answer: requests.Response) -> dict[str, Any] | None:
    body = _parse(answer)
    if not answer.ok:
        raise error_of(answer.status_code, body)
    if answer.status_code == 204:
        return None
    if body is None:
        raise Unanswered("Mailchimp's answer cannot be read.", status=answer.status_code)
    return body


def _parse(answer: requests.Response) -> dict[str, Any] | None:
    """Return the JSON object, whatever the content type says: problems come as application/problem+json."""
    try:
        found = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if isinstance(found, dict) else None


def error_of(status: int, body: dict[str, Any] | None) -> MailchimpError:
    """Return our error for an answer; `body` is None when it had none that can be read."""
    said = body or {}
    title = str(said.get("title", ""))
    told = f"Mailchimp said {status}{f' ({title})' if title else ''}."
    if status == 429 or (status == 403 and not said):
        return Throttled(told, status=status)
    if status in (401, 403):
        return KeyRefused(
            told,
            status=status,
            hint="Set SURVEY_MAILCHIMP_API_KEY to a key of this account, connect again.",
        )
    if status == 426:
        return Misconfigured(told, status=status, hint="SURVEY_MAILCHIMP_API_BASE must begin with https.")
    if status == 404:
        return NotThere(told, status=status)
    if status >= 500 or not said:
        return Unanswered(told, status=status)
    kind = NotChangeable if status == 405 else Refused
    fields = {
        str(one.get("field", "")): str(one.get("message", ""))
        for one in said.get("errors") or []
        if isinstance(one, dict)
    }
    return kind(told, status=status, title=title, detail=str(said.get("detail", "")), fields=fields)
