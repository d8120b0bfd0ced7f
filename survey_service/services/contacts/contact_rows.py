"""One row of a contact file: which columns there are, and what may stand in them.

Columns that must be there (a cell may be empty where the list says so):

* `reference`: the customer's own number for the person, unique, never reused;
* `audience`: the cell of the register, such as resident, worker, business, visitor;
* `name`, `email`, `mobile` (may be empty, but not the one the chosen channel needs);
* `language`: a code such as en, fr or zh-Hant (empty: en); `channel`: email, text, post or face_to_face;
* `unit`: the household or business the person answers for (empty: the person alone);
* `consent_survey`, `consent_newsletter`: yes or no (empty: no);
* `consent_source`, `consent_date`: where and when, needed for a yes.

May be there: `organisation`; the attributes `organisation_size`, `industry`, `source`; and any further
attribute as `attribute.<name>`. Another column is refused, since it is most often a slip.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import lru_cache

import msgspec
from babel import Locale, UnknownLocaleError

from survey_service.domain.errors import FileRefused, RowError
from survey_service.domain.suppression import fold_email

NEEDED = (
    "reference", "audience", "name", "email", "mobile", "language", "channel", "unit",
    "consent_survey", "consent_newsletter", "consent_source", "consent_date",
)  # fmt: skip
ATTRIBUTES = ("organisation_size", "industry", "source")
ATTRIBUTE_PREFIX = "attribute."
CHANNELS = ("email", "text", "post", "face_to_face")
KNOWN_AUDIENCES = ("resident", "worker", "business", "visitor")

_YES, _NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n", ""})
_LONGEST_CELL = 200
_FIRST_DAY = date(1990, 1, 1)
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]{1,64}@[^@\s.,;:<>()]+(?:\.[^@\s.,;:<>()]+)+")
_MOBILE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_MOBILE_NOISE = re.compile(r"[\s().-]")
_HOME_PREFIX = "+44"
_AUDIENCE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.ASCII)
_ATTRIBUTE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def is_audience(name: str) -> bool:
    """Tell whether a word can name an audience (it becomes part of the name of a cell)."""
    return _AUDIENCE.fullmatch(name) is not None


class ContactRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is right in itself."""

    row: int
    reference: str
    audience: str
    unit: str
    name: str
    email: str | None
    email_key: str | None
    mobile: str | None
    organisation: str | None
    """None where the file has no such column."""
    language: str
    channel: str
    attributes: dict[str, str]
    consent_survey: bool
    consent_newsletter: bool
    consent_source: str
    consent_at: datetime | None

    @property
    def kind(self) -> str:
        """Of the unit: what its people share."""
        if self.unit == self.reference:
            return "person"
        return "business" if self.audience == "business" else "household"


