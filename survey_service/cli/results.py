"""`survey-service results`: the results of a survey for other programs."""

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json
from survey_service.services.questionnaires.measure_length import list_question_seconds
from survey_service.services.results.count_dispositions import count_dispositions
from survey_service.services.results.review_survey import export_results
from survey_service.services.results.write_results import results_as_csv, results_as_json

FORMATS = ("json", "csv")


def check_format(_: click.Context, __: click.Parameter, value: str) -> str:
    """Refuse a format there is no writer for."""
    if value not in FORMATS:
        raise click.BadParameter(f"{value} cannot be written. Choose one of: {', '.join(FORMATS)}.")
    return value


@click.command("results")
@click.argument("survey")
@click.option(
    "--by", metavar="QUESTION", help="Break the sample's results down by the answers to this question."
)
@click.option(
    "--format", "format_", default="json", show_default=True, callback=check_format, help="json or csv."
)
@click.option(
    "--dispositions",
    is_flag=True,
    help="Instead: what became of the invitations, and AAPOR's rates, as JSON.",
)
@click.option("--seconds", is_flag=True, help="Instead: how long people are busy with each question.")
def results_command(survey: str, by: str | None, format_: str, dispositions: bool, seconds: bool) -> None:
    """Print the results of SURVEY: the sample with margins of error, the open link apart.

    Small cells are hidden and counts rounded to five, as on the review pages.
    """
    if seconds:
        questions = run_with_database(
            lambda settings: list_question_seconds(survey, small_cell=settings.small_cell)
        )
        tell_json({"survey": survey, "questions": questions})
        return
    if dispositions:
        tell_json(
            run_with_database(lambda settings: count_dispositions(survey, small_cell=settings.small_cell))
        )
        return
    results = run_with_database(
        lambda settings: export_results(survey, small_cell=settings.small_cell, by=by)
    )
    if format_ == "csv":
        click.echo(results_as_csv(results), nl=False)
    else:
        tell_json(results_as_json(results))
