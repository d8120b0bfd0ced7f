"""Write and take away links: whatever is due, a few at a time, and each once, however often this breaks off.

A link counts as written when Mailchimp's own answer holds the same bytes. More than two thousand go in one
batch, whose operations are looked at one by one.
"""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from survey_service.db import newsletter_intake, newsletter_link, newsletter_member, newsletter_run
from survey_service.db.engine import transaction
from survey_service.db.newsletter_link import DueLink
from survey_service.domain.tokens import make_token
from survey_service.integrations.mailchimp.errors import (
    KeyRefused,
    MailchimpError,
    Misconfigured,
    NotChangeable,
    NotThere,
    Refused,
    Throttled,
)
from survey_service.integrations.mailchimp.port import OperationOutcome
from survey_service.integrations.mailchimp.transport import error_of
from survey_service.services.newsletter.newsletter_client import Newsletter
from survey_service.services.newsletter.refresh_member import refresh_member
from survey_service.settings import Settings, load_secret_key

AT_ONCE = 300
BATCH_FROM = 2_000
MOST_IN_A_BATCH = 10_000
BATCH_LOOKS = 200
UNEQUAL = "the field holds something else than was written"


def link_of(one: DueLink, settings: Settings) -> str:
    """Return the address a link carries: made again from the key, never stored."""
    token = make_token(load_secret_key(settings), one.invitation, one.key_version)
    return f"{settings.public_url}/s/{token}/{one.language}"


async def work_links(newsletter: Newsletter, settings: Settings, *, batch_from: int = BATCH_FROM) -> int:
    """Do all that is due; return how many were done. What cannot be done now is left for later."""
    done = 0
    await newsletter_link.clear_unfit(newsletter.connection.id)
    for state in ("clearing", "wanted"):
        while True:
            at = datetime.now(UTC)
            due = await newsletter_link.claim_links(newsletter.connection.id, state, at, MOST_IN_A_BATCH)
            if not due:
                break
            # The order in which links go says nothing of the order in which people answered.
            random.shuffle(due)
            if len(due) >= batch_from:
                done += await _Batch(newsletter, settings).run(due)
            else:
                done += await _run_singly(newsletter, settings, due)
    return done


async def _run_singly(newsletter: Newsletter, settings: Settings, due: Sequence[DueLink]) -> int:
    done = 0
    for start in range(0, len(due), AT_ONCE):
        part = due[start : start + AT_ONCE]
        worker = _Worker(newsletter, settings)
        found = await asyncio.gather(*(worker.run(one) for one in part), return_exceptions=True)
        await worker.note()
        done += len(worker.done)
        stopped = next((one for one in found if isinstance(one, KeyRefused | Misconfigured)), None)
        if stopped is not None:
            left = [one.id for one in due[start:] if one.id not in worker.done]
            await newsletter_link.release_links(left, datetime.now(UTC))
            raise stopped
        broken = next((one for one in found if isinstance(one, BaseException)), None)
        if broken is not None:
            raise broken
        if worker.is_throttled:
            await newsletter_link.release_links([one.id for one in due[start + AT_ONCE :]], datetime.now(UTC))
            break
    return done


