"""What can be found in a pasted text, which links are ours, and references nobody can make up."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.genuine import MOST_ITEMS, Item, OurLink, find_items, read_our_link
from survey_service.domain.message_references import make_reference, read_reference

KEY = b"a key of the tests"
OURS = "https://surveys.example.org"
TOKEN = "AAAAAAAAAAAAAAAAAAAAAA"


def test_a_whole_message_can_be_pasted() -> None:
    text = f"""From: Square Mile <surveys@example.org>
    Please answer: {OURS}/s/{TOKEN}/en. Reference 7XK2P-0QM84 (or {OURS}/s/{TOKEN}/en)"""
    assert find_items(text) == [
        Item("link", f"{OURS}/s/{TOKEN}/en"),
        Item("address", "surveys@example.org"),
        Item("reference", "7XK2P-0QM84"),
    ]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (
            "surveys.example.org/o/parks?from=poster",
            [Item("link", "surveys.example.org/o/parks?from=poster")],
        ),
        (TOKEN, [Item("link", TOKEN)]),
        ("7xk2p0qm84", [Item("reference", "7xk2p0qm84")]),
        ("everything is wonderfully well", []),
        ("", []),
    ],
)
def test_pieces_of_a_message(text: str, items: list[Item]) -> None:
    assert find_items(text) == items


def test_no_more_than_a_few_things_are_looked_up() -> None:
    assert len(find_items(" ".join(f"https://a.example/{n}" for n in range(50)))) == MOST_ITEMS


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (f"{OURS}/s/{TOKEN}/fr", OurLink("survey", TOKEN)),
        (f"HTTPS://SURVEYS.EXAMPLE.ORG/me/{TOKEN}", OurLink("own_page", TOKEN)),
        ("surveys.example.org/o/parks/en?from=x", OurLink("open", "parks")),
        (f"{OURS}/join/en", OurLink("page", "join")),
        (f"{OURS}/staff", None),
        (f"{OURS}.evil.example/s/{TOKEN}", None),
        (f"https://surveys.example.org@evil.example/s/{TOKEN}", None),
        (f"https://evil.example/surveys.example.org/s/{TOKEN}", None),
        (f"https://surveys.example.org:8443/s/{TOKEN}", None),
        (f"https://survеys.example.org/s/{TOKEN}", None),
        (f"ftp://surveys.example.org/s/{TOKEN}", None),
        ("https://[", None),
    ],
)
def test_only_our_own_host_is_ours(text: str, link: OurLink | None) -> None:
    assert read_our_link(text, OURS) == link


@given(st.integers(0, 2**34 - 1))
def test_a_reference_is_short_and_comes_back_as_its_message(message: int) -> None:
    reference = make_reference(KEY, message)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", reference)
    spoken = reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_reference(KEY, reference) == read_reference(KEY, spoken) == message
    assert read_reference(b"another key", reference) != message


def test_made_up_references_hardly_ever_pass_and_neighbours_do_not_show() -> None:
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    made_up = [
        "".join(letters[n * 7919 * (place + 3) // 32**place % 32] for place in range(10))
        for n in range(5_000)
    ]
    assert sum(read_reference(KEY, text) is not None for text in set(made_up)) <= 2
    one, two = make_reference(KEY, 1), make_reference(KEY, 2)
    assert sum(a != b for a, b in zip(one, two, strict=True)) >= 6
    assert read_reference(KEY, "short") is None
    with pytest.raises(ValueError, match="out of range"):
        make_reference(KEY, 2**34)
