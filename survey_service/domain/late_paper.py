"""Until when forms that are not filled in online are typed in, and which of them count.

What decides is the day a form was received, not the day somebody finds the time to type it in: one that was
received while the survey was open is as good as one sent online on that day.
"""

from datetime import date, timedelta

from survey_service.domain.errors import Conflict

DAY_RECEIVED = "day_received"
"""Code of a refusal that is about the day somebody typed in."""


def last_entry_day(closed_on: date, late_days: int) -> date:
    """The last day on which forms received before the closing are still typed in."""
    return closed_on + timedelta(days=late_days)


def check_received(
    received_on: date | None,
    *,
    opened_on: date | None,
    closed_on: date | None,
    today: date,
    late_days: int,
) -> date:
    """The day a form was received, if it counts; raises `Conflict` with the reason.

    While the survey is open the day may be left out: then it is today.
    """
    if closed_on is not None:
        last = last_entry_day(closed_on, late_days)
        if today > last:
            raise Conflict(
                f"The survey was closed on {_say(closed_on)}; forms received before that could be typed in "
                f"until {_say(last)}.",
                hint="What is typed in later would change results that are published.",
            )
        if received_on is None:
            raise Conflict("Say on which day the form was received: the survey is closed.", code=DAY_RECEIVED)
        if received_on > closed_on:
            raise Conflict(
                f"The form was received after the survey was closed on {_say(closed_on)}: it does not count.",
                code=DAY_RECEIVED,
            )
    day = received_on or today
    if day > today:
        raise Conflict("The day the form was received is still to come.", got=_say(day), code=DAY_RECEIVED)
    if opened_on is not None and day < opened_on:
        raise Conflict(f"The survey was not open before {_say(opened_on)}.", got=_say(day), code=DAY_RECEIVED)
    return day


def _say(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
