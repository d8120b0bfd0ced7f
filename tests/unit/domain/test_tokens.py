"""Survey links: one spelling, one hash, nothing guessable."""

import string

from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.tokens import TOKEN_LENGTH, hash_token, make_own_page_token, make_token

KEY = b"k" * 32


@given(st.integers(1, 2**62), st.integers(1, 2**62))
def test_tokens_are_one_to_one(first: int, second: int) -> None:
    same = make_token(KEY, first) == make_token(KEY, second)
    assert same == (first == second)
    assert len(make_token(KEY, first)) == TOKEN_LENGTH
    assert hash_token(make_token(KEY, first)) is not None


@given(st.integers(1, 2**62))
def test_an_own_page_and_a_survey_never_share_a_token(number: int) -> None:
    own = make_own_page_token(KEY, number)
    assert own != make_token(KEY, number)
    assert own not in {make_own_page_token(KEY, number + 1), make_own_page_token(b"other" * 8, number)}
    assert hash_token(own) is not None


def test_key_and_version_change_the_token() -> None:
    tokens = {make_token(KEY, 1), make_token(b"other" * 8, 1), make_token(KEY, 1, key_version=2)}
    assert len(tokens) == 3


@given(st.integers(0, TOKEN_LENGTH - 1), st.sampled_from(string.printable + "é٣\x00"))
def test_any_changed_character_gives_another_hash_or_none(place: int, character: str) -> None:
    token = make_token(KEY, 7)
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        assert hash_token(changed) != hash_token(token)


@given(st.text(max_size=60))
def test_mangled_texts_are_no_tokens_or_hash_cleanly(text: str) -> None:
    digest = hash_token(text)
    assert digest is None or len(digest) == 32
