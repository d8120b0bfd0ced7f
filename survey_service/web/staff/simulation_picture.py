"""The picture of a simulation: bars drawn on the server, one small drawing for each measure.

Lengths are attributes and colours are classes with a colour in reserve, so that the same drawing stands on a
page whose policy allows no styles and in a file of its own.
"""

import msgspec
from jinja2 import Environment, FileSystemLoader

from survey_service.resources import templates_dir
from survey_service.services.simulation.simulate_policies import Simulation
from survey_service.services.simulation.simulation_measures import Measure
from survey_service.web.staff.simulation_words import MeasureWords, gettext, measure_words, policy_words

WIDTH = 360
ROW = 42
TOP = 28


class Bar(msgspec.Struct, frozen=True):
    """One policy's figure, from 0 to its value, with a line one standard error to each side."""

    label: str
    text: str
    y: int
    length: float
    low: float
    high: float


class Drawing(msgspec.Struct, frozen=True):
    """One measure under all policies."""

    name: str
    title: str
    description: str
    height: int
    bars: tuple[Bar, ...]


def draw_simulation(simulation: Simulation) -> list[Drawing]:
    """Lay out a drawing for each measure that is pictured."""
    labels = policy_words()
    return [
        _draw(name, words, {labels[policy]: found[name] for policy, found in simulation.policies.items()})
        for name, words in measure_words().items()
        if words.in_picture
    ]


def picture_file(simulation: Simulation) -> str:
    """Return the whole picture as an SVG file."""
    environment = Environment(
        loader=FileSystemLoader(templates_dir()), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    module = environment.get_template("staff/_simulation_picture.html").module
    return str(module.file(simulation.scenario.name, draw_simulation(simulation)))  # type: ignore[attr-defined]


def _draw(name: str, words: MeasureWords, measures: dict[str, Measure]) -> Drawing:
    # A bias below 0 is as far off as one above: its bar shows its size, its figure the sign.
    sizes = [(abs(measure.value or 0.0), measure.se or 0.0) for measure in measures.values()]
    scale = WIDTH / max(1e-9, *(size + error for size, error in sizes))

    def place(value: float) -> float:
        return round(min(max(value * scale, 0.0), WIDTH), 1)

    bars = tuple(
        Bar(
            label=label,
            text=words.write(measure),
            y=TOP + position * ROW,
            length=place(size),
            low=place(size - error),
            high=place(size + error),
        )
        for position, ((label, measure), (size, error)) in enumerate(
            zip(measures.items(), sizes, strict=True)
        )
    )
    figures = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    return Drawing(
        name=name,
        title=words.label,
        description=gettext("Bars: %(figures)s.") % {"figures": figures},
        height=TOP + ROW * len(bars),
        bars=bars,
    )
