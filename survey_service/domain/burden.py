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


most_without_script = 3
"""Times the planned length: as much of the time a page was open is counted where no script measured."""


def answering_seconds(active: int | None, *, planned: int, questions: int, elapsed: int | None = None) -> int:
    """What answering one form costs its respondent.

    `active` is the time measured in the browser. It is believed as far as it is possible: one longest gap a
    question and one at the end. Without a script it is None, and the time the page was open counts
    (`elapsed`), up to a limit; where that is not known either, the planned time.
    """
    if active is None:
        return planned if elapsed is None else max(0, min(elapsed, most_without_script * planned))
    return max(0, min(active, longest_gap * (questions + 1)))
