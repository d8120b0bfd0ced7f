"""The contact file as bytes: lines to records, with the row number of whatever is wrong.

Read as a stream; nothing but the current record is held, so a file of millions of rows needs no more
memory than one of ten.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from survey_service.domain.errors import FileRefused, RowError
from survey_service.domain.spreadsheet_cells import MARK, unguard_cell

Progress = Callable[[int, int], None]
"""Called now and then with the bytes read so far and the size of the file."""

PROGRESS_ROWS = 20_000
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class ContactFile:
    """A CSV file with a header. `records` yields each row's number and cells, or the error of the row."""

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self.path = path
        self.header: tuple[str, ...] = ()
        self._progress = progress
        self._row = 1

    def records(self) -> Iterator[tuple[int, dict[str, str] | RowError]]:
        """Yield the rows below the header; blank rows count but say nothing.

        After a row that is no CSV or no UTF-8 nothing more can be told apart, so it is the last one.
        """
        size = self.path.stat().st_size
        with self.path.open("rb") as file:
            reader = csv.reader(self._decode(file), strict=True)
            self._read_header(reader)
            while True:
                try:
                    record = next(reader, None)
                except UnicodeDecodeError as error:
                    yield self._row + 1, self._encoding_error(error)
                    return
                except csv.Error as error:
                    yield self._row + 1, RowError(self._row + 1, f"This is not CSV: {error}.")
                    return
                if record is None:
                    return
                self._row += 1
                if self._progress is not None and self._row % PROGRESS_ROWS == 0:
                    self._progress(file.tell(), size)
                if any(cell.strip() for cell in record):
                    yield self._row, self._to_cells(record)

    def _decode(self, file: BinaryIO) -> Iterator[str]:
        for number, line in enumerate(file):
            if number == 0 and line.startswith(_UTF16_MARKS):
                raise FileRefused(f"{self.path.name} is in UTF-16.", [], hint=_HINT)
            yield (line.removeprefix(_UTF8_MARK) if number == 0 else line).decode("utf-8")

    def _read_header(self, reader: Iterator[list[str]]) -> None:
        try:
            record = next(reader, [])
        except UnicodeDecodeError as error:
            raise FileRefused(f"{self.path.name} was not taken.", [self._encoding_error(error)]) from error
        except csv.Error as error:
            raise FileRefused(f"{self.path.name} is not a CSV file: {error}.", []) from error
        self.header = tuple(name.strip() for name in record)

    def _to_cells(self, record: list[str]) -> dict[str, str] | RowError:
        if len(record) != len(self.header):
            return RowError(
                self._row,
                "The row has another number of cells than the header.",
                expected=str(len(self.header)),
                got=str(len(record)),
                hint="A text with a comma needs quotation marks around it.",
            )
        cells = (cell.strip() for cell in record)
        if any(cell.startswith(MARK) for cell in record):
            cells = (unguard_cell(cell) for cell in cells)
        return dict(zip(self.header, cells, strict=True))

    def _encoding_error(self, error: UnicodeDecodeError) -> RowError:
        row = self._row if not self.header else self._row + 1
        return RowError(
            row, "The text is not in UTF-8.", got=f"byte {error.object[error.start]:#04x}", hint=_HINT
        )


_HINT = "Save it as CSV UTF-8."
