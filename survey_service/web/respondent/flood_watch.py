"""How much comes through open links, from which networks: in memory, under a key that is forgotten daily.

No address is kept anywhere: a network is known by a keyed hash of its /24 or /48, and the key is made of
chance, never written down and thrown away each day with all counts. Each web process counts what it sees,
as a count that processes share would have to be written down somewhere; the limits are shared out over the
processes of the machine (docs/operations.md has the numbers).
"""

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from survey_service.domain.flood import widen_network

HOUR, MINUTE, DAY = 3600.0, 60.0, 86_400.0
CALM_AFTER = 600.0
"""Seconds without too many answers until no proof is asked for any more."""
MOST_KEYS = 50_000


def share_out(limit: int, processes: int) -> int:
    """What one of several processes may count before it is too much.

    Visitors fall on processes by chance: of a limit of 30, a bare share of eight processes would doubt an
    honest network at 14 answers. With one standard deviation on top it is about 30, as with one process.
    """
    share = limit / processes
    return limit if processes == 1 else math.ceil(share + math.sqrt(share))


class FloodWatch:
    """Counts posts of open forms; one in each process."""

    def __init__(
        self,
        *,
        network_limit: int,
        attack_rate: int,
        processes: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.network_limit = share_out(network_limit, processes)
        self._attack_rate = share_out(attack_rate, processes)
        self._clock = clock
        self._networks: OrderedDict[bytes, tuple[float, int]] = OrderedDict()
        self._surveys: OrderedDict[bytes, tuple[float, int]] = OrderedDict()
        self._attacked_until: dict[str, float] = {}
        self._key, self._key_since = secrets.token_bytes(32), clock()

    def count_network(self, survey: str, network: str) -> int:
        """Count one answer of a network to a survey; return how many there were within an hour."""
        self._forget_yesterday()
        word = f"{survey}|{widen_network(network)}".encode()
        return self._count(self._networks, hashlib.blake2b(word, key=self._key).digest(), HOUR)

    def is_under_attack(self, survey: str) -> bool:
        """Count one post to a survey; True while there are, or lately were, too many a minute."""
        now = self._clock()
        if self._count(self._surveys, survey.encode(), MINUTE) > self._attack_rate:
            self._attacked_until[survey] = now + CALM_AFTER
        return now < self._attacked_until.get(survey, now)

    def _count(self, windows: OrderedDict[bytes, tuple[float, int]], key: bytes, window: float) -> int:
        now = self._clock()
        started, count = windows.pop(key, (now, 0))
        if now - started >= window:
            started, count = now, 0
        windows[key] = (started, count + 1)
        if len(windows) > MOST_KEYS:
            windows.popitem(last=False)
        return count + 1

    def _forget_yesterday(self) -> None:
        if self._clock() - self._key_since >= DAY:
            self._key, self._key_since = secrets.token_bytes(32), self._clock()
            self._networks.clear()
