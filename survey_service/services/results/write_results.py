"""Results for other programs: one JSON object, or one CSV row per estimate."""

import csv
import io

import msgspec

from survey_service.domain.results import Estimate, Group, Mean, QuestionResult, Results
from survey_service.domain.spreadsheet_cells import guard_cell

CSV_COLUMNS = (
    "survey", "origin", "question", "question_label", "group", "group_label", "option", "option_label",
    "base", "n", "share", "low", "high", "mean", "mean_low", "mean_high", "suppressed", "unreliable",
    "part_of", "declined", "retired",
)  # fmt: skip


def results_as_json(results: Results) -> dict[str, object]:
    """The keys other programs rely on; hidden numbers are null and marked `suppressed`."""
    sample = msgspec.to_builtins(results.sample)
    sample["by_stratum"] = {row.pop("name"): row for row in sample["by_stratum"]}
    channels = msgspec.to_builtins(results.open.by_channel)
    return {
        "survey": results.survey,
        "title": results.title,
        "state": results.state,
        "population": "register",
        "by": results.by,
        "sample": sample,
        "questions": msgspec.to_builtins(results.questions),
        "open": {
            "answered": results.open.answered,
            "by_channel": {row.pop("channel"): row for row in channels},
            "questions": msgspec.to_builtins(results.open_questions),
        },
    }


def results_as_csv(results: Results) -> str:
    """One row per option or mean; an empty field is a hidden number or one that does not exist."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS, restval="")
    writer.writeheader()
    for origin, questions in (("sample", results.questions), ("open", results.open_questions)):
        for question in questions:
            fixed: dict[str, object] = {
                "survey": results.survey,
                "origin": origin,
                "question": question.name,
                "question_label": question.label,
                "part_of": question.part_of,
                "declined": question.declined,
                "retired": question.retired,
            }
            _write_rows(writer, fixed, question)
            for group in question.groups:
                _write_rows(writer, {**fixed, "group": group.option, "group_label": group.label}, group)
    return text.getvalue()


def _write_rows(
    writer: "csv.DictWriter[str]", fixed: dict[str, object], part: QuestionResult | Group
) -> None:
    """A row for each estimate; one for the whole where there is a mean of it, or no estimate."""
    shared = {**fixed, "base": part.n, "unreliable": part.unreliable}
    rows = [{**shared, **_estimate_row(estimate)} for estimate in part.estimates]
    if part.mean is not None or not part.estimates:
        rows.append({**shared, **_mean_row(part.mean), "suppressed": part.suppressed})
    writer.writerows(
        {name: guard_cell(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    )


def _mean_row(mean: Mean | None) -> dict[str, object]:
    if mean is None:
        return {}
    return {"mean": mean.value, "mean_low": mean.low, "mean_high": mean.high}


def _estimate_row(estimate: Estimate) -> dict[str, object]:
    return {
        "option": estimate.option,
        "option_label": estimate.label,
        "n": estimate.n,
        "share": estimate.share,
        "low": estimate.low,
        "high": estimate.high,
        "suppressed": estimate.suppressed,
        "retired": estimate.retired,
        **_mean_row(estimate.mean),
    }
