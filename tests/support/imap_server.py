"""A small IMAP server (RFC 3501) with one inbox: sign in, select, search unseen, fetch, mark as seen."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PASSWORD = "a good password"


class Inbox(socketserver.ThreadingTCPServer):
    """Mails by number, from 1, and which of them were read."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, mails: list[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails = mails
        self.seen: set[int] = set()


class _Session(socketserver.StreamRequestHandler):
    server: Inbox

    def handle(self) -> None:
        self.say("* OK ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            word = command.split(" ")[0].upper()
            answer = getattr(self, f"do_{word.lower()}", None)
            if answer is None:
                self.say(f"{tag} BAD unknown")
                continue
            self.say(f"{tag} {answer(command)}")
            if word == "LOGOUT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def do_capability(self, _: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, command: str) -> str:
        return "OK signed in" if PASSWORD in command else "NO wrong password"

    def do_select(self, _: str) -> str:
        self.say(f"* {len(self.server.mails)} EXISTS")
        return "OK [READ-WRITE] done"

    def do_search(self, _: str) -> str:
        unseen = [n for n in range(1, len(self.server.mails) + 1) if n not in self.server.seen]
        self.say(f"* SEARCH {' '.join(map(str, unseen))}".rstrip())
        return "OK done"

    def do_fetch(self, command: str) -> str:
        number = int(re.findall(r"\d+", command)[0])
        mail = self.server.mails[number - 1]
        self.wfile.write(f"* {number} FETCH (BODY[] {{{len(mail)}}}\r\n".encode() + mail + b")\r\n")
        return "OK done"

    def do_store(self, command: str) -> str:
        number = int(re.findall(r"\d+", command)[0])
        self.server.seen.add(number)
        self.say(f"* {number} FETCH (FLAGS (\\Seen))")
        return "OK done"

    def do_logout(self, _: str) -> str:
        self.say("* BYE")
        return "OK done"


@contextmanager
def running_inbox(mails: list[bytes]) -> Iterator[tuple[Inbox, int]]:
    """An inbox with these mails, and its port."""
    with Inbox(mails) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server, server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
