"""The error family: every refusal says what happened, what was expected and what to do.

`web/errors.py` has the one table from error to page; the command line prints the same sentence and exits 1.
"""


class SurveyServiceError(Exception):
    """A refusal with a reason.

    `code` is a stable word for programs; `message` says what happened; `expected` and `got` are
    filled where a value was wrong; `hint` says what to do next.
    """

    code = "refused"

    def __init__(
        self,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        parts = [self.message]
        if self.expected is not None:
            parts.append(f"Expected: {self.expected}.")
        if self.got is not None:
            parts.append(f"Got: {self.got}.")
        if self.hint is not None:
            parts.append(self.hint)
        return " ".join(parts)


class NotFound(SurveyServiceError):
    """There is no such thing, or not for this person: the two look the same."""

    code = "not_found"


class NotAllowed(SurveyServiceError):
    """The person is known but their role does not cover this."""

    code = "not_allowed"


class Conflict(SurveyServiceError):
    """The state moved on: somebody else was first, or the step was done already."""

    code = "conflict"


class Closed(SurveyServiceError):
    """The survey takes no more answers."""

    code = "closed"


class LimitReached(SurveyServiceError):
    """A budget, a rest period or a rate limit says no."""

    code = "limit_reached"


class Unavailable(SurveyServiceError):
    """Something the service needs does not answer at this moment; trying again later is right."""

    code = "unavailable"


class SettingsError(SurveyServiceError):
    """A setting is missing or wrong; names the variable and how to mend it."""

    code = "settings"


class RowError(SurveyServiceError):
    """One row of a file is wrong; `row` counts as a spreadsheet does (the header is row 1)."""

    code = "row"

    def __init__(
        self,
        row: int,
        message: str,
        *,
        column: str | None = None,
        sheet: str | None = None,
        expected: str | None = None,
        got: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, expected=expected, got=got, hint=hint)
        self.row = row
        self.column = column
        self.sheet = sheet

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                f"sheet {self.sheet}" if self.sheet else None,
                f"row {self.row}",
                f"column {self.column}" if self.column else None,
            )
            if part
        )
        return f"{place}: {super().__str__()}"


class FileRefused(SurveyServiceError):
    """A file was refused whole; nothing of it was taken. `rows` holds each reason."""

    code = "file_refused"

    def __init__(self, message: str, rows: list[RowError], *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.rows = rows
