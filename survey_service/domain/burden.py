"""Seconds charged to a person for answering."""

longest_gap = 120
"""Seconds between two questions that count at most: who goes away to make tea is not answering."""


def answering_seconds(active: int | None, *, planned: int, questions: int) -> int:
    """What answering one form costs its respondent.

    `active` is the time measured in the browser, None without a script: then the planned time counts.
    A measured time is believed as far as it is possible: one longest gap a question and one at the end.
    """
    if active is None:
        return planned
    return max(0, min(active, longest_gap * (questions + 1)))
