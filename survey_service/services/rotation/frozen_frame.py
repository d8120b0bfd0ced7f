"""The frame of a draw as bytes, kept with it so that the draw can be made again. No personal data.

Compressed numpy arrays: units by id, cell, permanent number, ticket and whether they might be drawn; the
cells with their clocks; and the people of the drawn units, by id, with their inner queue.
"""

from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np

from sampling.arrays import BoolArray, FloatArray, IntArray
from sampling.frame import Frame

_UNIT_ARRAYS = ("ids", "cell", "u", "ticket", "active")
_PEOPLE_ARRAYS = ("ids", "unit", "u", "ticket")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """People of drawn units: p of them, with the id of their unit."""

    ids: IntArray
    unit: IntArray
    u: FloatArray
    ticket: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenFrame:
    """All that a draw depended on besides its seed and its strata."""

    frame: Frame
    available: BoolArray
    people: People


def freeze(frozen: FrozenFrame) -> bytes:
    """Return the frame as bytes."""
    arrays = {f"unit_{name}": getattr(frozen.frame, name) for name in _UNIT_ARRAYS}
    arrays |= {f"people_{name}": getattr(frozen.people, name) for name in _PEOPLE_ARRAYS}
    arrays |= {
        "unit_available": frozen.available,
        "cells": np.array(frozen.frame.cells, dtype=np.str_),
        "clocks": frozen.frame.clocks,
    }
    output = BytesIO()
    # A draw holds the register's lock meanwhile: the fastest level, and none for what does not compress.
    with ZipFile(output, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            archive.compression = ZIP_STORED if array.dtype.kind == "f" else ZIP_DEFLATED
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
    return output.getvalue()


def thaw(data: bytes) -> FrozenFrame:
    """Return the frame that was frozen."""
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        frame = Frame(
            **{name: arrays[f"unit_{name}"] for name in _UNIT_ARRAYS},
            cells=tuple(arrays["cells"].tolist()),
            clocks=arrays["clocks"],
        )
        people = People(**{name: arrays[f"people_{name}"] for name in _PEOPLE_ARRAYS})
        return FrozenFrame(frame=frame, available=arrays["unit_available"], people=people)
