"""Group commit: answers that arrive together share one transaction, and each waits for its commit.

While one batch is being committed the next one gathers, so nothing is delayed on purpose: alone, a
submission is written at once. Measured against one transaction a request: see `benchmarks/`.

The writer has a connection of its own. One lent by the pool would be waited for when the pool closes,
while the writer waits for requests that wait for the pool.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from survey_service.db.begun_form import FormPart, store_parts
from survey_service.db.early_answer import keep_early, store_forms
from survey_service.db.engine import Connection
from survey_service.db.sealed_answer import SealedSubmission
from survey_service.db.submission import Outcome, Submission
from survey_service.domain.errors import Unavailable

LARGEST_BATCH = 256
MOST_WAITING = 4_096
"""More than this wait only when the database is gone or far too slow; then a quick refusal is kinder."""
PATIENCE = 5.0
"""Seconds a submission waits for a database that restarts, or for an invitation somebody else holds."""
CLOSING_PATIENCE = 4.0
PAUSE = 0.02

CONNECTION_SETTINGS = {
    "application_name": "survey answers",
    "statement_timeout": "10s",
    "jit": "off",
    # A plan made while the tables were small is kept for a while after they have grown, and would read
    # all of them for every batch. Each lookup here is by an index; leave the planner no other way.
    "enable_seqscan": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}

_LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)


Written = Submission | SealedSubmission | FormPart
"""A whole form, one of an anonymous survey, or one more page of a longer one."""


class _Waiting:
    """A submission and the request that waits for it."""

    __slots__ = ("deadline", "outcome", "submission")

    def __init__(self, submission: Written, outcome: "asyncio.Future[Outcome]", deadline: float) -> None:
        self.submission = submission
        self.outcome = outcome
        self.deadline = deadline


class AnswerWriter:
    """Takes submissions from all requests of this process; get one with `open_answer_writer`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: deque[_Waiting] = deque()
        self._in_hand: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._is_closing = False
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None

    async def submit(self, submission: Written) -> Outcome:
        """Return what became of the submission, once that is committed.

        Raises Unavailable when too many wait, when the service stops, or when the database stays away.
        """
        if self._is_closing or len(self._waiting) >= MOST_WAITING:
            raise Unavailable("The answers cannot be stored at this moment.", hint="Try again in a minute.")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(submission, loop.create_future(), loop.time() + PATIENCE)
        self._waiting.append(waiting)
        self._wake.set()
        return await waiting.outcome

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name="answer writer")

    async def close(self) -> None:
        """Write what waits, refuse what comes; never take longer than the patience allows."""
        self._is_closing = True
        self._wake.set()
        assert self._task is not None
        _, late = await asyncio.wait({self._task}, timeout=CLOSING_PATIENCE)
        for task in late:
            task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for waiting in (*self._in_hand, *self._waiting):
            _refuse(waiting)
        if self._connection is not None and not late:
            await self._connection.close(timeout=1)
        self._hang_up()

    async def _run(self) -> None:
        while not (self._is_closing and not self._waiting):
            if self._waiting:
                self._in_hand = self._take()
                await self._write(self._in_hand)
            else:
                self._wake.clear()
                await self._wake.wait()

    def _take(self) -> list[_Waiting]:
        """Take the next batch. A token that is in it already waits for the next: the first one counts."""
        batch: list[_Waiting] = []
        tokens: set[bytes | None] = set()
        later: list[_Waiting] = []
        while self._waiting and len(batch) < LARGEST_BATCH:
            waiting = self._waiting.popleft()
            token = waiting.submission.token_hash
            if token is not None and token in tokens:
                later.append(waiting)
                continue
            tokens.add(token)
            batch.append(waiting)
        self._waiting.extendleft(reversed(later))
        return batch

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        """Write a batch and tell each request; halve it while one submission in it cannot be stored."""
        try:
            outcomes = await self._store([waiting.submission for waiting in batch])
        except Unavailable:
            for waiting in batch:
                _refuse(waiting)
        except Exception as error:
            # Whatever it was, each request must hear of it, and the next batch must be written.
            if len(batch) == 1:
                _fail(batch[0], error)
                return
            middle = len(batch) // 2
            await self._write(batch[:middle])
            await self._write(batch[middle:])
        else:
            self._tell(batch, outcomes)
            if Outcome.BUSY in outcomes:
                await asyncio.sleep(PAUSE)

    def _tell(self, batch: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
        now = asyncio.get_running_loop().time()
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if outcome is Outcome.BUSY and now < waiting.deadline:
                self._waiting.append(waiting)
            elif outcome is Outcome.BUSY:
                _refuse(waiting)
            elif not waiting.outcome.done():
                waiting.outcome.set_result(outcome)

    async def _store(self, submissions: Sequence[Written]) -> list[Outcome]:
        """Store a batch, again after a lost connection: the statement recognises what it stored before."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            try:
                return await _store_each(await self._connected(), submissions)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                if not self._is_lost(error):
                    raise
                self._hang_up()
                if loop.time() > deadline:
                    raise Unavailable("The database does not answer.") from error
            await asyncio.sleep(10 * PAUSE)

    def _is_lost(self, error: Exception) -> bool:
        return self._connection is None or self._connection.is_closed() or isinstance(error, _LOST)

    async def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = await asyncpg.connect(
                self._url, timeout=PATIENCE, command_timeout=15, server_settings=CONNECTION_SETTINGS
            )
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


async def _store_each(connection: Connection, written: Sequence[Written]) -> list[Outcome]:
    """Store what is of one kind in one round trip; a batch is nearly always of one kind."""
    forms = [one for one in written if isinstance(one, Submission)]
    if len(forms) == len(written):
        return await _store_forms(connection, forms)
    sealed = [one for one in written if isinstance(one, SealedSubmission)]
    pages = [one for one in written if isinstance(one, FormPart)]
    stored = iter(await _store_forms(connection, forms) if forms else [])
    boxed = iter(await _store_forms(connection, sealed) if sealed else [])
    kept = iter(await store_parts(connection, pages) if pages else [])
    return [
        next(stored if isinstance(one, Submission) else boxed if isinstance(one, SealedSubmission) else kept)
        for one in written
    ]


async def _store_forms(
    connection: Connection, forms: Sequence[Submission] | Sequence[SealedSubmission]
) -> list[Outcome]:
    """Store forms; those by links of an issue that we have not heard of yet are kept until we have."""
    outcomes = await store_forms(connection, forms)
    busy = [
        place
        for place, outcome in enumerate(outcomes)
        if outcome is Outcome.BUSY and forms[place].token_hash is not None
    ]
    if busy:
        kept = await keep_early(connection, [forms[place] for place in busy])
        for place, outcome in zip(busy, kept, strict=True):
            outcomes[place] = outcome
    return outcomes


def _refuse(waiting: _Waiting) -> None:
    _fail(waiting, Unavailable("The answers could not be stored.", hint="Try again in a minute."))


def _fail(waiting: _Waiting, error: Exception) -> None:
    """Tell the request, unless its browser has gone: nobody would collect the error then."""
    if not waiting.outcome.done():
        waiting.outcome.set_exception(error)


@asynccontextmanager
async def open_answer_writer(url: str) -> AsyncIterator[AnswerWriter]:
    """A writer for as long as the context lasts. One process has one."""
    writer = AnswerWriter(url)
    writer.start()
    try:
        yield writer
    finally:
        await writer.close()
