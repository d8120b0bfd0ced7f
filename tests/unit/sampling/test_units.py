"""Units: the household is drawn, one of its people asked, and each person's probability is (n/M)(1/k)."""

import numpy as np
import pytest

from sampling.errors import SamplingError
from sampling.prn import permanent_numbers
from sampling.tickets import advance_clocks, place_tickets
from sampling.units import draw_people, whole_units


def test_inside_a_unit_everybody_comes_before_anybody_twice() -> None:
    u = permanent_numbers("s", ["a", "b", "c"])
    ticket, clock = u.copy(), np.zeros(1)
    times = np.zeros(3)
    for turn in range(10):
        asked = draw_people(
            np.array([0]), np.array([0.5]), ids=np.array(["a", "b", "c"]), unit=np.zeros(3, dtype=np.int64),
            u=u, ticket=ticket, active=np.ones(3, dtype=bool), size=1,
        )  # fmt: skip
        ticket[asked.person] = asked.ticket_after
        clock = advance_clocks(clock, np.zeros(1, dtype=np.int64), asked.ticket_before)
        times[asked.person] += 1
        assert np.ptp(times) <= 1, turn
    newcomer = place_tickets(np.array([0.5]), clock)
    assert clock[0] < newcomer[0] <= clock[0] + 1, (
        "who moves in does not jump the queue nor is caught at once"
    )


def test_equal_inner_tickets_go_by_id_and_the_absent_do_not_count() -> None:
    asked = draw_people(
        np.array([1, 0]), np.array([0.5, 0.5]), ids=np.array(["d", "c", "b", "a", "e"]),
        unit=np.array([0, 0, 1, 1, 1]), u=np.full(5, 0.25), ticket=np.full(5, 0.25),
        active=np.array([True, True, True, False, True]), size=2,
    )  # fmt: skip
    assert asked.person.tolist() == [2, 1]
    assert asked.people.tolist() == [2, 2]
    assert asked.ticket_after.tolist() == [1.25, 1.25]


def test_a_unit_waits_for_its_people() -> None:
    active = np.array([True, True, True, False, True, False])
    available = np.array([True, False, True, False, True, True])
    whole = whole_units(unit=np.array([0, 0, 1, 1, 2, 3]), active=active, available=available, size=5)
    assert whole.tolist() == [False, True, True, False, False]


@pytest.mark.parametrize("drawn", [[0, 0], [0, 1]])
def test_a_unit_drawn_twice_or_empty_is_refused(drawn: list[int]) -> None:
    with pytest.raises(
        SamplingError, match=r"no active person, or was drawn twice.*Expected: 2 units. Got: 1"
    ):
        draw_people(
            np.array(drawn), np.array([0.5, 0.5]), ids=np.array(["a"]), unit=np.array([0]),
            u=np.array([0.1]), ticket=np.array([0.1]), active=np.array([True]), size=2,
        )  # fmt: skip
