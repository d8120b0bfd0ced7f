"""Secrets in the database open with the key and for the purpose they were sealed with, and no other way."""

import os

import pytest

from survey_service.domain.errors import SettingsError
from survey_service.integrations.sealing import seal, seal_padded, unseal, unseal_padded

KEY, OTHER = b"k" * 40, b"o" * 40


def test_what_is_sealed_opens_again_and_looks_different_each_time() -> None:
    one, two = (seal(KEY, "clé-us21", purpose="key") for _ in range(2))
    assert unseal(KEY, one, purpose="key") == unseal(KEY, two, purpose="key") == "clé-us21"
    assert one != two
    assert b"us21" not in one


@pytest.mark.parametrize(("key", "purpose", "change"), [(OTHER, "key", 0), (KEY, "path", 0), (KEY, "key", 1)])
def test_nothing_else_opens_it(key: bytes, purpose: str, change: int) -> None:
    sealed = bytearray(seal(KEY, "secret", purpose="key"))
    sealed[-1] ^= change
    with pytest.raises(SettingsError, match="SURVEY_SECRET_KEY"):
        unseal(key, bytes(sealed), purpose=purpose)


@pytest.mark.parametrize("content", [b"", b"yes", os.urandom(900), b"a" * 20_000])
def test_a_padded_seal_says_nothing_by_its_length(content: bytes) -> None:
    sealed = seal_padded(KEY, content, purpose="answers", block=1_024)
    assert unseal_padded(KEY, sealed, purpose="answers") == content
    assert len(sealed) == 1_024 + 12 + 16, "one block, the nonce and the tag"


def test_what_does_not_fit_takes_whole_blocks_more() -> None:
    sealed = seal_padded(KEY, os.urandom(1_500), purpose="answers", block=1_024)
    assert len(sealed) == 2_048 + 12 + 16
    with pytest.raises(SettingsError):
        unseal_padded(OTHER, sealed, purpose="answers")
