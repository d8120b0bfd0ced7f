"""Burden in seconds: what each kind of message costs the person who gets it, and what answering costs."""

longest_gap = 120
"""Seconds between two questions that count at most: who goes away to make tea is not answering."""

invitation_seconds = 15
reminder_seconds = 10

message_seconds: dict[str, int] = {
    "invitation": invitation_seconds,
    "reminder": reminder_seconds,
    "newsletter": 0,
    "keep_warm": 0,
    "outcome": 0,
    "service": 0,
}
"""Charged for one message, by kind. What asks for nothing is counted in the ledger and costs nothing."""

answer_kind = "answer"
anonymous_kind = "anonymous"
"""In the ledger: answering, and answering a survey that keeps no link from a person to an answer."""


def answering_seconds(active: int | None, *, planned: int, questions: int) -> int:
    """What answering one form costs its respondent.

    `active` is the time measured in the browser, None without a script: then the planned time counts.
    A measured time is believed as far as it is possible: one longest gap a question and one at the end.
    """
    if active is None:
        return planned
    return max(0, min(active, longest_gap * (questions + 1)))
