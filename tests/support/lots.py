"""Lots fall alike in every run of a test, so that one that fails fails again.

A lot is whatever the service draws by chance: the register's seed, a draw's, a link's, a nonce. TEST_LOT
chooses others (a number, or `random` for one nobody has seen): a test must hold for each of them.
Processes of their own, such as a server, draw as they always do, but their register has the run's seed.
"""

import os
import random
import secrets
import uuid

from hypothesis import core as hypothesis_core
from hypothesis import settings as hypothesis_settings

VARIABLE = "TEST_LOT"
USUAL = "0"

_lots = random.Random()


def find_lot() -> str:
    """The lot of this run; the workers of pytest-xdist inherit it."""
    if os.environ.get(VARIABLE) == "random":
        os.environ[VARIABLE] = str(secrets.randbelow(10**6))
    return os.environ.setdefault(VARIABLE, USUAL)


def settle_lots() -> None:
    """Let every lot of this process come from the run's; Hypothesis' examples, too."""
    lot = find_lot()
    # Two tests share each core: how long an example takes says nothing about the code.
    hypothesis_settings.register_profile("steady", deadline=None, derandomize=lot == USUAL)
    hypothesis_settings.load_profile("steady")
    if lot != USUAL:
        hypothesis_core.global_force_seed = lot
    # What else `secrets` has, but for `choice`, takes its bytes from this function.
    secrets.token_bytes = _token_bytes
    secrets.choice = _lots.choice
    uuid.uuid4 = _uuid4
    begin_lots("")


def begin_lots(test: str) -> None:
    """Begin the lots of one test, whichever ran before it."""
    _lots.seed(f"{find_lot()}/{test}")
    random.seed(_lots.random())


def register_seed() -> str:
    """The seed of the registers of this run, as the service would make one."""
    return random.Random(f"{find_lot()}/register").randbytes(16).hex()


def _token_bytes(count: int | None = None) -> bytes:
    return _lots.randbytes(32 if count is None else count)


def _uuid4() -> uuid.UUID:
    return uuid.UUID(bytes=_lots.randbytes(16), version=4)
