"""The container of .xls files: read when it holds together, refused when it does not, never for ever."""

import os
import random
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_service.domain.errors import FileRefused
from survey_service.integrations.xlsform import read_xlsform
from survey_service.integrations.xlsform.compound import DamagedContainer, read_workbook_stream, signature
from tests.surveys.load import read_or_refuse

free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def make_entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    head = text.ljust(64, b"\x00") + struct.pack("<HB", len(text), kind)
    return head.ljust(116, b"\x00") + struct.pack("<III", start, size, 0)


def make_container(
    content: bytes, *, name: str = "Workbook", cutoff: int = 0, links: dict[int, int]
) -> bytes:
    """Sector 0 the allocation table, 1 the directory, 2 and on the content; `links` overrides the table."""
    count = -(-len(content) // SECTOR)
    table = [fat_mark, end, *range(3, count + 2), end]
    table += [free] * (128 - len(table))
    for at, value in links.items():
        table[at] = value
    header = signature + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<8I", 1, 1, 0, 0, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    root = make_entry("Root Entry", 5, end, 0)
    directory = (root + make_entry(name, 2, 2, len(content))).ljust(SECTOR, b"\x00")
    return header + struct.pack("<128I", *table) + directory + content.ljust(count * SECTOR, b"\x00")


content = bytes(range(256)) * 7


@pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "Book"])
def test_the_stream_of_the_workbook_is_found_and_put_together(name: str) -> None:
    assert read_workbook_stream(make_container(content, name=name, links={})) == content


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ({3: 2}, "circle"),
        ({4: 4}, "circle"),
        ({1: 1}, "circle"),
        ({3: 120}, "behind the end"),
        ({3: 70_000}, "out of the table"),
    ],
)
def test_chains_that_lead_nowhere_or_in_circles_are_refused(links: dict[int, int], reason: str) -> None:
    with pytest.raises(DamagedContainer, match=reason):
        read_workbook_stream(make_container(content, links=links))


def test_a_container_of_something_else_is_refused() -> None:
    with pytest.raises(DamagedContainer, match="no workbook"):
        read_workbook_stream(make_container(content, name="WordDocument", links={}))
    with pytest.raises(FileRefused, match="damaged or protected"):
        read_xlsform(make_container(content, name="WordDocument", links={}))
    with pytest.raises(FileRefused, match="damaged or protected"):
        read_xlsform(make_container(content, links={}))


def test_a_header_that_lies_is_refused() -> None:
    intact = make_container(content, links={})
    for damaged in (
        intact[:100],
        intact[:30] + struct.pack("<H", 40) + intact[32:],
        intact[:76] + struct.pack("<109I", *[0] * 109) + intact[512:],
    ):
        with pytest.raises(DamagedContainer):
            read_workbook_stream(damaged)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_damaged_workbooks_made_by_others_are_read_or_refused(seed: int, count: int) -> None:
    folder = Path(os.environ.get("XLSFORMS", "../shared/xlsforms"))
    paths = sorted(folder.glob("*.xls"))
    if not folder.is_dir() and "CI" in os.environ:
        pytest.fail(f"no folder {folder}; set XLSFORMS")
    if not paths:
        pytest.skip(f"no .xls files in {folder}; set XLSFORMS to try them")
    rng = random.Random(seed)
    data = bytearray(rng.choice(paths).read_bytes())
    for _ in range(count):
        data[rng.randrange(8, len(data))] = rng.randrange(256)

    assert read_or_refuse(bytes(data))
