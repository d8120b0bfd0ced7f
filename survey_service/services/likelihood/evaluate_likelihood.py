"""How well response likelihood would have predicted on any table of invitations and outcomes."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import msgspec
import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import ModelError
from models.evaluation import evaluate
from models.features import MISSING, find_leaks, read_features, without
from models.folds import find_periods
from models.likelihood import History, check_history
from survey_service.domain.errors import SurveyServiceError

YES = frozenset({"1", "1.0", "yes", "true"})
NO = frozenset({"0", "0.0", "no", "false"})
SHOWN = 5
"""Rows that are named when many are wrong."""


class LikelihoodEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """The keys are those other programs rely on; `predicted` is how many of the rows were scored."""

    auc: float
    brier: float
    log_loss: float
    ece: float
    slope: float
    intercept: float
    base_brier: float
    chosen: str
    rows: int
    seconds: float
    predicted: int
    time_aware: bool
    left_out: dict[str, str]
    """Columns that taught nothing, each with the reason."""


def evaluate_likelihood(
    path: Path,
    *,
    target: str,
    time: str | None = None,
    person: str | None = None,
    stratum: str | None = None,
    seed: int = 0,
) -> LikelihoodEvaluation:
    """Run the whole procedure (gaps, categories, choice, calibration) on a CSV file, and score it.

    With the column of the time only the future is predicted, from its past. With that of the person nobody
    teaches and is predicted at once. Neither of them is a feature.
    """
    started = perf_counter()
    columns = _read_columns(path)
    _check_names(path, columns, {"target": target, "time": time, "id": person, "stratum": stratum})
    answered = _read_outcome(path, target, columns.pop(target))
    periods = None if time is None else _read_times(path, time, columns.pop(time))
    people = None if person is None else _number(columns.pop(person))
    try:
        features, left_out = read_features(columns)
        check_history(History(features, answered))
        leaks = find_leaks(features, answered)
        history = History(without(features, leaks), answered, periods, people)
        found = evaluate(history, stratum=stratum, seed=seed)
    except ModelError as error:
        raise SurveyServiceError(
            error.message, expected=error.expected, got=error.got, hint=error.hint
        ) from error
    scores = found.scores
    return LikelihoodEvaluation(
        auc=scores.auc,
        brier=scores.brier,
        log_loss=scores.log_loss,
        ece=scores.ece,
        slope=scores.slope,
        intercept=scores.intercept,
        base_brier=scores.base_brier,
        chosen=found.chosen,
        rows=found.rows,
        seconds=round(perf_counter() - started, 2),
        predicted=found.predicted,
        time_aware=found.is_time_aware,
        left_out=left_out | leaks,
    )


def _read_columns(path: Path) -> dict[str, list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            names = [one.strip() for one in next(rows, [])]
            _check_header(path, names)
            table = []
            for number, row in enumerate(rows, 2):
                if row and len(row) != len(names):
                    raise SurveyServiceError(
                        f"Row {number} of {path.name} has another number of values than the first.",
                        expected=f"{len(names)}",
                        got=f"{len(row)}",
                        hint="Put values that hold a comma into double quotes.",
                    )
                if row:
                    table.append(row)
    except UnicodeDecodeError as error:
        raise SurveyServiceError(f"{path.name} is not in UTF-8.", hint="Save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise SurveyServiceError(f"{path.name} cannot be read as CSV: {error}.") from error
    return {name: [row[place] for row in table] for place, name in enumerate(names)}


def _check_header(path: Path, names: Sequence[str]) -> None:
    twice = sorted({one for one in names if names.count(one) > 1})
    if not names or "" in names or twice:
        raise SurveyServiceError(
            f"The first row of {path.name} does not name every column once.",
            got=", ".join(twice) if twice else None,
            hint="Give each column a name of its own.",
        )


def _check_names(path: Path, columns: dict[str, list[str]], wanted: dict[str, str | None]) -> None:
    for option, name in wanted.items():
        if name is not None and name not in columns:
            raise SurveyServiceError(
                f"{path.name} has no column {name} (--{option}).", expected=f"one of {', '.join(columns)}"
            )
    named = [name for option, name in wanted.items() if name is not None and option != "stratum"]
    if len(set(named)) < len(named):
        raise SurveyServiceError("Target, time and id have to be different columns.", got=", ".join(named))


def _read_outcome(path: Path, name: str, texts: list[str]) -> np.ndarray:
    words = [one.strip().lower() for one in texts]
    wrong = [number for number, one in enumerate(words, 2) if one not in YES | NO]
    if wrong:
        rows = ", ".join(map(str, wrong[:SHOWN])) + (" …" if len(wrong) > SHOWN else "")
        raise SurveyServiceError(
            f"The column {name} of {path.name} holds other values than 0 and 1 ({len(wrong)} rows: {rows}).",
            expected="1 or yes where somebody answered, 0 or no where not",
            got=repr(texts[wrong[0] - 2]),
        )
    return np.array([one in YES for one in words], dtype=np.bool_)


def _read_times(path: Path, name: str, texts: list[str]) -> IntArray:
    moments: FloatArray = np.empty(len(texts))
    for place, text in enumerate(texts):
        try:
            moments[place] = _read_moment(text.strip())
        except ValueError as error:
            raise SurveyServiceError(
                f"Row {place + 2} of {path.name} has no time in the column {name}.",
                expected="a number, or a date like 2026-11-24",
                got=repr(text),
            ) from error
    return find_periods(moments)


def _read_moment(text: str) -> float:
    if text.lower() in MISSING:
        raise ValueError
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(texts: list[str]) -> IntArray:
    return np.unique(np.asarray(texts, dtype=np.str_), return_inverse=True)[1].astype(np.int64)