class _Worker:
    """Writes single links and gathers what became of them."""

    def __init__(self, newsletter: Newsletter, settings: Settings) -> None:
        self._newsletter = newsletter
        self._settings = settings
        self._confirmed: list[int] = []
        self._cleared: list[int] = []
        self.done: set[int] = set()
        self.is_throttled = False

    async def run(self, one: DueLink) -> None:
        """Write one link, or take it away."""
        value = "" if one.state == "clearing" else link_of(one, self._settings)
        try:
            tag = self._newsletter.connection.merge_tag
            member = await self._newsletter.client.set_merge_field(one.md5, tag, value)
        except (KeyRefused, Misconfigured):
            raise
        except MailchimpError as error:
            await self.take_error(one, error)
            return
        await self.take_answer(one, value, member.merge_fields)

    async def take_answer(self, one: DueLink, value: str, fields: dict[str, Any]) -> None:
        """Believe what the answer holds, and nothing else: too long a text is cut without a word."""
        tag = self._newsletter.connection.merge_tag
        if str(fields.get(tag, "")) == value:
            (self._cleared if one.state == "clearing" else self._confirmed).append(one.id)
        elif one.state == "clearing":
            await newsletter_link.postpone_links([one.id], datetime.now(UTC), UNEQUAL)
        else:
            await self._newsletter.client.set_merge_field(one.md5, tag, "")
            await newsletter_link.refuse_link(one.id, UNEQUAL)
        self.done.add(one.id)

    async def take_error(self, one: DueLink, error: MailchimpError) -> None:
        """Do what the failure asks for."""
        at = datetime.now(UTC)
        if isinstance(error, NotThere | NotChangeable):
            # Moved to another address, gone, or archived: asking shows which.
            await refresh_member(
                self._newsletter.client, self._newsletter.connection, self._settings,
                md5=one.md5, unique_email_id=one.unique_email_id,
            )  # fmt: skip
            if isinstance(error, NotChangeable):
                await self._drop(one, "archived")
            else:
                await newsletter_link.postpone_links([one.id], at, str(error))
        elif isinstance(error, Refused):
            told = "; ".join(f"{field}: {said}" for field, said in error.fields.items()) or str(error)
            await self._drop(one, told)
            if error.is_about_consent:
                await self._suppress(one, error)
        else:
            self.is_throttled |= isinstance(error, Throttled)
            await newsletter_link.postpone_links([one.id], at, str(error))

    async def _suppress(self, one: DueLink, error: Refused) -> None:
        """Mailchimp protects somebody from being written to: so do we, whatever else it says of them."""
        found = self._newsletter.connection.id
        async with transaction():
            members = await newsletter_member.suppress_member(
                found, md5=one.md5, unique_email_id="", status="unsubscribed", reason="refused",
                at=datetime.now(UTC),
            )  # fmt: skip
            await newsletter_intake.withdraw_newsletter(members)
            await newsletter_link.clear_unfit(found)
        await newsletter_run.raise_alarm(found, "consent", f"Mailchimp protects a member: {error.title}.")

    async def _drop(self, one: DueLink, reason: str) -> None:
        if one.state == "clearing":
            self._cleared.append(one.id)
        else:
            await newsletter_link.refuse_link(one.id, reason)
        self.done.add(one.id)

    async def note(self) -> None:
        """Write down what was done."""
        at = datetime.now(UTC)
        await newsletter_link.confirm_links(self._confirmed, at)
        await newsletter_link.note_cleared(self._cleared, at)


class _Batch:
    """Writes thousands of links as one batch."""

    def __init__(self, newsletter: Newsletter, settings: Settings) -> None:
        self._newsletter = newsletter
        self._settings = settings

    async def run(self, due: Sequence[DueLink]) -> int:
        """Hand them over, wait, and look at each."""
        values = {
            str(one.id): (one.md5, "" if one.state == "clearing" else link_of(one, self._settings))
            for one in due
        }
        client = self._newsletter.client
        batch = await client.start_batch(self._newsletter.connection.merge_tag, values)
        outcomes = {one.operation_id: one for one in await self._wait(batch.id)}
        worker = _Worker(self._newsletter, self._settings)
        late: list[int] = []
        for one in due:
            outcome = outcomes.get(str(one.id))
            if outcome is None:
                late.append(one.id)
            elif outcome.status == 200:
                fields = outcome.answer.get("merge_fields") or {}
                await worker.take_answer(one, values[str(one.id)][1], fields)
            else:
                await worker.take_error(one, error_of(outcome.status, outcome.answer or None))
        await newsletter_link.postpone_links(late, datetime.now(UTC), "no result in the batch")
        await worker.note()
        return len(worker.done)

    async def _wait(self, batch: str) -> list[OperationOutcome]:
        """Wait for the end; an address of the results that is too old is asked for again."""
        client, wait = self._newsletter.client, 0.1
        for _ in range(BATCH_LOOKS):
            facts = await client.get_batch(batch)
            if facts.status == "finished" and facts.results_url:
                try:
                    return await client.read_batch(facts.results_url)
                except NotThere:
                    continue
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, 15.0)
        return []
