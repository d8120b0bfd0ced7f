"""The sandbox's web server: the API, the control of it, and pages to look at."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from survey_service.integrations.mailchimp.sandbox import faults, pages, routes
from survey_service.integrations.mailchimp.sandbox.account import Account
from survey_service.integrations.mailchimp.sandbox.answers import Answer, Asked
from survey_service.integrations.mailchimp.sandbox.batches import results
from survey_service.integrations.mailchimp.sandbox.control import control
from survey_service.integrations.mailchimp.sandbox.events import is_answering

API = "/3.0"


class SandboxServer(Account, ThreadingHTTPServer):
    """One account, served; `with serving() as server` runs it in a thread."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        description: Path | None = None,
        file: Path | None = None,
    ) -> None:
        Account.__init__(self, description=description, file=file)
        ThreadingHTTPServer.__init__(self, (host, port), Handler)
        self.address = f"http://{host}:{self.server_address[1]}"

    @property
    def base(self) -> str:
        """The address of the API, as SURVEY_MAILCHIMP_API_BASE wants it."""
        return f"{self.address}{API}"

    @property
    def sign_up(self) -> str:
        """The address of the list's hosted sign-up form."""
        return f"{self.address}/subscribe"


@contextmanager
def serving(**options: Any) -> Iterator[SandboxServer]:
    """Run a sandbox in a thread for as long as the context lasts."""
    server = SandboxServer(**options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.save()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: SandboxServer
    timeout = 300

    def do_GET(self) -> None:
        """Answer any method: the verbs of the standard library's server share this one."""
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(length) if length else b""
        if parts.path.startswith(f"{API}/"):
            asked = Asked(
                method=self.command,
                path=unquote(parts.path.removeprefix(API)),
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                body=json.loads(raw) if raw else None,
            )
            self._answer_api(asked)
        elif parts.path.startswith("/sandbox/results/"):
            name, key = parts.path.split("/")[3:5]
            found = results(self.server.sandbox, name, key)
            self._send(200 if found else 403, "application/x-tar", found or b"")
        elif parts.path.startswith("/sandbox/"):
            status, body = control(
                self.server, parts.path.removeprefix("/sandbox/"), json.loads(raw or b"{}")
            )
            self._send(status, "application/json", json.dumps(body).encode())
        else:
            status, page = pages.show(self.server, self.command, parts.path, dict(parse_qsl(raw.decode())))
            self._send(status, "text/html; charset=utf-8", page.encode(), location=parts.path)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer_api(self, asked: Asked) -> None:
        server = self.server
        with server.counted() as fits:
            fault = server.find_fault(asked)
            if fault is not None and fault.kind == "slow":
                time.sleep(fault.seconds)
            if not fits:
                self._send(*faults.answer_of("429"))
                return
            if server.sandbox.switches.latency:
                time.sleep(server.sandbox.switches.latency)
            if not self._has_key():
                self._send(*faults.answer_of("401"))
                return
            server.note(asked)
            if fault is not None and fault.kind not in faults.AFTER | {"slow"}:
                self._fail(fault.kind)
                return
            status, body = self._do(asked)
            if fault is not None and fault.kind in faults.AFTER:
                self._lose(fault.kind)
                return
        data = b"" if body is None else msgspec.json.encode(body)
        kind = "application/json" if status < 400 else "application/problem+json"
        self._send(status, kind if data else "", data)

    def _do(self, asked: Asked) -> tuple[int, Any]:
        server = self.server
        is_hook = (asked.method, asked.path.rpartition("/")[2]) == ("POST", "webhooks")
        if is_hook and not is_answering(str((asked.body or {}).get("url"))):
            refusal = Answer(400, "Invalid Resource", "We couldn't validate the URL.")
            return refusal.status, refusal.body()
        with server.sandbox.lock:
            status, body = routes.answer(server.sandbox, asked, server.address)
        if status == 200:
            server.note_answer(asked, body)
        return status, body

    def _has_key(self) -> bool:
        expected = base64.b64encode(f"user:{self.server.sandbox.api_key}".encode()).decode()
        return self.headers.get("authorization") == f"Basic {expected}"

    def _fail(self, kind: str) -> None:
        if kind == "drop":
            self.close_connection = True
            self.connection.close()
            return
        self._send(*faults.answer_of(kind))

    def _lose(self, kind: str) -> None:
        if kind in ("drop_after", "truncated"):
            if kind == "truncated":
                self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{"id": ')
                self.wfile.flush()
            self.close_connection = True
            self.connection.close()
            return
        self._send(200, "application/json", b"" if kind == "empty_200" else b'{"id": ')

    def _send(self, status: int, kind: str, data: bytes, location: str = "") -> None:
        try:
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            if status == 303:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
