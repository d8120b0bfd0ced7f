"""`likelihood evaluate` on files: the keys that other programs rely on, and clear words for wrong files."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from survey_service.cli.likelihood import likelihood_group
from survey_service.domain.errors import SurveyServiceError
from survey_service.services.likelihood.evaluate_likelihood import evaluate_likelihood

KEYS = {
    "auc", "brier", "log_loss", "ece", "slope", "intercept", "base_brier", "chosen", "rows", "seconds",
}  # fmt: skip


def write_table(path: Path, rows: int = 1200, *, seed: int = 1) -> Path:
    """Invitations of six waves to people of two audiences, some fields empty."""
    rng = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["answered", "wave", "person", "audience", "tenure", "gift"])
        for number in range(rows):
            audience = rng.choice(["resident", "worker, part-time"])
            tenure = rng.integers(0, 40)
            chance = 0.15 + 0.3 * (audience == "resident") + 0.01 * tenure
            answered = int(rng.random() < chance)
            known = "" if rng.random() < 0.05 else str(tenure)
            day = f"2026-{1 + number % 6:02d}-01"
            writer.writerow([answered, day, f"p{number // 3}", audience, known, answered * 7])
    return path


def run(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(likelihood_group, ["evaluate", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_it_prints_one_object_with_the_keys_others_rely_on(tmp_path: Path) -> None:
    path = write_table(tmp_path / "waves.csv")
    found = run("--csv", str(path), "--target", "answered", "--time", "wave", "--id", "person", "--json")
    assert found.keys() >= KEYS
    assert found["rows"] == 1200
    assert found["time_aware"] is True
    assert found["predicted"] == 800  # the first two of six waves only teach
    assert found["left_out"] == {"gift": "it tells who answered: it was written down afterwards"}
    assert 0.6 < float(str(found["auc"])) < 0.8
    by_lot = run("--csv", str(path), "--target", "answered", "--id", "person", "--json")
    assert (by_lot["predicted"], by_lot["time_aware"]) == (1200, False)


def test_people_read_a_table(tmp_path: Path) -> None:
    path = write_table(tmp_path / "waves.csv", 400)
    done = CliRunner().invoke(
        likelihood_group, ["evaluate", "--csv", str(path), "--target", "answered", "--id", "person"]
    )
    assert done.exit_code == 0
    assert "auc\t0." in done.output
    assert "Left out: wave" not in done.output
    assert "Left out: gift" in done.output


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("", {}, "does not name every column"),
        ("a,a\n1,2\n", {}, "does not name every column"),
        ("a,b\n1,2\n", {"target": "c"}, "has no column c"),
        ("a,b\n1,2\n", {"time": "when"}, "has no column when"),
        ("a,b\n1,2\n1\n", {}, "Row 3 .* another number of values"),
        ("a,b\n1,2\n2,2\n", {}, "other values than 0 and 1"),
        ("a,b\n1,2\n,2\n", {}, "other values than 0 and 1"),
        ("a,b\n1,soon\n", {"time": "b"}, "has no time in the column b"),
        ("a,b\n1,2\n", {"time": "a"}, "different columns"),
        ("a,b\n1,2\n0,3\n", {}, "too few rows"),
        ("a,b\n" + "1,2\n" * 80, {}, "No column is left"),
        ("a,b\n" + "".join(f"1,{one}\n" for one in range(80)), {}, "too rare"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_scored_is_told_why(
    tmp_path: Path, text: str, options: dict[str, str], words: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SurveyServiceError, match=words):
        evaluate_likelihood(path, **({"target": "a"} | options))


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("a,b\n1,caf\xe9\n".encode("latin-1"))
    with pytest.raises(SurveyServiceError, match="not in UTF-8"):
        evaluate_likelihood(path, target="a")
