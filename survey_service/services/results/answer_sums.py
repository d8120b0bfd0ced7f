"""The sums of one origin, as arrays by layer."""

from collections.abc import Iterable

import numpy as np

from survey_service.db.result import SumRow
from survey_service.services.results.estimate_shares import Floats

N, W2 = 0, 3
"""Columns of an array: n, w, w2 are columns N to W2; wy, w2y, w2y2 follow."""
_COLUMNS = 6


class AnswerSums:
    """Arrays (layers, 6) by kind, question, group and option; zeros where there was no answer."""

    def __init__(self, rows: Iterable[SumRow], origin: str) -> None:
        own = [row for row in rows if row.origin == origin]
        layers = sorted({(row.draw, row.stratum) for row in own if row.kind == "layer"})
        place = {layer: at for at, layer in enumerate(layers)}
        self._height = len(layers)
        self._arrays: dict[tuple[str, str, str, str], Floats] = {}
        for row in own:
            array = self._arrays.setdefault((row.kind, row.question, row.group, row.option), self._zeros())
            array[place[row.draw, row.stratum]] = (row.n, row.w, row.w2, row.wy, row.w2y, row.w2y2)

    @property
    def answers(self) -> Floats:
        """Counted answers by layer, whatever they hold."""
        return self._get("layer", "", "", "")[:, N]

    @property
    def counted(self) -> int:
        """All counted answers."""
        return int(self.answers.sum())

    def base(self, question: str, group: str = "") -> Floats:
        """(H, 3): n, w, w2 of those who answered a question."""
        return self._get("base", question, group, "")[:, :W2]

    def options(
        self, question: str, options: Iterable[str], group: str = "", *, kind: str = "option"
    ) -> Floats:
        """(K, H, 3): the same of those who chose each option; also of the other kinds that have options."""
        return np.array([self._get(kind, question, group, option)[:, :W2] for option in options])

    def found(self, kind: str, question: str, group: str = "") -> list[str]:
        """The options that were found in the answers to a question, whatever the questionnaire says."""
        return [key[3] for key in self._arrays if key[:3] == (kind, question, group)]

    def numbers(self, question: str, option: str | None = None, group: str = "") -> Floats:
        """(H, 6) of the numbers given to a question; with an option those given to it."""
        if option is not None:
            return self._get("number", question, group, option)
        own = [
            array
            for (kind, name, of, _), array in self._arrays.items()
            if (kind, name, of) == ("number", question, group)
        ]
        return np.sum(own, axis=0) if own else self._zeros()

    def declined(self, question: str) -> int:
        """Those who preferred not to say."""
        return int(self._get("declined", question, "", "")[:, N].sum())

    def _get(self, kind: str, question: str, group: str, option: str) -> Floats:
        return self._arrays.get((kind, question, group, option), self._zeros())

    def _zeros(self) -> Floats:
        return np.zeros((self._height, _COLUMNS))


def count_of(sums: Floats) -> int:
    """People in an array (H, 3)."""
    return int(sums[:, N].sum())


def counts_of(options: Floats) -> list[int]:
    """People per option in an array (K, H, 3)."""
    return [int(count) for count in options[:, :, N].sum(axis=1)]
