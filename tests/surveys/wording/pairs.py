"""The pairs of questions that the weights are fitted on, and what follows from them."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
LISTS = ("tuned", "unseen", "further")
"""`tuned` and `unseen` are the first 400 pairs, written for the first matcher; `further` came later.
`blind.tsv` stands outside: nothing was made from it, so it tells what to expect of new questions."""


class Pair(NamedTuple):
    """Two questions, and whether they ask the same."""

    is_same: bool
    one: str
    other: str


def read_pairs(path: Path) -> list[Pair]:
    """Read a list: a heading, then `yes` or `no`, a question and another in each line, parted by tabs."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    return [Pair(row[0] == "yes", row[1], row[2]) for row in rows if row[0] in ("yes", "no")]


def read_lists(names: Iterable[str] = LISTS) -> list[Pair]:
    """All pairs of the lists."""
    return [pair for name in names for pair in read_pairs(FOLDER / f"{name}.tsv")]


def group_questions(pairs: Iterable[Pair], *, only_same: bool) -> dict[str, str]:
    """Give each question the name of its group: those linked by pairs, or by pairs that ask the same."""
    parent: dict[str, str] = {}

    def find(text: str) -> str:
        while parent.setdefault(text, text) != text:
            text = parent[text]
        return text

    for pair in pairs:
        one, other = find(pair.one), find(pair.other)
        if pair.is_same or not only_same:
            parent[one] = other
    return {text: find(text) for text in list(parent)}


def follow_near_misses(pairs: list[Pair]) -> list[Pair]:
    """Near misses in other words: a paraphrase of one half asks something else than the other half."""
    group_of = group_questions(pairs, only_same=True)
    members: dict[str, list[str]] = {}
    for text, group in group_of.items():
        members.setdefault(group, []).append(text)
    listed = {frozenset((pair.one, pair.other)) for pair in pairs}
    return [
        Pair(False, one, other)
        for pair in pairs
        if not pair.is_same
        for one in members[group_of[pair.one]]
        for other in members[group_of[pair.other]]
        if frozenset((one, other)) not in listed
    ]
