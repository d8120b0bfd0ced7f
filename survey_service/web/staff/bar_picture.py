"""Bars of a few figures: the drawing that the simulation has, for any page of staff."""

from collections.abc import Sequence

from survey_service.web.staff.page import gettext
from survey_service.web.staff.simulation_picture import ROW, TOP, WIDTH, Bar, Drawing


def draw_bars(
    name: str, title: str, figures: Sequence[tuple[str, str, float]], *, whole: float = 1e-9
) -> Drawing:
    """Lay out bars from 0: each with its label, its figure in words and its length in whatever unit.

    A bar is full at `whole`, or at the greatest figure where that is more: without it lengths only compare.
    """
    scale = WIDTH / max(whole, *(value for _, _, value in figures))
    bars = tuple(
        Bar(
            label=label,
            text=text,
            y=TOP + place * ROW,
            length=round(max(0.0, value * scale), 1),
            low=round(max(0.0, value * scale), 1),
            high=round(max(0.0, value * scale), 1),
        )
        for place, (label, text, value) in enumerate(figures)
    )
    said = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    return Drawing(
        name=name,
        title=title,
        description=gettext("Bars: %(figures)s.") % {"figures": said},
        height=TOP + ROW * len(bars),
        bars=bars,
    )
