"""The form from memory, many links in turn, against a bare route that returns the same bytes."""

from benchmarks.ground import Ground
from benchmarks.load import Measured, Request, measure
from benchmarks.report import Bar, report

LINKS = 5_000
ROUNDS = 5


def run(ground: Ground, seconds: float) -> bool:
    """Measure and report; the links are asked for once before, as their first reader would."""
    paths = [f"/s/{token}/en" for token in ground.tokens[:LINKS]]
    ground.post("/health/bare", ground.get(paths[0]))
    ways = {"form": [Request("GET", path) for path in paths], "bare route": [Request("GET", "/health/bare")]}
    phases: dict[str, list[Measured]] = {way: [] for way in ways}
    for requests in ways.values():
        measure(ground.address, requests, 2)
    for _ in range(ROUNDS):
        for way, requests in ways.items():
            phases[way].append(measure(ground.address, requests, seconds))
    return report("GET of the form, links and pages in memory", phases, [Bar("form", "bare route", 0.8)])
