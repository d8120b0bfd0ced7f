"""What the report published of the survey of alert users, and answers drawn from it.

Source: "Review of Community Engagement" (Pol 20-17), 18 May 2017, paragraph 2.5.6: 937 responses from
6,409 users. Where the report gives counts they are used, otherwise its rounded percentages. It is not
consistent everywhere; `note` says where, and every share that it does not give is marked as assumed.
"""

import random
from collections.abc import Mapping
from math import prod

import msgspec

from survey_service.domain.questionnaire import Form, Question, Questionnaire
from survey_service.domain.routing import is_relevant

asked = 6_409
responses = 937


class PublishedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One question's published result."""

    number: str
    """Its number in the report."""
    base: int
    """How many answered it."""
    shares: dict[str, float]
    """Option to the share of `base` that chose it."""
    assumed: tuple[str, ...] = ()
    """Options whose share the report does not give."""
    asked_of: int = responses
    """How many could have answered: everybody, or the 547 businesses."""
    note: str = ""


def _of(base: int, **counts: int) -> dict[str, float]:
    return {option: count / base for option, count in counts.items()}


_businesses = 547
_other_industries = (533 - 231 - 93) / 533 / 5

published: dict[str, PublishedQuestion] = {
    "audience": PublishedQuestion(
        number="Q1",
        base=responses,
        shares=_of(responses, business=_businesses, worker=331, resident=45, visitor=14),
    ),
    "business_size": PublishedQuestion(
        number="Q2",
        base=537,
        shares=_of(537, large=352, sme=170, sole_trader=15),
        asked_of=_businesses,
        note="The report says 513 replies, but its counts add up to 537, and its percentages fit 537.",
    ),
    "industry": PublishedQuestion(
        number="Q3",
        base=533,
        shares=_of(533, finance=231, other=93)
        | dict.fromkeys(("insurance", "legal", "property", "hospitality", "technology"), _other_industries),
        assumed=("insurance", "legal", "property", "hospitality", "technology"),
        asked_of=_businesses,
        note="Only finance and other are given. The remaining 209 replies are spread over five industries.",
    ),
    "expected_messages": PublishedQuestion(
        number="Q4",
        base=884,
        shares=_of(884, police_information=448, awareness=317, critical_only=119),
    ),
    "critical_message": PublishedQuestion(
        number="Q5",
        base=884,
        shares={"actual_threat": 0.83, "emerging_threat": 0.89, "suspect_item": 0.75, "road_closure": 0.28},
        note="Percentages only. More chose an emerging threat than an actual one.",
    ),
    "critical_purpose": PublishedQuestion(
        number="Q6", base=884, shares=_of(884, act=815, be_informed=754), note="884 replies."
    ),
    "detail": PublishedQuestion(
        number="Q7",
        base=884,
        shares=dict.fromkeys(("time", "place", "nature", "impact", "advice"), 0.8) | {"links": 425 / 884},
        assumed=("time", "place", "nature", "impact", "advice"),
        note='Only links have a count; of the others it says "most users", taken as 80 %. The base is not '
        "given: 425 being 48 % makes it about 884.",
    ),
    "location": PublishedQuestion(
        number="Q8",
        base=884,
        shares=_of(884, any_location=549, own_location=335),
        note="The base is not given; the counts add up to 884.",
    ),
    "other_updates": PublishedQuestion(
        number="Q9", base=858, shares=_of(858, website=604, social_media=446, email=440, paper=44)
    ),
    "social_media": PublishedQuestion(
        number="Q10",
        base=858,
        shares={"none": 0.5} | _of(858, twitter=302, facebook=131, linkedin=95, youtube=49),
    ),
    "topics": PublishedQuestion(
        number="Q11",
        base=857,
        shares={"counter_terrorism": 0.93, "crime_prevention": 0.54, "other": 0.2},
        assumed=("other",),
        note="Percentages of those who found a topic very important; further topics are not named.",
    ),
}

_texts = {
    "industry": ("Charity", "Education", "Construction", "Transport", "Publishing"),
    "topics": ("Cycle theft", "Road safety", "Cyber crime and fraud", "Begging", "Large events"),
    # In other words, the themes the report found among the reasons for following no account.
    "social_media": (
        "The alerts tell me what I need",
        "Our office blocks social media",
        "I do not use social media",
        "I have no time for it",
        "Too much there has nothing to do with me",
    ),
}
"""What people write beside a choice that takes a text."""


def draw_answers(
    rng: random.Random, contact: Mapping[str, str], questionnaire: Questionnaire, form: Form
) -> dict[str, list[str]]:
    """One person's answers to a form, as a browser would post them.

    What the register knows of the contact (`audience`, `organisation_size`, `industry`) is answered
    truthfully; everything else is drawn from the published shares, each question on its own. A question
    is left blank as often as the report's bases say. Questions this module knows nothing of stay blank.
    """
    known = {
        "audience": contact.get("audience", ""),
        "business_size": contact.get("organisation_size", ""),
        "industry": contact.get("industry", ""),
    }
    values: dict[str, str] = {}
    posted: dict[str, list[str]] = {}
    for question in form.questions_of(questionnaire):
        figures = published.get(question.name)
        if figures is None or not is_relevant(question, values):
            continue
        if not question.is_required and rng.random() >= figures.base / figures.asked_of:
            continue
        offered = {choice.name for choice in question.choices}
        fact = known.get(question.name, "")
        chosen = [fact] if fact in offered else _draw_options(rng, question, figures)
        posted[question.name] = chosen
        values[question.name] = " ".join(chosen)
        if any(choice.takes_text and choice.name in chosen for choice in question.choices):
            posted[f"{question.name}--other"] = [_draw_text(rng, question.name)]
    return posted


def _draw_options(rng: random.Random, question: Question, figures: PublishedQuestion) -> list[str]:
    shares = {c.name: figures.shares[c.name] for c in question.choices if c.name in figures.shares}
    if question.type == "select_one":
        return rng.choices(list(shares), weights=list(shares.values()))
    nothing_else = shares.pop("none", 0.0)
    if rng.random() < nothing_else:
        return ["none"]
    chances = _chances({option: share / (1 - nothing_else) for option, share in shares.items()})
    while True:
        chosen = [option for option, chance in chances.items() if rng.random() < chance]
        if chosen:
            return chosen


def _chances(shares: Mapping[str, float]) -> dict[str, float]:
    """Independent chances under which, once empty answers are drawn again, the shares come out as wanted.

    Drawing again lifts every share by 1 / (1 - chance of an empty answer), so the chances are lowered by
    that factor; repeating this settles quickly when the shares add up to more than one.
    """
    chances = dict(shares)
    for _ in range(50):
        some = 1 - prod(1 - chance for chance in chances.values())
        chances = {option: share * some for option, share in shares.items()}
    return chances


def _draw_text(rng: random.Random, question_name: str) -> str:
    """About half of those who can add a text do; the others leave the field empty."""
    return rng.choice(_texts[question_name]) if rng.random() < 0.5 else ""
