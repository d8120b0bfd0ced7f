"""Rate limits: per key, per window, bounded."""

import pytest

from survey_service.domain.errors import LimitReached
from survey_service.web import limits
from survey_service.web.limits import RateLimit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_limit_holds_per_key_and_opens_again_after_the_window() -> None:
    clock = Clock()
    limit = RateLimit(2, window=60, clock=clock)
    limit.count("a")
    limit.count("a")
    limit.count("b")
    with pytest.raises(LimitReached) as refused:
        limit.count("a")
    assert "Wait 61 seconds" in str(refused.value)
    clock.now = 60
    limit.count("a")


def test_two_limits_do_not_share_their_counters() -> None:
    first, second = RateLimit(1), RateLimit(1)
    first.count("a")
    second.count("a")


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 3)
    limit = RateLimit(1)
    for key in "abcd":
        limit.count(key)
    limit.count("a")  # forgotten as the oldest: counted anew
    with pytest.raises(LimitReached):
        limit.count("d")
