"""Send the mails that wait in the outbox. Killed at any moment, the next run takes up where this one stopped.

An attempt is written before and after each handing over. A mail whose run was killed in between, or whose
server hung up without an answer, may have arrived: it is marked uncertain and is not sent again by itself.
That window, from the text going out to the server's word coming back, is the one no sender can close.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from survey_service.db import outbox
from survey_service.db.outbox import ClaimedMail
from survey_service.domain.errors import Unavailable
from survey_service.domain.mail import Mail, Reply, next_attempt
from survey_service.integrations.mail.compose import AddressRefused, Sender, compose, wire_address
from survey_service.integrations.mail.smtp import Handover, connected
from survey_service.services.messages.note_undelivered import is_hard, note_undelivered
from survey_service.services.messages.write_mails import write_mails
from survey_service.settings import Settings

BATCH = 20
"""Claimed at once: few, so that a one-time code does not wait behind a mailing."""

RUN_SECONDS = 50
MOST_CONNECTIONS = 5
"""Of one run, when the server hangs up again and again."""


def _now() -> datetime:
    return datetime.now(UTC)


class MailRun(msgspec.Struct, kw_only=True):
    """What one turn of sending did; `is_waiting` when there is no server or somebody else is sending."""

    sent: int = 0
    failed: int = 0
    deferred: int = 0
    cancelled: int = 0
    uncertain: int = 0
    problem: str | None = None
    is_waiting: bool = False


async def send_mails(
    settings: Settings,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], datetime] = _now,
    seconds: int = RUN_SECONDS,
) -> MailRun:
    """Send what is due until nothing is, time is up, or `should_stop` says so."""
    if not settings.smtp_host:
        return MailRun(is_waiting=True)
    async with outbox.sending_alone() as is_alone:
        if not is_alone:
            return MailRun(is_waiting=True)
        turn = _Turn(settings, should_stop, clock, await outbox.begin_run(clock()))
        await outbox.take_back(turn.run, clock())
        try:
            await turn.work(clock() + timedelta(seconds=seconds))
        except Unavailable as error:
            turn.done.problem = str(error)
        await outbox.end_run(turn.run, at=clock(), sent=turn.done.sent, problem=turn.done.problem)
    return turn.done


class _Turn:
    """One run's work."""

    def __init__(
        self, settings: Settings, should_stop: Callable[[], bool], clock: Callable[[], datetime], run: int
    ) -> None:
        self.settings = settings
        self.sender = Sender.of(settings)
        self.should_stop = should_stop
        self.clock = clock
        self.run = run
        self.done = MailRun()

    async def work(self, until: datetime) -> None:
        for _ in range(MOST_CONNECTIONS):
            if not await self._may_go_on(until):
                return
            async with connected(self.settings) as server:
                while server.is_open and await self._may_go_on(until):
                    await self._send_some(server, until)

    async def _may_go_on(self, until: datetime) -> bool:
        now = self.clock()
        return now < until and not self.should_stop() and await outbox.has_due(now)

    async def _send_some(self, server: Handover, until: datetime) -> None:
        now = self.clock()
        begun = await outbox.count_attempts(now - timedelta(minutes=1))
        free = min(BATCH, self.settings.smtp_per_minute - begun)
        if free <= 0:
            await asyncio.sleep(1)
            return
        claimed = await outbox.claim_mails(self.run, free, now)
        try:
            mails = await write_mails(claimed, self.settings, now)
        except BaseException:
            await outbox.put_back(claimed, self.clock())
            raise
        for place, one in enumerate(claimed):
            if not server.is_open or self.should_stop():
                await outbox.put_back(claimed[place:], self.clock())
                return
            await self._settle(one, await self._hand_over(server, one, mails[one.message]))

    async def _hand_over(self, server: Handover, one: ClaimedMail, mail: Mail | str) -> Reply | str:
        """The server's reply, or why the mail is not sent at all."""
        if isinstance(mail, str):
            return mail
        try:
            to, content = wire_address(mail.to), compose(mail, self.sender, self.clock())
        except AddressRefused:
            return "no_address"
        reply = await server.announce(sender=self.sender.bounces, to=to, mail_id=one.mail_id)
        if reply is not None:
            return reply
        if not await outbox.note_handing_over(one, self.run, self.clock()):
            server.hang_up()
            return Reply(outcome="unsent", text="taken over by another run")
        return await server.deliver(content)

    async def _settle(self, one: ClaimedMail, reply: Reply | str) -> None:
        at = self.clock()
        if isinstance(reply, str):
            state = "failed" if reply == "no_address" else "cancelled"
            await outbox.finish(one, Reply(outcome="unsent"), state=state, at=at, problem=reply)
        elif reply.outcome in ("deferred", "unsent"):
            again = next_attempt(one.attempts, at)
            state = "queued" if again else "failed"
            problem = None if again else "gave_up"
            await outbox.finish(one, reply, state=state, at=at, next_attempt_at=again, problem=problem)
        else:
            state = {"sent": "sent", "refused": "failed", "uncertain": "uncertain"}[reply.outcome]
            problem = None if reply.outcome == "sent" else reply.outcome
            await outbox.finish(one, reply, state=state, at=at, problem=problem)
            if reply.outcome == "refused" and is_hard(reply.code, reply.text or ""):
                await note_undelivered(one.message, status=str(reply.code), at=at)
        self._count("deferred" if state == "queued" else state)

    def _count(self, what: str) -> None:
        setattr(self.done, what, getattr(self.done, what) + 1)
