"""Answers stored durably: group commit against no database, one statement and a transaction a request."""

from dataclasses import replace
from itertools import islice

from benchmarks.ground import Ground
from benchmarks.load import Measured, Request, measure
from benchmarks.report import Bar, report

ROUNDS = 4
MOST_A_SECOND = {
    "no database": 9_000,
    "group commit": 7_000,
    "one statement a request": 4_000,
    "a transaction a request": 3_000,
}
"""More requests than a phase can use up."""
BODY = "q1=yes&q2=yes&q2=no&q3=7&q4=Quite+useful%2C+thank+you&q5=no"


def tokens_needed(seconds: float) -> int:
    """Links that all phases together may use up."""
    return int((ROUNDS + 1) * seconds * sum(MOST_A_SECOND.values()))


def run(ground: Ground, seconds: float) -> bool:
    """Measure and report. Each post answers a link of its own, looked at once before as by its reader."""
    tokens = iter(ground.tokens)
    phases: dict[str, list[Measured]] = {way: [] for way in MOST_A_SECOND}
    for round_number in range(ROUNDS + 1):
        for way, most in MOST_A_SECOND.items():
            ground.use_writer(way)
            share = list(islice(tokens, int(most * seconds)))
            ground.post("/health/links", "\n".join(share).encode())
            posts = [Request("POST", f"/s/{token}/en", BODY) for token in share]
            before = ground.spent()
            measured = measure(ground.address, posts, seconds)
            server, database = (
                (now - then) / measured.requests * 1e6
                for then, now in zip(before, ground.spent(), strict=True)
            )
            measured = replace(measured, server_us=server, database_us=database)
            if round_number:  # the first round warms up
                phases[way].append(measured)
    bars = [
        Bar("group commit", "no database", 0.7),
        Bar("group commit", "a transaction a request", 2.0),
    ]
    return report("POST of five answers, acknowledged after the commit", phases, bars)
