"""Places on the circle, exactly past the clock, and turns that never drift."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.prn import hash_bits, permanent_numbers
from sampling.tickets import advance_clocks, advance_tickets, place_tickets

unit_numbers = st.integers(0, 2**53 - 1).map(lambda bits: bits / 2**53)


def place(u: float, clock: float) -> float:
    return float(place_tickets(np.array([u]), np.array([clock]))[0])


@given(u=unit_numbers, clock=st.floats(0.0, 1000.0, exclude_min=True))
def test_the_ticket_is_the_first_past_the_clock(u: float, clock: float) -> None:
    ticket = place(u, clock)
    turns = round(ticket - u)
    assert ticket == u + turns > clock
    assert turns == 0 or u + (turns - 1) <= clock


@given(u=unit_numbers, turns=st.integers(0, 400))
def test_who_took_the_last_ticket_waits_a_turn(u: float, turns: int) -> None:
    clock = u + turns
    if clock > 0:
        assert place(u, clock) == u + (turns + 1)


@given(u=unit_numbers)
def test_at_launch_nobody_is_pushed_on(u: float) -> None:
    assert place(u, 0.0) == u


@given(u=unit_numbers, turns=st.integers(0, 400), more=st.integers(1, 50))
def test_turns_do_not_drift(u: float, turns: int, more: int) -> None:
    ticket = np.array([u + turns])
    for _ in range(more):
        ticket = advance_tickets(np.array([u]), ticket)
    assert ticket[0] == u + (turns + more)
    assert abs(Fraction(float(ticket[0])) - Fraction(u) - turns - more) <= Fraction(math.ulp(ticket[0]))


def test_clocks_only_go_forward_and_the_old_ones_stay() -> None:
    clocks = np.array([0.0, 3.5, 1.0])
    after = advance_clocks(clocks, np.array([1, 0, 0]), np.array([2.0, 0.7, 0.4]))
    assert after.tolist() == [0.7, 3.5, 1.0]
    assert clocks.tolist() == [0.0, 3.5, 1.0]


def test_permanent_numbers_are_the_documented_hash() -> None:
    import hashlib

    # HMAC written out (RFC 2104), so that a change of library call or of bit order is seen.
    key = b"seed".ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + "Ågot|7".encode()).digest()
    digest = hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()
    bits = int.from_bytes(digest[:8], "big") >> 11
    assert hash_bits("seed", ["Ågot|7"]).tolist() == [bits]
    assert permanent_numbers("seed", ["Ågot|7"]).tolist() == [bits / 2**53]


@pytest.mark.parametrize("count", [0, 1, 20_000])
def test_permanent_numbers_are_uniform(count: int) -> None:
    u = permanent_numbers("s", map(str, range(count)))
    assert u.shape == (count,)
    if count > 1:
        assert abs(u.mean() - 0.5) < 4 / np.sqrt(12 * count)
        assert np.abs(np.bincount((u * 20).astype(int), minlength=20) - count / 20).max() < 5 * np.sqrt(
            count / 20
        )
