import csv
import io
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.demo.alert_users import build_alert_users
from survey_service.demo.community import (
    columns,
    make_community,
    share_out,
    source_mark,
    write_community,
)


def count(column: str, n: int = 6_409) -> Counter[str]:
    return Counter(row[column] for row in make_community(n))


def test_the_community_has_the_published_size_and_audiences() -> None:
    assert count("audience") == {"business": 3_741, "worker": 2_264, "resident": 308, "visitor": 96}


def test_businesses_have_the_published_sizes_and_industries_and_others_have_none() -> None:
    rows = list(make_community())
    businesses = [row for row in rows if row["audience"] == "business"]
    sizes = Counter(row["organisation_size"] for row in businesses)

    assert sizes == share_out(3_741, {"large": 352, "sme": 170, "sole_trader": 15})
    assert Counter(row["industry"] for row in businesses)["finance"] == round(3_741 * 231 / 533)
    others = [row for row in rows if row["audience"] != "business"]
    assert {(row["organisation_size"], row["industry"], row["unit"]) for row in others} == {("", "", "")}


def test_attributes_are_choices_of_the_survey() -> None:
    choices = {
        question.name: {choice.name for choice in question.choices}
        for question in build_alert_users().questions()
    }

    assert set(count("audience")) == choices["audience"]
    assert set(count("organisation_size")) - {""} == choices["business_size"]
    assert set(count("industry")) - {""} == choices["industry"]
    assert set(count("language")) == {"en", "fr", "bn", "ar"}


def test_each_contact_can_be_reached_under_an_address_of_its_own_that_belongs_to_nobody() -> None:
    rows = list(make_community())
    emails = [row["email"] for row in rows if row["email"]]
    mobiles = [row["mobile"] for row in rows if row["mobile"]]

    assert all(row["email"] for row in rows if row["channel"] == "email")
    assert all(row["mobile"] for row in rows if row["channel"] == "text")
    assert len(set(emails)) == len(emails)
    assert len(set(mobiles)) == len(mobiles)
    assert all(email.endswith("@example.org") and email.isascii() and " " not in email for email in emails)
    assert all("+447700900000" <= mobile <= "+447700900999" for mobile in mobiles)
    assert len({row["reference"] for row in rows}) == len(rows)


def test_consent_is_recorded_and_nobody_takes_a_newsletter_without_an_address() -> None:
    for row in make_community():
        assert row["consent_survey"] == "yes"
        assert row["consent_newsletter"] in (("yes", "no") if row["email"] else ("no",))
        assert date(2024, 1, 1) <= date.fromisoformat(row["consent_date"]) < date(2026, 1, 1)


def test_each_business_is_a_unit_of_its_own() -> None:
    units = [row["unit"] for row in make_community() if row["audience"] == "business"]

    assert len(set(units)) == len(units)


def test_the_file_is_marked_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    path = tmp_path / "community.csv"
    write_community(path, 200, "a seed")
    again, other = io.StringIO(), io.StringIO()
    write_community(again, 200, "a seed")
    write_community(other, 200, "another")

    text = path.read_text(encoding="utf-8")
    assert text == again.getvalue() != other.getvalue()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == columns
    assert len(rows) == 200
    assert {row["source"] for row in rows} == {source_mark}


@pytest.mark.parametrize("n", [0, 1, 7, 937])
def test_a_community_of_any_size_can_be_made(n: int) -> None:
    assert sum(count("audience", n).values()) == n


@given(st.integers(0, 10_000), st.lists(st.integers(1, 500), min_size=1, max_size=8))
def test_shares_are_whole_add_up_and_are_never_one_off(total: int, weights: list[int]) -> None:
    named = {str(at): weight for at, weight in enumerate(weights)}
    shares = share_out(total, named)

    assert sum(shares.values()) == total
    for name, weight in named.items():
        assert abs(shares[name] - Fraction(weight * total, sum(weights))) < 1
