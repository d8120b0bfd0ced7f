"""The sandbox as it ships: a program of its own that remembers, and issues as each reader gets them."""

import http.client
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from survey_service.cli.serve import free_port
from survey_service.integrations.mailchimp.sandbox.render import render
from tests.support.live_server import PROGRAM

VALUES = {"URL": "https://x.example/?a=1&b=2", "NAME": "Zoë", "EMPTY": ""}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a *|NAME|* b", "a Zoë b"),
        ("*|IF:URL|*yes*|END:IF|*", "yes"),
        ("*|IF:EMPTY|*yes*|END:IF|*.", "."),
        ("*|IF:UNKNOWN|*yes*|ELSE:|*no*|END:IF|*", "no"),
        ("*|IF:URL|*a*|IF:EMPTY|*b*|ELSE|*c*|END:IF|*d*|END:IF|*", "acd"),
        ("*|UNKNOWN|*", ""),
    ],
)
def test_merge_tags(template: str, expected: str) -> None:
    assert render(template, VALUES, is_html=False) == expected


def test_html_is_escaped_and_plain_text_is_not() -> None:
    assert render("*|URL|*", VALUES, is_html=True) == "https://x.example/?a=1&amp;b=2"
    assert render("*|URL|*", VALUES, is_html=False) == VALUES["URL"]


@contextmanager
def running(port: int, file: Path) -> Iterator[None]:
    command = [*PROGRAM, "mailchimp", "sandbox", "--port", str(port), "--file", str(file)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                ask(port, "GET", "/")
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def ask(port: int, method: str, path: str, body: Any = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_the_program_remembers_and_shows_each_copy(tmp_path: Path) -> None:
    port, file = free_port("127.0.0.1"), tmp_path / "account.json"
    with running(port, file):
        linked = {"email": "a@example.org", "merge_fields": {"SURVEYURL": "https://x.example/s/abc"}}
        ask(port, "POST", "/sandbox/people/make_field", {"tag": "SURVEYURL", "name": "Link", "kind": "url"})
        ask(port, "POST", "/sandbox/people/seed", {"members": [linked, {"email": "b@example.org"}]})
        block = "*|IF:SURVEYURL|*Answer: *|SURVEYURL|**|END:IF|*"
        issue = {"title": "Skyline <1>", "html": f"<p>{block}</p>", "text": block}
        campaign = json.loads(ask(port, "POST", "/sandbox/people/write_campaign", issue)[1])["id"]
        status, said = ask(port, "POST", "/sandbox/nonsense", {})
        assert (status, "people/unsubscribe" in said) == (404, True)
        assert ask(port, "POST", "/sandbox/people/unsubscribe", {"email": "c@example.org"})[0] == 404
        assert ask(port, "GET", "/3.0/lists")[0] == 401
    with running(port, file):
        home = ask(port, "GET", "/")[1]
        assert "2 subscribed" in home
        assert "Skyline &lt;1&gt;" in home
        assert ask(port, "POST", f"/campaigns/{campaign}")[0] == 303
        page = ask(port, "GET", f"/campaigns/{campaign}")[1]
        assert "With a survey link: 1" in page
        copies = {name: page.split(f'">{name}@')[0].rsplit('href="', 1)[1] for name in "ab"}
        assert "https://x.example/s/abc" in ask(port, "GET", copies["a"])[1]
        assert "x.example" not in ask(port, "GET", copies["b"])[1]
        assert ask(port, "GET", "/campaigns/none")[0] == 404
