"""Whoever has the whole database tries to find out who gave which answers.

Every row that leads to an invited person is one side, every row of an answer the other, each with all its
columns and with what PostgreSQL itself keeps: where a row lies (ctid) and which transaction wrote it (xmin).
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import product
from math import sqrt

import msgspec
import numpy as np

from survey_service.db import engine

_chance = np.random.default_rng(26)

Value = float | str
Columns = dict[str, dict[int, Value]]
"""Name of a column to the value each person, or answer, has in it."""


class Side(msgspec.Struct, frozen=True):
    """People or answers: what is known of each, and which cell of the sample it belongs to."""

    columns: Columns
    cell: dict[int, str]


async def read_people(survey: int) -> Side:
    """Everybody who answered, by contact: every row of every table that leads to them."""
    people = await _rows(
        """SELECT i.contact AS person, i.id AS invitation, c.pseudonym, c.unit, s.name AS cell
           FROM invitation i JOIN wave w ON w.id = i.wave JOIN contact c ON c.id = i.contact
           JOIN draw_member m ON m.id = i.draw_member JOIN stratum s ON s.id = m.stratum
           WHERE w.survey = $1 AND i.state = 'answered'""",
        survey,
    )
    columns: Columns = defaultdict(dict)
    own = {"contact": "person", "invitation": "invitation", "pseudonym": "pseudonym", "unit": "unit"}
    for table, column in await _columns_named(*own):
        known = {str(one[own[column]]): int(str(one["person"])) for one in people}
        await _read(columns, table, column, known)
    for table, key in (("contact", "person"), ("invitation", "invitation"), ("unit", "unit")):
        await _read(columns, table, "id", {str(one[key]): int(str(one["person"])) for one in people})
    return Side(columns, {int(str(one["person"])): str(one["cell"]) for one in people})


async def read_answers(survey: int) -> tuple[Side, dict[int, int]]:
    """Every answer of the sample by its number; and the secret that the test let each person give (q3)."""
    rows = await _rows(
        """SELECT r.id, coalesce(s.name, m.name, '') AS cell, a.number_value AS secret FROM response r
           JOIN answer a ON a.response = r.id AND a.question = 'q3'
           LEFT JOIN stratum s ON s.id = r.stratum LEFT JOIN invitation i ON i.id = r.invitation
           LEFT JOIN draw_member d ON d.id = i.draw_member LEFT JOIN stratum m ON m.id = d.stratum
           WHERE r.survey = $1""",
        survey,
    )
    columns: Columns = defaultdict(dict)
    known = {str(one["id"]): int(str(one["id"])) for one in rows}
    await _read(columns, "response", "id", known)
    for table, column in await _columns_named("response"):
        await _read(columns, table, column, known)
    # What was answered is no clue: that the test made it one is its own doing.
    for name in ("answer.number_value", "answer.text_value", "answer.option"):
        columns.pop(name, None)
    cells = {int(str(one["id"])): str(one["cell"]) for one in rows}
    return Side(columns, cells), {int(str(one["id"])): int(float(str(one["secret"]))) for one in rows}


def best_equality(people: Side, answers: Side, truth: Mapping[int, int]) -> tuple[float, str]:
    """The pair of columns whose equal values find most answers, and how many: guessing among equals."""
    best = (0.0, "nothing")
    for (left, theirs), (right, given) in product(people.columns.items(), answers.columns.items()):
        found: dict[Value, set[int]] = defaultdict(set)
        for answer, value in given.items():
            found[value].add(answer)
        score = sum(
            1 / len(found[value]) for person, value in theirs.items() if truth[person] in found.get(value, ())
        )
        best = max(best, (score, f"{left} = {right}"))
    return best


def best_order(people: Side, answers: Side, truth: Mapping[int, int]) -> tuple[float, float, str]:
    """The pair of columns whose orders agree most inside the cells.

    Returns how many are found by laying one order beside the other, the largest correlation of ranks in
    standard errors, and the pair that gave it.
    """
    hits, best = 0.0, (0.0, "nothing")
    cells = sorted(set(people.cell.values()))
    for (left, theirs), (right, given) in product(people.columns.items(), answers.columns.items()):
        found, total, spread = {1: 0, -1: 0}, 0.0, 0.0
        for cell in cells:
            in_cell = [one for one, own in people.cell.items() if own == cell]
            if any(one not in theirs for one in in_cell) or len(in_cell) < 3:
                continue
            if any(truth[one] not in given for one in in_cell):
                continue
            ours = _ranks([theirs[one] for one in in_cell])
            true = _ranks([given[truth[one]] for one in in_cell])
            for way in found:
                # Who has the n-th place on one side has the n-th on the other.
                found[way] += int(np.sum(_places(ours) == _places(way * true)))
            if ours.std() and true.std():
                total += float(np.corrcoef(ours, true)[0, 1]) * (len(in_cell) - 1)
                spread += len(in_cell) - 1
        hits = max(hits, *found.values())
        if spread:
            best = max(best, (abs(total) / sqrt(spread), f"{left} ~ {right}"))
    return hits, *best


def _places(ranks: np.ndarray) -> np.ndarray:
    """The place of each in a row; who shares a rank stands there by chance."""
    return np.argsort(np.argsort(ranks + _chance.random(ranks.size) / 2))


def _ranks(values: list[Value]) -> np.ndarray:
    ordered = sorted(set(values), key=lambda value: (isinstance(value, str), value))
    place = {value: at for at, value in enumerate(ordered)}
    return np.array([place[value] for value in values], dtype=float)


async def _columns_named(*names: str) -> list[tuple[str, str]]:
    rows = await _rows(
        """SELECT c.table_name, c.column_name FROM information_schema.columns c
           JOIN information_schema.tables t USING (table_schema, table_name)
           WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name = ANY ($1)
           ORDER BY 1, 2""",
        list(names),
    )
    return [(str(row["table_name"]), str(row["column_name"])) for row in rows]


async def _read(columns: Columns, table: str, column: str, known: Mapping[str, int]) -> None:
    """Every column of the rows of a table that belong to somebody; of several rows the last one."""
    rows = await _rows(
        f"""SELECT x."{column}"::text AS owner, x.ctid::text AS "ctid", x.xmin::text AS "xmin",
                to_jsonb(x) - $2::text AS rest
            FROM "{table}" x WHERE x."{column}"::text = ANY ($1) ORDER BY x.ctid""",
        list(known),
        "" if column == "id" else column,
    )
    for row in rows:
        values = msgspec.json.decode(str(row["rest"])) | {"ctid": row["ctid"], "xmin": row["xmin"]}
        for name, value in values.items():
            if value is not None and not isinstance(value, list | dict):
                columns[f"{table}.{name}"][known[str(row["owner"])]] = _value(value)


def _value(value: object) -> Value:
    """Numbers as numbers; a place in a table as one; everything else, times too, sorts as its text."""
    text = str(value)
    if place := re.fullmatch(r"\((\d+),(\d+)\)", text):
        return int(place[1]) * 100_000.0 + int(place[2])
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


async def _rows(statement: str, *arguments: object) -> list[dict[str, object]]:
    async with engine.connection() as connection:
        return [dict(row) for row in await connection.fetch(statement, *arguments)]
