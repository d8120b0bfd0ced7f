"""Where the reference results lie: the folder named by ORACLES, beside the checkout by default."""

import os
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[2]
ORACLES = Path(os.environ.get("ORACLES") or _PROJECT / "../shared/oracles").resolve()


def need_oracles() -> None:
    """Skip where the reference results are absent; on the build server their absence is a failure."""
    if ORACLES.is_dir():
        return
    reason = f"no reference results at {ORACLES}: name their folder in ORACLES"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
