"""Faults on order: which request, what happens to it, and how often."""

import re

import msgspec

KINDS = (
    "429", "429_bare", "403_bare", "401", "403", "500", "500_empty", "502_html", "504_html", "slow", "drop",
    "drop_after", "truncated", "empty_200", "bad_json", "400_merge", "400_compliance", "400_fake", "426",
)  # fmt: skip
AFTER = frozenset({"drop_after", "truncated", "empty_200", "bad_json"})
"""The request was done, only the answer is lost or unreadable."""

_PROBLEM = (
    '{{"type":"about","title":"{title}","status":{status},"detail":"{detail}","instance":"sandbox"{more}}}'
)


class Fault(msgspec.Struct, kw_only=True):
    """One order; `times` is -1 for always, `skip` lets so many go by first."""

    kind: str
    method: str = ""
    path: str = ""
    """A regular expression found in the path."""
    times: int = 1
    skip: int = 0
    seconds: float = 2.0

    def hits(self, method: str, path: str) -> bool:
        """Tell whether this request is meant, and count it."""
        if self.times == 0 or (self.method and self.method != method) or not re.search(self.path, path):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= self.times > 0
        return True


def answer_of(kind: str) -> tuple[int, str, bytes]:
    """Return status, content type and body of a fault that is an answer."""
    if kind in ("429_bare", "403_bare", "500_empty"):
        return int(kind[:3]), "", b""
    if kind in ("502_html", "504_html"):
        return int(kind[:3]), "text/html", b"<html><body><h1>Bad gateway</h1></body></html>"
    titles = {
        "401": "API Key Invalid",
        "403": "User action not permitted",
        "429": "Too Many Requests",
        "400_merge": "Invalid Resource",
        "400_compliance": "Member In Compliance State",
        "400_fake": "Invalid Resource",
    }
    more = ',"errors":[{"field":"SURVEYURL","message":"Please enter a valid URL"}]'
    status = int(kind[:3])
    body = _PROBLEM.format(
        title=titles.get(kind, "Error"),
        status=status,
        detail="… looks fake or invalid, please enter a real email address." if kind == "400_fake" else "",
        more=more if kind == "400_merge" else "",
    )
    return status, "application/problem+json", body.encode()
