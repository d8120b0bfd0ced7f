"""One account of the sandbox and what watches over it: orders to fail, the log, the API's description."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from survey_service.integrations.mailchimp.sandbox.answers import Asked
from survey_service.integrations.mailchimp.sandbox.description import Description
from survey_service.integrations.mailchimp.sandbox.events import Events
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.people import People
from survey_service.integrations.mailchimp.sandbox.state import Kept, Sandbox


class Account:
    """What is served; it knows nothing of HTTP."""

    def __init__(self, *, description: Path | None = None, file: Path | None = None) -> None:
        kept = msgspec.json.decode(file.read_bytes(), type=Kept) if file and file.exists() else None
        self.sandbox = Sandbox(kept)
        self.events = Events(self.sandbox)
        self.people = People(self.sandbox, self.events)
        self.faults: list[Fault] = []
        self.log: list[Asked] = []
        self.violations: list[str] = []
        self.under_way = 0
        self.most_under_way = 0
        self._file = file
        self._description = Description(description) if description else None
        self._counting = threading.Lock()

    @contextmanager
    def counted(self) -> Iterator[bool]:
        """Count a request on its way; False when it is one too many."""
        with self._counting:
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            fits = self.under_way <= self.sandbox.switches.connections
        try:
            yield fits
        finally:
            with self._counting:
                self.under_way -= 1

    def find_fault(self, asked: Asked) -> Fault | None:
        """Return the first order that means this request."""
        with self._counting:
            return next((one for one in self.faults if one.hits(asked.method, asked.path)), None)

    def note(self, asked: Asked) -> None:
        """Keep a request in the log, and what is wrong with it."""
        with self._counting:
            self.log.append(asked)
            if self._description is not None:
                found = self._description.check_request(asked.method, asked.path, asked.query, asked.body)
                self.violations += found

    def note_answer(self, asked: Asked, body: Any) -> None:
        """Hold our own answer against the description, too: a stand-in that lies would be of no use."""
        if self._description is not None:
            self.violations += self._description.check_answer(asked.method, asked.path, body)

    def save(self) -> None:
        """Keep the account in its file."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(msgspec.json.encode(self.sandbox.keep()))
