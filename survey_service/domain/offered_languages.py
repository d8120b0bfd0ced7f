"""Which of a survey's languages people are offered, given who has looked them over.

Where languages nobody looked over are allowed, every whole language is offered. Elsewhere a language needs
two acceptances: of the pages around every survey (buttons, notices, messages), and of the survey's own words.
The pages are written in English and a survey's words in its base language: those are nobody's translation.
"""

from collections.abc import Iterable, Set

pages_written_in = "en"


def offered_languages(
    languages: Iterable[str],
    *,
    base: str,
    allows_unreviewed: bool,
    accepted_pages: Set[str],
    accepted_words: Set[str],
) -> tuple[str, ...]:
    """The languages to offer; never none, for the base language always is one."""
    return tuple(
        language
        for language in languages
        if allows_unreviewed
        or language == base
        or ((language == pages_written_in or language in accepted_pages) and language in accepted_words)
    )
