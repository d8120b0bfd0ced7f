"""Whether a survey is anonymous: chosen while it is written, and for good once anybody was drawn or answered.

People answer on the word of the form. Turned into a named one later, the survey would have broken it; turned
into an anonymous one it would have promised what is already stored.
"""

from survey_service.db import survey as survey_table
from survey_service.domain.errors import Conflict


async def settle_anonymity(survey: int, wanted: bool) -> None:
    """Make it so, in the transaction that stores a version; raises Conflict where it is fixed otherwise."""
    if await survey_table.is_anonymous(survey, is_locked=True) != wanted:
        await check_anonymity(survey, wanted)
        await survey_table.set_anonymous(survey, wanted)


async def is_anonymity_fixed(survey: int) -> bool:
    """Tell whether it can still be chosen."""
    return await survey_table.has_people(survey)


async def check_anonymity(survey: int, wanted: bool) -> None:
    """Raise Conflict where people were drawn or have answered on another word."""
    if await is_anonymity_fixed(survey) and await survey_table.is_anonymous(survey) != wanted:
        now, then = ("a named", "an anonymous") if wanted else ("an anonymous", "a named")
        raise Conflict(
            f"People were drawn for {now} survey or have answered one, so it cannot become {then} one.",
            expected="a survey for which nobody was drawn and which nobody has answered",
            hint="Copy it and change the copy.",
        )
