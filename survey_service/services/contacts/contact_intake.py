"""Rows of a contact file on their way to the database: checked, numbered and placed, batch by batch."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, tzinfo
from itertools import islice

import msgspec
import numpy as np

from sampling.prn import permanent_numbers
from sampling.tickets import place_tickets
from survey_service.db.incoming_contact import Record
from survey_service.domain.errors import RowError
from survey_service.domain.suppression import SuppressedKind, hash_suppressed
from survey_service.services.contacts.contact_file import ContactFile
from survey_service.services.contacts.contact_rows import ContactRow, RowReader, read_attributes

MOST_ERRORS = 100
_BATCH = 5_000


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What the register knows already that a single row is checked against or placed by."""

    seed: str
    clocks: Mapping[str, float]
    """Clock of each audience's queue; one that is missing is new and stands at 0."""
    audiences: Collection[str]
    arm_share: float
    """Of the units that join, in the randomised arm."""
    suppressed: Collection[bytes]
    secret_key: bytes
    today: date
    zone: tzinfo


class Intake:
    """`records` streams the rows that are right; `errors` holds the first reasons against the others."""

    def __init__(self, file: ContactFile, surroundings: Surroundings) -> None:
        self.errors: list[RowError] = []
        self.error_count = 0
        self.attributes: tuple[str, ...] = ()
        """Attributes the file has columns for."""
        self._file = file
        self._known = surroundings

    @property
    def header(self) -> tuple[str, ...]:
        """The file's columns, once it was read."""
        return self._file.header

    def refuse(self, error: RowError) -> None:
        """Count a reason against the file, and keep it if it is among the first."""
        self.error_count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)

    def records(self) -> Iterator[Record]:
        """Yield what `incoming_contact.copy_incoming` takes."""
        rows = self._rows()
        while batch := list(islice(rows, _BATCH)):
            yield from to_records(batch, self._known)

    def _rows(self) -> Iterator[ContactRow]:
        reader: RowReader | None = None
        for number, cells in self._file.records():
            reader = reader or self._make_reader()
            try:
                if isinstance(cells, RowError):
                    raise cells
                row = reader.read(number, cells)
                self._check_suppressed(row)
            except RowError as error:
                self.refuse(error)
            else:
                yield row
        if reader is None:  # no rows at all: the header is still to be judged
            self._make_reader()

    def _make_reader(self) -> RowReader:
        attributes = read_attributes(self._file.path.name, self._file.header)
        self.attributes = tuple(attributes.values())
        return RowReader(attributes, self._known.audiences, today=self._known.today, zone=self._known.zone)

    def _check_suppressed(self, row: ContactRow) -> None:
        if not self._known.suppressed:
            return
        values: tuple[tuple[SuppressedKind, str | None], ...] = (
            ("email", row.email_key), ("mobile", row.mobile), ("reference", row.reference),
        )  # fmt: skip
        for kind, value in values:
            if value and hash_suppressed(self._known.secret_key, kind, value) in self._known.suppressed:
                message = "This person was erased and must not be taken in again."
                raise RowError(row.row, message, column=kind, hint="Remove the row.")


def to_records(batch: Sequence[ContactRow], known: Surroundings) -> Iterator[Record]:
    """Number and place rows, whether they come from a file or from people who join."""
    unit_prn = permanent_numbers(known.seed, (row.unit for row in batch))
    prn = permanent_numbers(known.seed, (f"person|{row.reference}" for row in batch))
    lots = permanent_numbers(known.seed, (f"arm|{row.unit}" for row in batch))
    clock = np.array([known.clocks.get(row.audience, 0.0) for row in batch], dtype=np.float64)
    ticket = place_tickets(unit_prn, clock)
    columns = (unit_prn.tolist(), ticket.tolist(), prn.tolist())
    in_arm = (lots < known.arm_share).tolist()
    for row, *numbers in zip(batch, *columns, in_arm, strict=True):
        yield (
            row.row, row.reference, row.audience, row.unit, row.kind, row.name, row.email, row.email_key,
            row.mobile, row.organisation, row.language, row.channel,
            msgspec.json.encode(row.attributes).decode(), row.consent_survey, row.consent_newsletter,
            row.consent_source, row.consent_at, *numbers,
        )  # fmt: skip
