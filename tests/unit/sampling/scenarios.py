"""Random histories of a register, for hypothesis: whatever can be written in the four files."""

import random
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from sampling.prn import permanent_numbers
from survey_service.services.rotation.rotate_files import Scenario
from survey_service.services.rotation.rotate_rows import EventRow, FrameRow, RulesFile, SurveyRow

STRATA = ("resident", "worker", "visitor")
START = date(2024, 2, 1)


@st.composite
def rules(draw: st.DrawFn) -> RulesFile:
    return RulesFile(
        seed=draw(st.sampled_from(["a", "b", "c"])),
        rest_days=draw(st.sampled_from([0, 1, 21, 60])),
        cap_minutes=draw(st.sampled_from([None, Decimal(0), Decimal(5), Decimal("12.5"), Decimal(30)])),
        window_days=draw(st.sampled_from([1, 30, 365])),
    )


def number(draw: st.DrawFn, seed: str, one: str) -> float:
    """Give a PRN, or one of eight round numbers, so that equal numbers, 0 and clocks just met occur."""
    if draw(st.booleans()):
        return draw(st.integers(0, 7)) / 8
    return float(permanent_numbers(seed, [one])[0])


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Days of events and draws; each event is possible when it happens."""
    chosen = draw(rules())
    stratum = st.sampled_from(STRATA)
    size = draw(st.integers(0, 14))
    frame = [
        FrameRow(n + 2, f"m{n:02}", draw(stratum), number(draw, chosen.seed, f"m{n:02}")) for n in range(size)
    ]
    numbers = {row.id: row.u for row in frame}
    active = dict.fromkeys(numbers, True)
    events: list[EventRow] = []
    surveys: list[SurveyRow] = []
    day = START
    for turn in range(draw(st.integers(1, 8))):
        day += timedelta(days=draw(st.sampled_from([0, 1, 20, 21, 29, 30, 60, 300])))
        for _ in range(draw(st.integers(0, 4))):
            events.append(draw(one_event(len(events) + 2, day, chosen.seed, numbers, active)))
        asked = draw(st.lists(stratum, unique=True, max_size=3))
        planned = draw(st.sampled_from([500, 4000, 5000, 8250]))
        surveys += [
            SurveyRow(len(surveys) + 2 + n, f"s{turn}", day, planned, name, draw(st.integers(0, 6)))
            for n, name in enumerate(asked)
        ]
    known = {row.stratum for row in frame} | {row.stratum for row in events}
    return Scenario(frame, events, [row for row in surveys if row.stratum in known], chosen)


@st.composite
def one_event(
    draw: st.DrawFn, row: int, day: date, seed: str, numbers: dict[str, float | None], active: dict[str, bool]
) -> EventRow:
    # Ids before and after the frame's own in order, so that ties are broken both ways.
    new = draw(st.sampled_from([f"a{row:02}", f"z{row:02}"]))
    kind = draw(st.sampled_from(["join", "leave", "move", "pause", "resume"]))
    away = [one for one, here in active.items() if not here]
    if kind == "join" or not numbers:
        kind, one = "join", draw(st.sampled_from([new, *away]))
        numbers.setdefault(one, number(draw, seed, one))
    else:
        one = draw(st.sampled_from(sorted(numbers)))
    if kind != "move":
        active[one] = kind in ("join", "resume")
    place = draw(st.sampled_from(STRATA)) if kind in ("join", "move") else ""
    return EventRow(row, day, kind, one, place, numbers[one])


def large_scenario(seed: int, *, asked: int) -> Scenario:
    """Two years of some hundred members and fifty draws; of many asked, too few are there at times."""
    dice = random.Random(seed)
    chosen = RulesFile(seed=str(seed), rest_days=40, cap_minutes=Decimal(12), window_days=365)
    ids = [f"m{n:04}" for n in range(400)]
    numbers = dict(zip(ids, permanent_numbers(chosen.seed, ids).tolist(), strict=True))
    frame = [FrameRow(n + 2, one, dice.choice(STRATA), numbers[one]) for n, one in enumerate(ids)]
    active = dict.fromkeys(ids, True)
    events: list[EventRow] = []
    surveys: list[SurveyRow] = []
    for turn in range(50):
        day = START + timedelta(days=14 * turn)
        for _ in range(dice.randrange(12)):
            one = dice.choice([*sorted(active), f"n{turn:02}"])
            kinds = ["leave", "move", "pause"] if active.get(one) else ["join", "resume"]
            kind = dice.choice(kinds) if one in active else "join"
            numbers.setdefault(one, float(permanent_numbers(chosen.seed, [one])[0]))
            if kind != "move":
                active[one] = kind in ("join", "resume")
            place = dice.choice(STRATA) if kind in ("join", "move") else ""
            events.append(EventRow(len(events) + 2, day, kind, one, place, numbers[one]))
        for name in STRATA:
            planned = dice.choice([3000, 5000])
            surveys.append(SurveyRow(len(surveys) + 2, f"s{turn}", day, planned, name, dice.randrange(asked)))
    return Scenario(frame, events, surveys, chosen)
