"""Medians of interleaved phases, and ratios against their bars."""

import statistics
from dataclasses import dataclass

from benchmarks.load import Measured


@dataclass(frozen=True)
class Bar:
    """A ratio of two ways, and what it must reach."""

    way: str
    floor: str
    least: float


def report(title: str, phases: dict[str, list[Measured]], bars: list[Bar]) -> bool:
    """Print the rates of each way and the ratios; return whether every bar was reached.

    A ratio is the median over the rounds of the ratio inside a round: phases of one round stand next to
    each other, so that a machine that gets slower or busier meanwhile does not decide.
    """
    print(f"\n{title}")
    for way, measured in phases.items():
        rates = [phase.rate for phase in measured]
        failed = sum(phase.failed for phase in measured)
        p50, p99, server, database = (
            statistics.median(getattr(phase, name) for phase in measured)
            for name in ("p50_ms", "p99_ms", "server_us", "database_us")
        )
        print(
            f"  {way:28} {statistics.median(rates):8,.0f} /s  [{min(rates):,.0f} to {max(rates):,.0f}]"
            f"  p50 {p50:5.1f} ms  p99 {p99:6.1f} ms"
            + (f"  processor {server:4.0f} + {database:4.0f} us" if server else "")
            + (f"  {failed} FAILED" if failed else "")
        )
    reached = not any(phase.failed for measured in phases.values() for phase in measured)
    for bar in bars:
        ratios = [
            way.rate / floor.rate for way, floor in zip(phases[bar.way], phases[bar.floor], strict=True)
        ]
        ratio = statistics.median(ratios)
        verdict = "reached" if ratio >= bar.least else "MISSED"
        print(f"  {bar.way} : {bar.floor} = {ratio:.2f}  (bar {bar.least:.2f}, {verdict})")
        reached &= ratio >= bar.least
    return reached
