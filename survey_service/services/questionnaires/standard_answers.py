"""The answers that questions begin with, in every language this service knows."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from survey_service.domain.questionnaire import Texts

BASE = "en"
_FILE = Path(__file__).with_suffix(".toml")


@cache
def list_standard_answers() -> tuple[Texts, ...]:
    """Each answer in all languages."""
    read = msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, Texts])
    return tuple({BASE: words, **translations} for words, translations in read.items())


def answers_in(language: str) -> dict[str, str]:
    """The English words with those of one language."""
    return {one[BASE]: one[language] for one in list_standard_answers() if language in one}
