"""The container of an .xls file: a small file system ("compound file", Microsoft MS-CFB) in one file.

xlrd can read it too, but follows a damaged chain of sectors in circles until the memory is full. Here
every chain ends after as many sectors as the file has.
"""

import struct
from collections.abc import Iterable, Iterator

signature = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_header_size = 512
_entry_size = 128
_header_fat_entries = 109
_last_sector = 0xFFFFFFFA
"""Numbers from here on mark the end of a chain or a free sector."""


class DamagedContainer(ValueError):
    """The container does not hold together."""


def read_workbook_stream(data: bytes) -> bytes:
    """The stream named Workbook (Book before Excel 97), which holds the sheets."""
    container = _Container(data)
    entries = {name.lower(): (start, size) for name, start, size in container.entries()}
    for name in ("workbook", "book"):
        if name in entries:
            return container.read_stream(*entries[name])
    raise DamagedContainer("the container holds no workbook")


class _Container:
    def __init__(self, data: bytes) -> None:
        if len(data) < _header_size:
            raise DamagedContainer("the header is cut off")
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        self.first_entry, _, self.mini_cutoff, self.first_mini = struct.unpack_from("<4I", data, 48)
        if shift not in (9, 12) or mini_shift != 6:
            raise DamagedContainer("the sectors have an impossible size")
        self.data = data
        self.sector_size = 1 << shift
        self.mini_size = 1 << mini_shift
        self.fat = self.read_table(self.fat_sectors())
        self.directory = self.read_chain(self.first_entry)
        self.mini_fat = self.read_table(self.chain(self.first_mini, self.fat))
        root = next(self.entries(), None)
        self.mini_stream = self.read_chain(root[1]) if root else b""

    def sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_size
        if start >= len(self.data):
            raise DamagedContainer("a sector lies behind the end of the file")
        return self.data[start : start + self.sector_size]

    def fat_sectors(self) -> list[int]:
        """Numbers of the sectors that hold the allocation table.

        The 109 that the header lists cover files of seven megabytes, more than is accepted here.
        """
        numbers = struct.unpack_from(f"<{_header_fat_entries}I", self.data, 76)
        used = [number for number in numbers if number < _last_sector]
        if len(used) > len(self.data) // self.sector_size:
            raise DamagedContainer("the allocation table is larger than the file")
        return used

    def read_table(self, sectors: Iterable[int]) -> list[int]:
        content = b"".join(self.sector(number) for number in sectors)
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))

    def chain(self, number: int, table: list[int]) -> Iterator[int]:
        """The sectors of a chain; each can be in it once, so all of them fit into the file."""
        step = self.sector_size if table is self.fat else self.mini_size
        for _ in range(len(self.data) // step):
            if number >= _last_sector:
                return
            if number >= len(table):
                raise DamagedContainer("a chain leads out of the table")
            yield number
            number = table[number]
        if number < _last_sector:
            raise DamagedContainer("a chain runs in a circle")

    def read_chain(self, start: int) -> bytes:
        return b"".join(self.sector(number) for number in self.chain(start, self.fat))

    def entries(self) -> Iterator[tuple[str, int, int]]:
        """Name, first sector and size of each file."""
        for at in range(0, len(self.directory) - _entry_size + 1, _entry_size):
            length, kind = struct.unpack_from("<HB", self.directory, at + 64)
            start, size = struct.unpack_from("<II", self.directory, at + 116)
            if kind:
                name = self.directory[at : at + min(max(length - 2, 0), 62)]
                yield name.decode("utf-16-le", "replace"), start, size

    def read_stream(self, start: int, size: int) -> bytes:
        if size >= self.mini_cutoff:
            return self.read_chain(start)[:size]
        parts = (number * self.mini_size for number in self.chain(start, self.mini_fat))
        return b"".join(self.mini_stream[at : at + self.mini_size] for at in parts)[:size]
