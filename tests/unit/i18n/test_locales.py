"""Which language a reader gets."""

import pytest
from babel import Locale as CldrLocale

from survey_service.i18n.locales import KNOWN_LOCALES, find_locale, negotiate


def test_every_language_has_its_own_name() -> None:
    names = {locale.code: locale.name for locale in KNOWN_LOCALES.values()}
    assert len(set(names.values())) == len(names)
    for code, name in names.items():
        own = CldrLocale.parse(code).get_language_name(code.partition("_")[0])
        assert str(own).casefold() in name.casefold(), code


def test_only_languages_of_the_arabic_script_run_from_right_to_left() -> None:
    directions = {locale.code: locale.direction for locale in KNOWN_LOCALES.values()}
    assert set(directions.values()) == {"ltr", "rtl"}
    assert {code for code, direction in directions.items() if direction == "rtl"} <= {"ar", "fa", "ur"}
    assert directions["ar"] == "rtl"


@pytest.mark.parametrize("code", ["eo", "EN", "en-GB", "", "../fr"])
def test_only_known_codes_are_found(code: str) -> None:
    assert find_locale(code) is None


@pytest.mark.parametrize(
    ("header", "offered", "expected"),
    [
        ("fr", ["en", "fr"], "fr"),
        ("fr-CA,fr;q=0.8,en;q=0.5", ["en", "fr"], "fr"),
        ("en;q=0.5, ar;q=0.9", ["en", "ar"], "ar"),
        ("de, bn;q=0.1", ["en", "bn"], "bn"),
        ("de", ["en", "fr"], "en"),
        ("*", ["en", "fr"], "en"),
        ("fr;q=0, ar", ["en", "fr", "ar"], "ar"),
        ("fr;q=nonsense, ar;q=0.1", ["en", "fr", "ar"], "ar"),
        ("fr;q=nan, ar;q=0.1", ["en", "fr", "ar"], "ar"),
        ("zh-TW", ["en", "zh_Hant", "zh_Hans"], "zh_Hant"),
        ("zh-CN", ["en", "zh_Hant", "zh_Hans"], "zh_Hans"),
        ("zh-Hant-HK", ["en", "zh_Hant", "zh_Hans"], "zh_Hant"),
        ("zh-HK, en;q=0.9", ["en", "zh_Hant", "zh_Hans"], "zh_Hant"),
        ("zh", ["en", "zh_Hans", "zh_Hant"], "zh_Hans"),
        ("yue", ["en", "zh_Hans", "zh_Hant"], "zh_Hant"),
        ("pa-IN", ["en", "pa", "ur"], "pa"),
        ("pa-Arab-PK", ["en", "pa", "ur"], "ur"),
        ("pa-PK", ["en", "pa"], "en"),
        ("fa-AF", ["en", "fa"], "fa"),
        ("pt-BR", ["en", "pt"], "pt"),
        ("pt", ["en", "pt_BR"], "pt_BR"),
        ("pt-PT", ["en", "pt_BR"], "pt_BR"),
        ("no", ["en", "nb"], "nb"),
        (", ;;,-,=", ["en", "fr"], "en"),
        ("fr;q=0.5, ar;q=0.5", ["ar", "fr"], "fr"),
    ],
)
def test_wishes_are_met_from_what_is_offered(header: str, offered: list[str], expected: str) -> None:
    assert negotiate(header, offered) == expected


def test_without_a_wish_or_an_offer_the_default_is_taken() -> None:
    assert negotiate(None) == "en"
    assert negotiate("fr", [], default="bn") == "bn"


def test_a_very_long_header_costs_little() -> None:
    assert negotiate("x-y-z," * 200_000 + "fr", ["fr"]) == "en"