def read_attributes(file_name: str, header: Sequence[str]) -> dict[str, str]:
    """Check the header; return the attribute columns with the names of the attributes."""
    missing = [name for name in NEEDED if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    named = {
        name: name.removeprefix(ATTRIBUTE_PREFIX) for name in header if name.startswith(ATTRIBUTE_PREFIX)
    }
    attributes = {name: name for name in ATTRIBUTES if name in header} | named
    known = {*NEEDED, "organisation", *attributes}
    unknown = [name for name in header if name not in known]
    odd = [
        column for column, name in named.items() if not _ATTRIBUTE_NAME.fullmatch(name) or name in ATTRIBUTES
    ]
    problem = hint = ""
    if missing:
        problem, hint = f"has no column {', '.join(missing)}", f"It needs {', '.join(NEEDED)}."
        if len(header) == 1 and re.search(r"[;\t]", header[0]):
            hint = "Its cells must be separated by commas."
    elif twice:
        problem, hint = f"has the column {twice[0] or 'without a name'} twice", "Remove one of them."
    elif unknown:
        problem = f"has an unknown column {unknown[0]!r}"
        hint = f"Remove it, or call it {ATTRIBUTE_PREFIX}name to keep it as an attribute."
    elif odd:
        problem, hint = f"has a column {odd[0]!r}", "An attribute's name is lower-case letters, digits and _."
    if problem:
        raise FileRefused(f"{file_name} {problem}.", [], hint=hint)
    return attributes


class RowReader:
    """Reads rows; what it needs to know of the world is given once."""

    def __init__(
        self, attributes: Mapping[str, str], audiences: Collection[str], *, today: date, zone: tzinfo
    ) -> None:
        self._attributes = attributes
        self._audiences = sorted(audiences)
        self._today = today
        self._zone = zone

    def read(self, row: int, cells: Mapping[str, str]) -> ContactRow:
        """Return the row, or raise its first RowError."""
        _check_cells(row, cells)
        reference = _read_reference(row, cells, "reference")
        channel = _one_of(row, cells, "channel", CHANNELS)
        email, mobile = _read_email(row, cells), _read_mobile(row, cells)
        for name, address in (("email", email), ("text", mobile)):
            if channel == name and address is None:
                column = "email" if name == "email" else "mobile"
                raise _fault(row, cells, column, f"There is no address for the channel {name}.", "one")
        survey = _read_yes(row, cells, "consent_survey")
        newsletter = _read_yes(row, cells, "consent_newsletter")
        return ContactRow(
            row=row,
            reference=reference,
            audience=_one_of(row, cells, "audience", self._audiences),
            unit=_read_reference(row, cells, "unit") if cells["unit"] else reference,
            name=cells["name"],
            email=email,
            email_key=fold_email(email) if email else None,
            mobile=mobile,
            organisation=cells.get("organisation"),
            language=_read_language(row, cells),
            channel=channel,
            attributes={name: cells[column] for column, name in self._attributes.items() if cells[column]},
            consent_survey=survey,
            consent_newsletter=newsletter,
            consent_source=_read_source(row, cells, survey or newsletter),
            consent_at=self._read_day(row, cells, survey or newsletter),
        )

    def _read_day(self, row: int, cells: Mapping[str, str], is_needed: bool) -> datetime | None:
        text = cells["consent_date"]
        if not text and not is_needed:
            return None
        moment = _read_moment(text, self._zone)
        if moment is None:
            raise _fault(row, cells, "consent_date", "This is no day.", "a day such as 2026-01-31")
        if not _FIRST_DAY <= moment.date() <= self._today:
            expected = f"a day from {_FIRST_DAY} to {self._today}"
            raise _fault(row, cells, "consent_date", "Nobody can have consented that day.", expected)
        return moment


@lru_cache(maxsize=10_000)
def _read_moment(text: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _check_cells(row: int, cells: Mapping[str, str]) -> None:
    # The whole row at once first: nearly every row passes, and a register may have millions.
    if "".join(cells.values()).isprintable() and max(map(len, cells.values())) <= _LONGEST_CELL:
        return
    for column, cell in cells.items():
        if not cell.isprintable() or len(cell) > _LONGEST_CELL:
            expected = f"{_LONGEST_CELL} printable characters at most"
            raise _fault(row, cells, column, "The cell cannot be kept.", expected)


def _fault(row: int, cells: Mapping[str, str], column: str, message: str, expected: str) -> RowError:
    return RowError(row, message, column=column, expected=expected, got=repr(cells[column][:60]))


def _one_of(row: int, cells: Mapping[str, str], column: str, names: Collection[str]) -> str:
    if cells[column] not in names:
        raise _fault(row, cells, column, f"There is no such {column}.", ", ".join(names))
    return cells[column]


def _read_reference(row: int, cells: Mapping[str, str], column: str) -> str:
    if not 1 <= len(cells[column]) <= 80:
        raise _fault(row, cells, column, f"There is no usable {column}.", "1 to 80 characters")
    return cells[column]


def read_email(text: str) -> str | None:
    """Return an e-mail address, or None for what is none."""
    text = text.strip()
    return text if len(text) <= _LONGEST_CELL and _EMAIL.fullmatch(text) else None


def read_mobile(text: str) -> str | None:
    """Return a mobile number in its international form, or None for what is none."""
    try:
        return _read_mobile(0, {"mobile": text[:_LONGEST_CELL]})
    except RowError:
        return None


def _read_email(row: int, cells: Mapping[str, str]) -> str | None:
    email = cells["email"]
    if email and not _EMAIL.fullmatch(email):
        raise _fault(row, cells, "email", "This is no e-mail address.", "name@example.org")
    return email or None


def _read_mobile(row: int, cells: Mapping[str, str]) -> str | None:
    number = _MOBILE_NOISE.sub("", cells["mobile"])
    if not number:
        return None
    if number.startswith("00"):
        number = f"+{number[2:]}"
    elif number.startswith("0"):
        number = f"{_HOME_PREFIX}{number[1:]}"
    if not _MOBILE.fullmatch(number):
        raise _fault(row, cells, "mobile", "This is no mobile number.", "a number such as +447700900123")
    return number


def _read_yes(row: int, cells: Mapping[str, str], column: str) -> bool:
    answer = cells[column].lower()
    if answer not in _YES and answer not in _NO:
        raise _fault(row, cells, column, "This is neither yes nor no.", "yes or no")
    return answer in _YES


def _read_source(row: int, cells: Mapping[str, str], is_needed: bool) -> str:
    if is_needed and not cells["consent_source"]:
        raise _fault(row, cells, "consent_source", "A consent needs its source.", "where it was given")
    return cells["consent_source"]


def _read_language(row: int, cells: Mapping[str, str]) -> str:
    code = (cells["language"] or "en").replace("-", "_")
    if not is_language(code):
        raise _fault(row, cells, "language", "This is no language we know.", "a code such as en or fr")
    return code


@lru_cache(maxsize=1_000)
def is_language(code: str) -> bool:
    """Tell whether a word is the code of a language."""
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return len(code) <= 20
