"""What a person may wish on their own page, read from what was posted, and the days that follow from it."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from survey_service.domain.errors import SurveyServiceError

MOST_SURVEYS = 4
PAUSE_MONTHS = (1, 3, 6, 12)
TOPICS = (
    "counter_terrorism",
    "crime_prevention",
    "fraud",
    "roads",
    "events",
    "night_time",
    "neighbourhood",
)  # fmt: skip
"""What a person may want to hear of. They never decide who is invited."""

AS_USUAL = "usual"
"""Posted instead of a number of surveys: whatever everybody else gets."""

Posted = Mapping[str, Sequence[str]]


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a person set; `surveys_a_year` is None for whatever everybody else gets."""

    surveys_a_year: int | None
    topics: list[str]
    language: str
    channel: str


class WishRefused(SurveyServiceError):
    """A field of the own page holds nothing that can be chosen there; `field` is its name."""

    code = "wish_refused"

    def __init__(self, field: str, *, got: str) -> None:
        super().__init__(f"{field} cannot be set to that.", got=repr(got))
        self.field = field


def list_channels(*, current: str, has_email: bool, has_mobile: bool) -> list[str]:
    """Return the channels a person can choose: those with an address, and the one they have.

    The register has no address for post, nor for a meeting: nobody can change to them here.
    """
    with_address = [name for name, has in (("email", has_email), ("text", has_mobile)) if has]
    return with_address if current in with_address else [*with_address, current]


def read_wishes(
    posted: Posted, *, before: Wishes, languages: Collection[str], channels: Collection[str]
) -> Wishes:
    """Return the wishes that were posted; what is not among the fields stays as it was.

    Somebody's language may stay what it is though it is not among `languages` any more.

    Topics are check boxes: none of them posted means none is wanted.
    """
    topics = posted.get("topics", ())
    for topic in topics:
        if topic not in TOPICS:
            raise WishRefused("topics", got=topic)
    return Wishes(
        surveys_a_year=_read_number(posted, before.surveys_a_year),
        topics=[topic for topic in TOPICS if topic in topics],
        language=_read_one("language", posted, before.language, {before.language, *languages}),
        channel=_read_one("channel", posted, before.channel, channels),
    )


def read_pause(posted: Posted, day: date) -> date:
    """Return the first day after the pause that was posted."""
    months = _first(posted, "months", "")
    if months not in map(str, PAUSE_MONTHS):
        raise WishRefused("months", got=months)
    return add_months(day, int(months))


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def next_earliest(promised_from: date | None, last_invited_on: date | None, rest_days: int) -> date | None:
    """Return the first day a person may be invited again, or None when nothing holds it back.

    A promise is data: a rest that was made shorter since does not bring the day forward, a longer one
    protects at once.
    """
    rested = last_invited_on and last_invited_on + timedelta(days=rest_days)
    return max((one for one in (promised_from, rested) if one), default=None)


def _read_number(posted: Posted, before: int | None) -> int | None:
    text = _first(posted, "surveys", AS_USUAL if before is None else str(before))
    if text == AS_USUAL:
        return None
    if text not in map(str, range(MOST_SURVEYS + 1)):
        raise WishRefused("surveys", got=text)
    return int(text)


def _read_one(field: str, posted: Posted, before: str, offered: Collection[str]) -> str:
    text = _first(posted, field, before)
    if text != before and text not in offered:
        raise WishRefused(field, got=text)
    return text


def _first(posted: Posted, field: str, default: str) -> str:
    return next(iter(posted.get(field, ())), default)
