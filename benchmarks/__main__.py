"""`python -m benchmarks [--seconds N]`: the web's speed as ratios against named floors; 1 when one is missed.

The server (granian, one worker, the real application), PostgreSQL and the load share this machine's
cores. Rates therefore say little about another machine; the ratios, of phases in turn, say more.
"""

import argparse
import os

from benchmarks import answers, form_get
from benchmarks.ground import ground
from benchmarks.load import CONNECTIONS, generator_name


def main() -> int:
    """Run both benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=int, default=2, help="length of each phase")
    seconds = parser.parse_args().seconds
    print(f"{os.cpu_count()} cores, {CONNECTIONS} connections, load by {generator_name()}")
    with ground(max(form_get.LINKS, answers.tokens_needed(seconds))) as running:
        reached = [form_get.run(running, seconds), answers.run(running, seconds)]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
