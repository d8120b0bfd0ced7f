"""How long somebody waits before the next try to sign in, after tries that failed.

Failures count per account *and* place (a network, or a device that signed in to this account before), never
per account alone: then whoever guesses passwords only shuts their own place out, and the account's owner
gets in from elsewhere, or from their own device even inside the same network. A second limit, per network
over all accounts, stops one place from trying one password on everybody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

FREE_TRIES = 5
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(hours=1)
MEMORY = timedelta(hours=24)
"""A failure is forgotten after this long."""

NETWORK_TRIES = 60
NETWORK_WINDOW = timedelta(minutes=15)


def wait_for_account(failures: Sequence[datetime], now: datetime) -> timedelta:
    """Wait that one place still has for one account: it doubles with every failure after the fifth.

    `failures` are the times of the failures at this place, oldest first.
    """
    recent = [at for at in failures if now - at < MEMORY]
    extra = len(recent) - FREE_TRIES
    if extra < 0:
        return timedelta()
    doublings = min(extra, 20)  # far beyond the longest delay, and short of an overflow
    delay = min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
    return max(recent[-1] + delay - now, timedelta())


def wait_for_network(failures: Sequence[datetime], now: datetime) -> timedelta:
    """Wait that a network still has, whatever the account. `failures` as above, over all accounts."""
    recent = [at for at in failures if now - at < NETWORK_WINDOW]
    if len(recent) < NETWORK_TRIES:
        return timedelta()
    return recent[-NETWORK_TRIES] + NETWORK_WINDOW - now
