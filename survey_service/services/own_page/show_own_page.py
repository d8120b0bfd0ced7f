"""What a person's own page says. Looking changes nothing: a scanner of mails may follow every link."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from survey_service.db import own_page
from survey_service.db.engine import transaction
from survey_service.db.own_page import Ask, OpenInvitation, OwnPage
from survey_service.domain.errors import NotFound
from survey_service.domain.tokens import hash_token
from survey_service.domain.wishes import list_channels, next_earliest
from survey_service.settings import Settings


class OwnPageShown(msgspec.Struct, frozen=True, kw_only=True):
    """The person's wishes and pause, the promise, and every ask of the rolling year."""

    page: OwnPage
    is_taking_part: bool
    is_paused: bool
    paused_until: date | None
    """None where the pause has no end yet, and where there is none."""
    next_day: date | None
    """First day of the next invitation, as promised; None when it is not ahead."""
    asks: list[Ask]
    open_invitations: list[OpenInvitation]
    channels: list[str]
    """Those the person may choose."""
    most_surveys: int
    """So many invitations a year at most, whatever anybody chooses."""

    @property
    def invitations(self) -> int:
        """How many invitations there were in the year."""
        return sum(ask.kind == "invitation" for ask in self.asks)

    @property
    def seconds(self) -> int:
        """What all of it asked for."""
        return sum(ask.seconds for ask in self.asks)


async def find_own_page(token: str) -> OwnPage:
    """Return whose page a token opens. Raises NotFound, with another code for what can be no token."""
    token_hash = hash_token(token)
    if token_hash is None:
        raise NotFound("The link is not complete.", code="incomplete_link")
    found = await own_page.find_own_page(token_hash)
    if found is None:
        raise NotFound("There is no such page.")
    return found


async def show_own_page(token: str, settings: Settings, *, at: datetime) -> OwnPageShown:
    """Gather what the page says at a moment."""
    zone = ZoneInfo(settings.time_zone)
    day = at.astimezone(zone).date()
    first = day - timedelta(days=settings.cap_window_days - 1)
    since = datetime.combine(first, datetime.min.time(), zone)
    async with transaction():
        page = await find_own_page(token)
        asks = await own_page.list_asks(page.pseudonym, since=since, time_zone=settings.time_zone)
        invitations = await own_page.list_open_invitations(page.contact, at=at, time_zone=settings.time_zone)
    next_day = next_earliest(page.promised_from, page.last_invited_on, settings.rest_days)
    is_paused = page.state == "paused" and (page.paused_until is None or page.paused_until > day)
    return OwnPageShown(
        page=page,
        is_taking_part=page.is_consenting and page.state != "left",
        is_paused=is_paused,
        paused_until=page.paused_until if is_paused else None,
        next_day=next_day if next_day and next_day > day else None,
        asks=asks,
        open_invitations=invitations,
        channels=channels_of(page),
        most_surveys=settings.invitations_a_year,
    )


def channels_of(page: OwnPage) -> list[str]:
    """Return the channels that can reach the person."""
    return list_channels(current=page.wishes.channel, has_email=page.has_email, has_mobile=page.has_mobile)
