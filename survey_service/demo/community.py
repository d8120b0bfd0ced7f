"""A made-up community of the size and make-up that the report published, as a CSV file for import.

From the report "Review of Community Engagement" (Pol 20-17), 18 May 2017, paragraph 2.5.6:

* 6,409 users were asked; audiences in the proportion of the 937 answers (business 547, works in the
  City 331, resident 45, visitor 14), which makes 3,741, 2,264, 308 and 96;
* sizes of the businesses as 352 : 170 : 15, industries as finance 231, other 93, and 209 that are not
  named, spread evenly over five;
* messages go "via text and/or email depending on user preference" (2.5.3).

Assumed, because the report is silent: 15 % prefer text, a third of those gave no e-mail address;
languages 88 % English, 5 % Bengali, 4 % French, 3 % Arabic; 60 % of those with an e-mail address take
the newsletter; one contact a business, who answers for it, and nobody sharing a household; the dates.

Nobody here exists. E-mail addresses are under example.org with the contact's number after a plus sign,
so each is unique. Mobile numbers are the thousand that Ofcom keeps free for drama (07700 900000 to
900999): unique up to a thousand text users, repeated beyond.
"""

import csv
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TextIO

from survey_service.demo.names import draw_name
from survey_service.demo.published import asked

columns = (
    "reference",
    "audience",
    "name",
    "email",
    "mobile",
    "language",
    "channel",
    "organisation_size",
    "industry",
    "unit",
    "consent_survey",
    "consent_newsletter",
    "consent_source",
    "consent_date",
    "source",
)
source_mark = "made from published totals"
default_seed = "alert users 2017"

audiences = {"business": 547, "worker": 331, "resident": 45, "visitor": 14}
sizes = {"large": 352, "sme": 170, "sole_trader": 15}
industries: dict[str, int | Fraction] = {"finance": 231, "other": 93} | dict.fromkeys(
    ("insurance", "legal", "property", "hospitality", "technology"), Fraction(209, 5)
)
assumed_channels = {"email": 85, "text": 15}
assumed_languages = {"en": 88, "bn": 5, "fr": 4, "ar": 3}
assumed_without_email = Fraction(1, 3)
assumed_newsletter = 0.6
_first_consent = date(2024, 1, 1)
_consent_days = 700
_drama_numbers = 1_000


def write_community(target: Path | TextIO, n: int = asked, seed: str = default_seed) -> None:
    """Write the community as CSV in UTF-8; the same `n` and `seed` give the same bytes."""
    if isinstance(target, Path):
        with target.open("w", encoding="utf-8", newline="") as file:
            write_community(file, n, seed)
        return
    writer = csv.DictWriter(target, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(make_community(n, seed))


def make_community(n: int = asked, seed: str = default_seed) -> Iterator[dict[str, str]]:
    """The rows, one contact each, in a random order that `seed` fixes."""
    rng = random.Random(seed)  # noqa: S311 - nothing here is secret, and it must repeat
    people = _deal(rng, n)
    rng.shuffle(people)
    drama_numbers = rng.sample(range(_drama_numbers), _drama_numbers)
    texts = 0
    businesses = 0
    for number, (audience, language, channel, size, industry) in enumerate(people, start=1):
        name = draw_name(rng, language)
        has_mobile = channel == "text"
        has_email = not has_mobile or texts % assumed_without_email.denominator != 0
        businesses += audience == "business"
        takes_newsletter = has_email and rng.random() < assumed_newsletter
        joined = _first_consent + timedelta(days=rng.randrange(_consent_days))
        yield {
            "reference": f"C{number:06d}",
            "audience": audience,
            "name": name,
            "email": _address(name, number) if has_email else "",
            "mobile": f"+447700900{drama_numbers[texts % _drama_numbers]:03d}" if has_mobile else "",
            "language": language,
            "channel": channel,
            "organisation_size": size,
            "industry": industry,
            "unit": f"B{businesses:06d}" if audience == "business" else "",
            "consent_survey": "yes",
            "consent_newsletter": "yes" if takes_newsletter else "no",
            "consent_source": "alert service sign-up",
            "consent_date": joined.isoformat(),
            "source": source_mark,
        }
        texts += has_mobile


def share_out(total: int, weights: Mapping[str, int | Fraction]) -> dict[str, int]:
    """Whole numbers in proportion to the weights that add up to `total`: the largest remainders win."""
    whole = sum(weights.values())
    exact = {name: Fraction(weight) * total / Fraction(whole) for name, weight in weights.items()}
    shares = {name: int(part) for name, part in exact.items()}
    by_remainder = sorted(exact, key=lambda name: shares[name] - exact[name])
    for name in by_remainder[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def _deal(rng: random.Random, n: int) -> list[tuple[str, str, str, str, str]]:
    """Audience, language, channel, size and industry of each person.

    Every attribute is dealt out by itself inside each audience: the totals are exact, and no attribute
    goes along with another, of which the report says nothing.
    """
    people: list[tuple[str, str, str, str, str]] = []
    for audience, count in share_out(n, audiences).items():
        is_business = audience == "business"
        blank = {"": 1}
        attributes = (
            assumed_languages,
            assumed_channels,
            sizes if is_business else blank,
            industries if is_business else blank,
        )
        dealt = [_shuffled(rng, share_out(count, weights)) for weights in attributes]
        people.extend((audience, *rest) for rest in zip(*dealt, strict=True))
    return people


def _shuffled(rng: random.Random, counts: Mapping[str, int]) -> list[str]:
    values = [value for value, count in counts.items() for _ in range(count)]
    rng.shuffle(values)
    return values


def _address(name: str, number: int) -> str:
    return f"{name.lower().replace(' ', '.')}+{number:06d}@example.org"
