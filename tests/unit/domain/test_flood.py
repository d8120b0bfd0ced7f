"""Doubts about open answers: each rule alone, and marks nobody can make up."""

import hashlib
from itertools import count

import pytest

from survey_service.domain.flood import (
    LASTS_SECONDS,
    PROOF_BITS,
    WAIT_SECONDS,
    count_filled,
    has_waited,
    is_proof,
    judge_open_answer,
    make_copy,
    make_waiting,
    served_at,
    widen_network,
)

KEY = b"a key of the tests"


def judge(**overrides: object) -> tuple[str, ...]:
    usual: dict[str, object] = {
        "seconds": 60, "filled": 10, "trap": "", "network_answers": 1, "network_limit": 30,
    }  # fmt: skip
    return judge_open_answer(**(usual | overrides))  # type: ignore[arg-type]


def test_an_ordinary_answer_raises_no_doubt() -> None:
    assert judge() == ()
    assert judge(seconds=10) == ()
    assert judge(network_answers=30) == ()


@pytest.mark.parametrize(
    ("overrides", "flags"),
    [
        ({"seconds": 9}, ("fast",)),
        ({"seconds": 2, "filled": 1}, ("fast",)),
        ({"trap": "https://buy.example"}, ("trap",)),
        ({"network_answers": 31}, ("network",)),
        ({"seconds": None}, ("forged",)),
        ({"seconds": 0, "trap": "x", "network_answers": 99}, ("fast", "trap", "network")),
    ],
)
def test_each_doubt(overrides: dict[str, object], flags: tuple[str, ...]) -> None:
    assert judge(**overrides) == flags


def test_fields_of_the_page_are_no_answers() -> None:
    assert count_filled({"q1": ["yes"], "q2": [" "], "q3": ["", "x"], "open-website": ["spam"]}) == 2


@pytest.mark.parametrize(
    ("network", "wide"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::1", "2001:db8:1::/48"),
        ("unknown", "unknown"),
    ],
)
def test_networks_are_taken_wide(network: str, wide: str) -> None:
    assert widen_network(network) == wide


def test_a_copy_tells_when_it_was_served_to_us_alone() -> None:
    copy = make_copy(KEY, "parks", at=1_700_000_000, lot=bytes(8))
    assert served_at(KEY, "parks", copy) == 1_700_000_000
    assert served_at(KEY, "roads", copy) is None
    assert served_at(b"another", "parks", copy) is None
    earlier = f"{1_600_000_000:08x}" + copy[8:]
    assert served_at(KEY, "parks", earlier) is None
    assert served_at(KEY, "parks", "0" * 32) is None


def test_waiting_takes_its_time_and_belongs_to_one_copy() -> None:
    ticket = make_waiting(KEY, "copy", at=1_000)
    assert not has_waited(KEY, "copy", ticket, now=1_000 + WAIT_SECONDS - 1)
    assert has_waited(KEY, "copy", ticket, now=1_000 + WAIT_SECONDS)
    assert not has_waited(KEY, "copy", ticket, now=1_001 + LASTS_SECONDS)
    assert not has_waited(KEY, "other", ticket, now=1_000 + WAIT_SECONDS)
    assert not has_waited(KEY, "copy", f"{1:08x}" + ticket[8:], now=1_000 + WAIT_SECONDS)
    assert not has_waited(KEY, "copy", "", now=2_000)


def test_a_proof_has_to_be_worked_for() -> None:
    tries = next(
        n
        for n in count()
        if not int.from_bytes(hashlib.sha256(f"c:{n}".encode()).digest()[:2]) >> (16 - PROOF_BITS)
    )
    assert is_proof("c", str(tries))
    assert tries > 100
    assert not is_proof("d", str(tries))
    assert not is_proof("c", "")
    assert not is_proof("c", "½")
