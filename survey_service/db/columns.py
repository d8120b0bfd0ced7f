"""Large reads as columns: binary COPY straight into numpy arrays, never a list of objects.

Measured on a register of a million (research notes, speed): 0.5 s against 3 s through the ORM.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from survey_service.db.engine import transaction

HEADER_BYTES = 19
"""PGCOPY signature (11), flags (4) and length of the header extension (4), which is always empty."""
TRAILER_BYTES = 2

Columns = dict[str, np.ndarray]

_SENT_AS: dict[str, Any] = {
    "int8": ">i8",
    "int4": ">i4",
    "int2": ">i2",
    "float8": ">f8",
    "bool": "?",
    "timestamptz": ">i8",
    "uuid": (">u8", 2),
}
_KEPT_AS = {
    "int8": np.int64,
    "int4": np.int64,
    "int2": np.int64,
    "float8": np.float64,
    "bool": np.bool_,
    "timestamptz": np.int64,
    "uuid": np.uint64,
}


_FOR_LARGE_READS = "SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; SET LOCAL parallel_tuple_cost = 0.0001"
"""Joins of a million rows otherwise go over the disk, compiling takes longer than it saves, and by default
the server thinks it too dear to hand a million rows from one of its processes to another."""


async def read_columns(query: str, *arguments: Any, columns: Mapping[str, str]) -> Columns:
    """Run a query whose columns are all of fixed width and never null.

    `columns` gives, in the order of the query, each column's name and PostgreSQL type (a key of
    `_SENT_AS`). Whole numbers of every width come back as int64, moments as microseconds since 2000
    in UTC, a uuid as two times 64 bits.
    """
    data = bytearray()

    async def collect(part: bytes) -> None:
        data.extend(part)

    async with transaction() as lent:
        await lent.execute(_FOR_LARGE_READS)
        # A file here would have each of its thousands of parts written in another thread.
        await lent.copy_from_query(query, *arguments, output=collect, format="binary")
    return _parse(data, columns)


def _parse(data: bytearray, columns: Mapping[str, str]) -> Columns:
    layout: list[tuple[str, Any]] = [("fields", ">i2")]
    for name, kind in columns.items():
        layout += [(f"length {name}", ">i4"), (name, _SENT_AS[kind])]
    row = np.dtype(layout)
    rows = np.frombuffer(
        data, dtype=row, offset=HEADER_BYTES, count=(len(data) - HEADER_BYTES) // row.itemsize
    )
    # A null or a column of another width would shift every byte after it: noticed here, not in a draw.
    for name, kind in columns.items():
        if (
            rows.size * row.itemsize + HEADER_BYTES + TRAILER_BYTES != len(data)
            or (rows[f"length {name}"] != np.dtype(_SENT_AS[kind]).itemsize).any()
        ):
            raise TypeError(f"column {name} is not always a {kind}")
    return {name: rows[name].astype(_KEPT_AS[kind]) for name, kind in columns.items()}
