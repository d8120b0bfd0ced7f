"""Which numbers of a table may be shown, so that nobody can work out a small one.

A cell under the threshold is hidden, and so is one whose complement (the rest of its line) is under it:
35 of 40 tells as much as 5 of 40. What is hidden must not follow from what is shown. So more is hidden
until every number that needs it can lie anywhere from 0 to the threshold, as far as somebody can tell
who knows every shown number to the last unit. Rounding and shares without decimals come on top; nothing
here relies on them.

A table with its margins is a network: total -> row -> cell -> column -> total, and what flows along an
edge is its count. A number can move exactly as far as flow can be pushed round a cycle of hidden edges
through it (Gusfield 1988, "A graph theoretic approach to statistical data security", SIAM Journal on
Computing 17), and the bounds found in this way are those of linear programming. Where a number cannot
move far enough, the cheapest cycle through it is hidden.
"""

import heapq
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

ROUNDING_BASE = 5
UNRELIABLE_BELOW = 30
REFRESH_STEP = 10

Margin = Literal["open", "known", "hidden", "unpublished"]
"""`open`: shown unless it must be hidden. `known`: the reader has it anyway. `hidden`: hidden elsewhere, so
it must not come out here. `unpublished`: nobody gets it, and nothing is lost if somebody does."""

_WITHOUT_END = 10**12


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """What must be hidden; True is hidden. A known margin is never hidden, an unpublished one always."""

    cells: tuple[tuple[bool, ...], ...]
    rows: tuple[bool, ...]
    columns: tuple[bool, ...]
    total: bool


class _Edge(msgspec.Struct):
    tail: str
    head: str
    count: int
    is_hidden: bool
    is_known: bool = False
    up: int = 0
    """How far the count must be able to rise in a reader's mind, and `down` to fall."""
    down: int = 0


def suppress_table(
    counts: Sequence[Sequence[int]],
    *,
    threshold: int,
    rows: Margin | Sequence[Margin] = "open",
    columns: Margin | Sequence[Margin] = "unpublished",
    total: Margin = "unpublished",
    hidden: Iterable[tuple[int, int]] = (),
) -> Suppression:
    """Decide for every cell and margin of a table of counts.

    A single question is one row with its base as the row's margin. `hidden` names cells (row, column) that
    must be hidden for a reason this table does not know, and must not follow from the rest.
    """
    table = _Table(counts, rows=rows, columns=columns, total=total)
    table.mark_sensitive(threshold)
    for row, column in hidden:
        _require(table.cells[row][column], up=threshold, down=threshold)
    for edge in table.edges:
        if edge.up or edge.down:
            _protect(table.edges, edge)
    return Suppression(
        cells=tuple(tuple(edge.is_hidden for edge in line) for line in table.cells),
        rows=tuple(edge.is_hidden for edge in table.rows),
        columns=tuple(edge.is_hidden for edge in table.columns),
        total=table.total.is_hidden,
    )


def suppress_options(base: int, counts: Sequence[int], *, threshold: int) -> tuple[bool, ...]:
    """Decide for the options of a multiple choice, of which everybody in the base chose at least one.

    Each option and its complement stand alone; only that nobody chose nothing ties them together: one
    hidden option is at least the base less all the others.
    """
    hide = [count < threshold or base - count < threshold for count in counts]
    rest = sum(count for count, is_hidden in zip(counts, hide, strict=True) if not is_hidden)
    shown = [place for place, is_hidden in enumerate(hide) if not is_hidden]
    if sum(hide) == 1 and shown and base - rest > 0:
        hide[min(shown, key=lambda place: counts[place])] = True
    return tuple(hide)


