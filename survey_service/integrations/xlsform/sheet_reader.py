"""What whoever reads a part of the survey sheet needs: sheets, languages, a place for what is wrong."""

from survey_service.domain.errors import RowError
from survey_service.integrations.xlsform.columns import Row, Table


class SheetReader:
    """The survey sheet with its lists of choices; what is wrong with a row is added to `errors`."""

    def __init__(
        self,
        survey: Table,
        choices: Table,
        lists: dict[str, list[Row]],
        languages: tuple[str, ...],
        errors: list[RowError],
    ) -> None:
        self.survey = survey
        self.choices = choices
        self.lists = lists
        self.languages = languages
        self.errors = errors

    def refuse(self, row: Row, reason: str, field: str, *, hint: str | None = None) -> None:
        heading = self.survey.heading(field)
        self.errors.append(RowError(row.number, reason, column=heading, sheet=self.survey.sheet, hint=hint))
