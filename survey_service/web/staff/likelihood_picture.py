"""The picture of calibration: what was expected against what was answered, and where both are equal."""

import msgspec

from models.model_file import ModelCard
from survey_service.i18n.formatting import format_percent
from survey_service.web.staff.page import gettext

SIDE = 320
LEFT, TOP = 40, 28


class Point(msgspec.Struct, frozen=True):
    """One group of people who were alike likely."""

    x: float
    y: float


class CalibrationPicture(msgspec.Struct, frozen=True):
    """Points, and the share at the far corner of both axes."""

    points: tuple[Point, ...]
    most: str
    description: str
    side: int = SIDE
    left: int = LEFT
    top: int = TOP


def draw_calibration(card: ModelCard) -> CalibrationPicture:
    """Lay the groups of a card out; the axes end at the next tenth."""
    shares = [one[name] for one in card.calibration for name in ("expected", "answered")]
    most = min(1.0, (int(max(shares, default=0.0) * 10) + 1) / 10)
    points = tuple(
        Point(
            x=round(LEFT + SIDE * one["expected"] / most, 1),
            y=round(TOP + SIDE * (1.0 - one["answered"] / most), 1),
        )
        for one in card.calibration
    )
    said = "; ".join(
        gettext("%(expected)s expected, %(answered)s answered")
        % {"expected": format_percent(one["expected"]), "answered": format_percent(one["answered"])}
        for one in card.calibration
    )
    return CalibrationPicture(points=points, most=format_percent(most), description=said)
