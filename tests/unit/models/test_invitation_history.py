"""What was known at an invitation, against a slow count of the same events one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.arrays import IntArray
from models.invitation_history import DAY, NOT_YET, Past, Timeline, known_before
from models.past_rates import last_rates

SENT = st.tuples(
    st.integers(0, 3), st.integers(0, 500), st.one_of(st.none(), st.integers(0, 40)), st.integers(30, 600)
)
"""Person, day sent, days until the answer, planned seconds."""


def past_of(sent: list[tuple[int, int, int | None, int]], reminded: list[tuple[int, int]]) -> Past:
    none = np.empty(0, dtype=np.int64)
    person, day, wait, planned = (np.array([one[place] for one in sent], dtype=object) for place in range(4))
    answered = [NOT_YET if w is None else (d + w) * DAY + 60 for d, w in zip(day, wait, strict=True)]
    people = np.array([*person.tolist(), *(one for one, _ in reminded)], dtype=np.int64)
    at = np.array([*day.tolist(), *(one for _, one in reminded)], dtype=np.int64) * DAY
    return Past(
        invited=person.astype(np.int64), sent=day.astype(np.int64) * DAY,
        answered=np.array(answered, dtype=np.int64), burdened=people, charged=at,
        planned=np.array([*planned.tolist(), *(0 for _ in reminded)], dtype=np.int64),
        is_reminder=np.array([0] * len(sent) + [1] * len(reminded), dtype=np.int64),
        signalled=none, signal_at=none, clicks=none,
    )  # fmt: skip


def slowly(sent: list[tuple[int, int, int | None, int]], person: int, day: int) -> dict[str, float]:
    """The same by looking at every event."""
    mine = [one for one in sent if one[0] == person and one[1] < day]
    answers = [d + w for _, d, w, _ in mine if w is not None and (d + w) * DAY + 60 < day * DAY]
    return {
        "answer_rate": (len(answers) + 0.3) / (len(mine) + 2),
        "days_since_answer": (day * DAY - max(answers) * DAY - 60) / DAY if answers else np.nan,
        "is_first": float(not mine),
        **{f"invitations_{w}": float(sum(d >= day - w for _, d, _, _ in mine)) for w in (30, 90, 365)},
        **{f"planned_{w}": sum(s for _, d, _, s in mine if d >= day - w) / 60 for w in (90, 365)},
    }


@given(
    st.lists(SENT, min_size=1, max_size=25),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 500)), max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 520)), min_size=1, max_size=8),
)
def test_it_is_what_counting_one_by_one_gives(
    sent: list[tuple[int, int, int | None, int]],
    reminded: list[tuple[int, int]],
    asked: list[tuple[int, int]],
) -> None:
    person = np.array([one for one, _ in asked], dtype=np.int64)
    day = np.array([one for _, one in asked], dtype=np.int64)
    known = known_before(past_of(sent, reminded), person, day * DAY)
    for place, (who, when) in enumerate(asked):
        for name, value in slowly(sent, who, when).items():
            assert np.isclose(known[name][place], value, equal_nan=True), (name, who, when)
        reminders = sum(one == who and when - 365 <= d < when for one, d in reminded)
        assert known["reminders_365"][place] == reminders


def test_whether_the_last_one_was_answered_is_what_was_known_then() -> None:
    sent = [(1, 10, 5, 180), (1, 100, None, 180), (2, 10, 50, 180)]
    person = np.array([1, 1, 1, 2, 2, 3])
    day = np.array([10, 20, 110, 20, 70, 70])
    known = known_before(past_of(sent, []), person, day * DAY)["answered_last"]
    # The first invitation has none before it; the answer of the other person came later than day 20.
    assert np.array_equal(known, [np.nan, 1.0, 0.0, 0.0, 1.0, np.nan], equal_nan=True)


def test_clicks_are_unknown_where_no_issue_was_sent() -> None:
    past = past_of([(1, 10, None, 180)], [])
    issues: IntArray = np.array([1, 1, 2])
    with_signals = Past(
        **{name: getattr(past, name) for name in past.__slots__ if "sign" not in name and name != "clicks"},
        signalled=issues, signal_at=np.array([5, 6, 5]) * DAY, clicks=np.array([0, 1, 0]),
    )  # fmt: skip
    person = np.array([1, 2, 3, 1])
    known = known_before(with_signals, person, np.array([10, 10, 10, 400]) * DAY)["issues_clicked_180"]
    assert np.array_equal(known, [1.0, 0.0, np.nan, np.nan], equal_nan=True)


def test_an_empty_past_is_no_error() -> None:
    none = np.empty(0, dtype=np.int64)
    position, moment = Timeline(none, none).last(np.array([1]), np.array([5]))
    assert (position.tolist(), moment.tolist()) == ([-1], [-1])


def test_the_last_rate_is_that_of_the_stratums_own_last_wave() -> None:
    # Stratum 1 is asked in waves 0 and 2, stratum 2 in waves 1 and 2, stratum 3 for the first time in wave 2.
    order = np.repeat([0, 1, 2, 2, 2], 100)
    stratum = np.repeat([1, 2, 1, 2, 3], 100)
    answered = np.concatenate([np.arange(100) < n for n in (10, 40, 90, 90, 90)])
    rates = last_rates(order, stratum, answered)[[0, 100, 200, 300, 400]]
    overall = 50 / 200
    assert np.isnan(rates[0])
    assert rates[1] == 0.1  # all there was before
    assert np.allclose(rates[2:], [(10 + 20 * overall) / 120, (40 + 20 * overall) / 120, overall])
