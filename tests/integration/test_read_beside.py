"""Two reads at once see one moment, and never wait for each other's connections."""

import asyncio

import asyncpg
import pytest

from survey_service.db.beside import read_beside
from survey_service.db.engine import ENGINE, connection, transaction, undone

pytestmark = pytest.mark.usefixtures("database")

PROCESS = "SELECT pg_backend_pid()"


async def read_process() -> int:
    async with connection() as lent:
        return int(await lent.fetchval(PROCESS))


async def count_departments() -> int:
    async with connection() as lent:
        return int(await lent.fetchval("SELECT count(*) FROM department"))


async def test_two_reads_are_of_two_connections_and_one_moment(database_url: str) -> None:
    async def change_in_between() -> int:
        other = await asyncpg.connect(database_url)
        await other.execute("INSERT INTO department (name) VALUES ('Parks')")
        await other.close()
        return await read_process()

    async def look_later() -> tuple[int, int]:
        await asyncio.sleep(0.2)
        return await count_departments(), await read_process()

    before = await count_departments()
    mine, (seen, other) = await read_beside(change_in_between, look_later)
    assert mine != other
    assert seen == before
    assert await count_departments() == before + 1


async def read_process_and_count() -> tuple[int, int]:
    return await read_process(), await count_departments()


async def test_who_has_written_reads_alone_and_sees_it() -> None:
    async with transaction() as lent:
        before = await count_departments()
        await lent.execute("INSERT INTO department (name) VALUES ('Parks')")
        mine, (other, seen) = await read_beside(read_process, read_process_and_count)
        assert (other, seen) == (mine, before + 1)


async def test_a_part_that_is_undone_reads_alone() -> None:
    async with undone():
        mine, other = await read_beside(read_process, read_process)
    assert mine == other
    mine, other = await read_beside(read_process, read_process)
    assert mine != other


async def test_no_connection_to_spare_is_no_reason_to_wait() -> None:
    assert ENGINE.pool is not None
    held = [await ENGINE.pool.acquire() for _ in range(ENGINE.pool.get_max_size() - 1)]
    try:
        mine, other = await asyncio.wait_for(read_beside(read_process, read_process), 5)
        assert mine == other
    finally:
        for one in held:
            await ENGINE.pool.release(one)


async def test_everybody_at_once_gets_through() -> None:
    assert ENGINE.pool is not None
    readers = [read_beside(read_process, read_process) for _ in range(3 * ENGINE.pool.get_max_size())]
    assert len(await asyncio.wait_for(asyncio.gather(*readers), 20)) == len(readers)
    assert ENGINE.pool.get_idle_size() == ENGINE.pool.get_size()


@pytest.mark.parametrize("broken", ["first", "second"])
async def test_an_error_in_one_ends_both_and_gives_the_connections_back(broken: str) -> None:
    async def fail() -> int:
        raise RuntimeError("as it was meant")

    reads = {"first": (fail, read_process), "second": (read_process, fail)}[broken]
    with pytest.raises(RuntimeError, match="as it was meant"):
        await read_beside(*reads)
    assert ENGINE.pool is not None
    assert ENGINE.pool.get_idle_size() == ENGINE.pool.get_size()
    assert (await read_beside(count_departments, count_departments)) == (0, 0)
