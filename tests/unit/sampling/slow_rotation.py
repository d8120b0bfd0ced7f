"""The rotation again, a person at a time in exact fractions: slow, plain, and no code of the fast one."""

from dataclasses import dataclass, field
from fractions import Fraction

from survey_service.services.rotation.rotate_files import Scenario
from survey_service.services.rotation.rotate_rows import EventRow, SurveyRow


@dataclass
class Person:
    id: str
    cell: str
    u: Fraction
    ticket: Fraction
    active: bool = True
    history: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Outcome:
    """Lines in the order of the result files, tickets and weights as fractions."""

    selection: list[tuple[object, ...]] = field(default_factory=list)
    shortfall: list[tuple[object, ...]] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)


def place(person: Person, clocks: dict[str, Fraction]) -> None:
    clock = clocks.get(person.cell, Fraction(0))
    person.ticket = person.u
    while clock > 0 and person.ticket <= clock:
        person.ticket += 1


def may_be_asked(person: Person, day: int, planned: int, scenario: Scenario) -> bool:
    rules = scenario.rules
    if not person.active:
        return False
    if person.history and day - person.history[-1][0] < rules.rest_days:
        return False
    if rules.cap_minutes is None:
        return True
    recent = sum(minutes for sent, minutes in person.history if day - sent < rules.window_days)
    return Fraction(recent + planned, 1000) <= Fraction(rules.cap_minutes)


def happen(event: EventRow, people: dict[str, Person], clocks: dict[str, Fraction]) -> None:
    if event.kind == "join" and event.id not in people:
        people[event.id] = Person(event.id, event.stratum, Fraction(event.u), Fraction(event.u))
    person = people[event.id]
    if event.kind in ("join", "move"):
        person.cell = event.stratum
    if event.kind in ("join", "resume"):
        person.active = True
    if event.kind in ("leave", "pause"):
        person.active = False
    else:
        place(person, clocks)


def rotate_slowly(scenario: Scenario) -> Outcome:
    outcome = Outcome()
    people = outcome.people
    clocks: dict[str, Fraction] = {}
    for row in scenario.frame:
        people[row.id] = Person(row.id, row.stratum, Fraction(row.u), Fraction(row.u))
    waiting = list(scenario.events)
    for row in scenario.surveys:
        while waiting and waiting[0].date <= row.date:
            happen(waiting.pop(0), people, clocks)
        draw(row, scenario, outcome, clocks)
    for event in waiting:
        happen(event, people, clocks)
    return outcome


def draw(row: SurveyRow, scenario: Scenario, outcome: Outcome, clocks: dict[str, Fraction]) -> None:
    day = row.date.toordinal()
    cell = [person for person in outcome.people.values() if person.active and person.cell == row.stratum]
    queue = [person for person in cell if may_be_asked(person, day, row.planned, scenario)]
    queue.sort(key=lambda person: (person.ticket, person.id))
    drawn = queue[: row.asked]
    head = (row.survey, row.date.isoformat(), row.stratum)
    for person in drawn:
        weight = Fraction(len(cell), len(drawn))
        outcome.selection.append((*head, person.id, person.ticket, len(cell), len(drawn), weight))
        clocks[row.stratum] = max(clocks.get(row.stratum, Fraction(0)), person.ticket)
        person.ticket += 1
        person.history.append((day, row.planned))
    if len(drawn) < row.asked:
        outcome.shortfall.append((row.survey, row.stratum, row.asked, len(drawn)))
