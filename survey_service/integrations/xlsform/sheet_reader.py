"""What whoever reads a part of the survey sheet needs: sheets, languages, a place for what is wrong."""

from dataclasses import dataclass

from survey_service.domain.errors import RowError
from survey_service.integrations.xlsform.columns import Row, Table


@dataclass
class SheetReader:
    """The survey sheet with its lists of choices; what is wrong with a row is added to `errors`."""

    survey: Table
    choices: Table
    lists: dict[str, list[Row]]
    languages: tuple[str, ...]
    errors: list[RowError]

    def refuse(self, row: Row, reason: str, field: str, *, hint: str | None = None) -> None:
        heading = self.survey.heading(field)
        self.errors.append(RowError(row.number, reason, column=heading, sheet=self.survey.sheet, hint=hint))
