"""A frame that fits together, and a hash that names it whatever its order."""

from dataclasses import replace

import numpy as np
import pytest

from sampling.draw import draw_cells
from sampling.errors import SamplingError
from sampling.frame import Frame, frame_hash
from sampling.prn import permanent_numbers

IDS = [f"m{number:02}" for number in range(12)]


def make_frame(order: list[int] | None = None, cells: tuple[str, ...] = ("resident", "worker"), **overrides):
    order = order if order is not None else list(range(12))
    u = permanent_numbers("s", IDS)
    names = np.array(["resident"] * 7 + ["worker"] * 5)
    fields = {
        "ids": np.array(IDS)[order],
        "cell": np.array([cells.index(name) for name in names])[order],
        "u": u[order],
        "ticket": (u + 1.0)[order],
        "active": (np.arange(12) != 3)[order],
        "cells": cells,
        "clocks": np.array([{"resident": 1.25, "worker": 0.75}[name] for name in cells]),
    }
    return Frame(**(fields | overrides))


def available_of(frame: Frame, resting: str = "m05") -> np.ndarray:
    return frame.active & (frame.ids != resting)


def test_hash_does_not_depend_on_rows_codes_or_width() -> None:
    frame = make_frame()
    wanted = frame_hash(frame, available=available_of(frame))
    shuffled = make_frame([5, 2, 9, 0, 11, 1, 7, 3, 10, 4, 6, 8], ("worker", "resident"))
    assert frame_hash(shuffled, available=available_of(shuffled)) == wanted
    wide = replace(frame, ids=frame.ids.astype("<U40"))
    assert frame_hash(wide, available=available_of(wide)) == wanted


@pytest.mark.parametrize(
    "change",
    [
        {"u": np.nextafter(permanent_numbers("s", IDS), 1)},
        {"ticket": permanent_numbers("s", IDS)},
        {"active": np.ones(12, dtype=bool)},
        {"cell": np.zeros(12, dtype=np.int64)},
        {"clocks": np.array([1.25, 0.5])},
        {"cells": ("resident", "visitor")},
        {"ids": np.array([f"n{number:02}" for number in range(12)])},
        {"ids": np.arange(12)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_hash_sees_every_part(change: dict) -> None:
    frame = make_frame()
    available = available_of(frame)
    assert frame_hash(replace(frame, **change), available=available) != frame_hash(frame, available=available)


def test_hash_sees_who_is_available() -> None:
    frame = make_frame()
    assert frame_hash(frame, available=available_of(frame, "m05")) != frame_hash(
        frame, available=available_of(frame, "m06")
    )


def test_an_id_twice_is_refused() -> None:
    frame = make_frame(ids=np.array([*IDS[:-1], "m00"]))
    with pytest.raises(SamplingError, match=r"twice.*Got: m00"):
        frame_hash(frame, available=frame.active)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cell": np.full(12, 2)}, "does not exist"),
        ({"cell": np.full(12, -1)}, "does not exist"),
        ({"cell": np.zeros(12, dtype=np.int32)}, "array cell does not fit"),
        ({"cell": np.zeros(11, dtype=np.int64)}, "array cell does not fit"),
        ({"u": np.full(12, 1.0)}, r"outside their range.*12 outside"),
        ({"u": np.full(12, np.nan)}, "outside their range"),
        ({"u": np.full(12, -0.1)}, "outside their range"),
        ({"ticket": np.zeros((12, 1))}, "array ticket does not fit"),
        ({"active": np.ones(12)}, "array active does not fit"),
        ({"clocks": np.zeros(3)}, "array clocks does not fit"),
        ({"cells": ("resident", "resident")}, "one name"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict, message: str) -> None:
    with pytest.raises(SamplingError, match=message):
        replace(make_frame(), **change)


def test_population_counts_the_active_resting_or_not() -> None:
    frame = make_frame()
    assert frame.population().tolist() == [6, 5]
    assert replace(frame, active=np.ones(12, dtype=bool)).population().tolist() == [7, 5]


def test_the_inactive_are_never_drawn_even_if_called_available() -> None:
    frame = make_frame()
    drawn = draw_cells(frame, np.ones(12, dtype=bool), {0: 12, 1: 12})
    assert "m03" not in frame.ids[drawn.selected]
    assert drawn.drawn.tolist() == [6, 5]
    assert drawn.shortfall.tolist() == [6, 7]


def test_a_draw_keeps_the_order_asked() -> None:
    frame = make_frame()
    drawn = draw_cells(frame, frame.active, {1: 2, 0: 3})
    assert drawn.cell.tolist() == [1, 1, 0, 0, 0]
    assert drawn.cells.tolist() == [1, 0]
    assert drawn.population.tolist() == [5, 6]
    assert drawn.probability.tolist() == [2 / 5, 2 / 5, 0.5, 0.5, 0.5]
    assert drawn.weight.sum() == pytest.approx(11)
    for code in (0, 1):
        assert np.diff(drawn.ticket_before[drawn.cell == code]).min() > 0


def test_a_draw_of_nobody_is_a_draw() -> None:
    frame = make_frame()
    for asked in ({}, {0: 0}):
        drawn = draw_cells(frame, frame.active, asked)
        assert drawn.selected.size == 0
        assert drawn.clocks_after.tolist() == frame.clocks.tolist()


@pytest.mark.parametrize(("asked", "message"), [({2: 1}, "does not exist"), ({0: -1}, "fewer than nobody")])
def test_draws_that_cannot_be_are_refused(asked: dict[int, int], message: str) -> None:
    frame = make_frame()
    with pytest.raises(SamplingError, match=message):
        draw_cells(frame, frame.active, asked)