def round_count(count: int) -> int:
    """To the nearest five."""
    return ROUNDING_BASE * ((count + ROUNDING_BASE // 2) // ROUNDING_BASE)


def round_share(share: float, base: int) -> float:
    """Whole per cent below a base of 100, one decimal from there on."""
    return round(share, 2 if base < 100 else 3)


def last_full_step(answers: int) -> int:
    """How many of the answers are counted: watching results after each answer must not tell who said what."""
    return answers - answers % REFRESH_STEP


class _Table:
    """The network of one table."""

    def __init__(
        self,
        counts: Sequence[Sequence[int]],
        *,
        rows: Margin | Sequence[Margin],
        columns: Margin | Sequence[Margin],
        total: Margin,
    ) -> None:
        self.row_kinds = _spread(rows, len(counts))
        self.column_kinds = _spread(columns, len(counts[0]))
        self.total_kind = total
        self.rows = [
            _margin("top", f"row {i}", sum(line), kind)
            for i, (line, kind) in enumerate(zip(counts, self.row_kinds, strict=True))
        ]
        self.columns = [
            _margin(f"column {j}", "bottom", sum(line[j] for line in counts), kind)
            for j, kind in enumerate(self.column_kinds)
        ]
        self.total = _margin("bottom", "top", sum(map(sum, counts)), total)
        self.cells = [
            [_Edge(f"row {i}", f"column {j}", count, is_hidden=False) for j, count in enumerate(line)]
            for i, line in enumerate(counts)
        ]
        cells = (cell for line in self.cells for cell in line)
        self.edges = [*cells, *self.rows, *self.columns, self.total]

    def mark_sensitive(self, threshold: int) -> None:
        """Hide what is small or nearly everything, and note how far each must be able to move."""
        for i, line in enumerate(self.cells):
            for j, cell in enumerate(line):
                lines = []
                if len(line) > 1 and self.row_kinds[i] != "unpublished":
                    lines.append(self.rows[i])
                if len(self.cells) > 1 and self.column_kinds[j] != "unpublished":
                    lines.append(self.columns[j])
                known = [margin.count for margin in (self.rows[i], self.columns[j]) if margin.is_known]
                _mark(
                    cell, [margin.count for margin in lines], threshold, least=min(known, default=threshold)
                )
        above = [self.total.count] if self.total_kind != "unpublished" else []
        for margins, kinds in ((self.rows, self.row_kinds), (self.columns, self.column_kinds)):
            for margin, kind in zip(margins, kinds, strict=True):
                _mark_margin(margin, kind, above if len(margins) > 1 else [], threshold)
        _mark_margin(self.total, self.total_kind, [], threshold)


def _spread(kinds: Margin | Sequence[Margin], length: int) -> tuple[Margin, ...]:
    if isinstance(kinds, str):
        one: Margin = kinds
        return (one,) * length
    return tuple(kinds)


def _margin(tail: str, head: str, count: int, kind: Margin) -> _Edge:
    return _Edge(tail, head, count, is_hidden=kind in ("hidden", "unpublished"), is_known=kind == "known")


def _mark_margin(margin: _Edge, kind: Margin, above: list[int], threshold: int) -> None:
    if kind == "hidden":
        _require(margin, up=threshold, down=threshold)
    elif kind == "open":
        _mark(margin, above, threshold, least=threshold)


def _mark(edge: _Edge, lines: Iterable[int], threshold: int, *, least: int) -> None:
    """`lines` are the totals the edge is a part of, `least` the smallest of them that is known anyway."""
    if edge.count < threshold:
        _require(edge, up=min(threshold, least) - edge.count, down=edge.count)
    for line in lines:
        complement = line - edge.count
        if complement < threshold:
            _require(edge, up=complement, down=threshold - complement)


def _require(edge: _Edge, *, up: int, down: int) -> None:
    edge.is_hidden = True
    edge.up = max(edge.up, up)
    edge.down = max(edge.down, min(down, edge.count))


def _protect(edges: Sequence[_Edge], edge: _Edge) -> None:
    """Hide cycles through the edge until it can move as far as it must, or the known numbers forbid it."""
    for start, end, need in ((edge.head, edge.tail, edge.up), (edge.tail, edge.head, edge.down)):
        flow = [other.count for other in edges]
        while need > 0:
            path = _cheapest_path(edges, flow, edge, start, end)
            if path is None:
                break
            pushed = min([need, *(flow[k] for k, is_forward in path if not is_forward)])
            for k, is_forward in path:
                flow[k] += pushed if is_forward else -pushed
                edges[k].is_hidden = True
            need -= pushed


def _cheapest_path(
    edges: Sequence[_Edge], flow: Sequence[int], without: _Edge, start: str, end: str
) -> list[tuple[int, bool]] | None:
    """The way from start to end that newly hides the fewest answers: edges, and which way each goes."""
    arcs: dict[str, list[tuple[str, int, bool]]] = {}
    for k, edge in enumerate(edges):
        if edge is not without and not edge.is_known:
            arcs.setdefault(edge.tail, []).append((edge.head, k, True))
            if flow[k] > 0:
                arcs.setdefault(edge.head, []).append((edge.tail, k, False))
    best = {start: 0}
    came_by: dict[str, tuple[str, int, bool]] = {}
    waiting = [(0, start)]
    while waiting:
        cost, node = heapq.heappop(waiting)
        if cost > best[node]:
            continue
        for to, k, is_forward in arcs.get(node, ()):
            new = cost + (0 if edges[k].is_hidden else edges[k].count + 1)
            if new < best.get(to, _WITHOUT_END):
                best[to] = new
                came_by[to] = (node, k, is_forward)
                heapq.heappush(waiting, (new, to))
    if end not in came_by:
        return None
    path = []
    while end != start:
        end, k, is_forward = came_by[end]
        path.append((k, is_forward))
    return path
