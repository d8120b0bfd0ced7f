"""Until when forms are typed in, and which of them count."""

from datetime import date

import pytest

from survey_service.domain.errors import Conflict
from survey_service.domain.late_paper import check_received

OPENED, CLOSED = date(2026, 3, 1), date(2026, 3, 27)


def check(received: date | None, *, today: date, closed: date | None = CLOSED) -> date:
    return check_received(received, opened_on=OPENED, closed_on=closed, today=today, late_days=28)


def test_the_day_of_the_closing_counts_and_so_does_the_last_day_of_the_period() -> None:
    assert check(CLOSED, today=date(2026, 4, 24)) == CLOSED
    assert check(OPENED, today=CLOSED) == OPENED
    assert check(None, today=date(2026, 3, 5), closed=None) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("received", "today", "closed", "said"),
    [
        (CLOSED, date(2026, 4, 25), CLOSED, "until 24 April 2026"),
        (date(2026, 3, 28), date(2026, 3, 29), CLOSED, "closed on 27 March 2026"),
        (None, date(2026, 3, 29), CLOSED, "on which day"),
        (date(2026, 2, 28), date(2026, 3, 5), None, "not open before 1 March 2026"),
        (date(2026, 3, 6), date(2026, 3, 5), None, "still to come"),
    ],
)
def test_what_does_not_count(received: date | None, today: date, closed: date | None, said: str) -> None:
    with pytest.raises(Conflict, match=said):
        check(received, today=today, closed=closed)
