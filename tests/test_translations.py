"""The catalogues hold what code and templates say, and every language says all of it properly."""

import re
import unicodedata
from collections import Counter
from functools import cache
from gettext import c2py  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

import pytest
from babel import Locale as CldrLocale
from babel.messages.catalog import Catalog, Message

from survey_service.i18n.extract import (
    catalogue_path,
    collect,
    differences,
    domain_of,
    read_catalogue,
    root,
    staff_macros,
    texts_of,
    translated_locales,
    up_to_date_files,
)
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.i18n.review_notes import note_path, read_comment, up_to_date_notes

LOCALES = translated_locales()
notes_folder = note_path("x").parent

cldr_plurals = {"pt": "pt_PT"}
"""Varieties whose rule differs from the one CLDR gives under the language's own code."""


@cache
def catalogue(locale: str) -> Catalog:
    return read_catalogue(catalogue_path(locale), locale)


def messages(locale: str) -> list[Message]:
    return [message for message in catalogue(locale) if message.id]


def forms(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"</?[a-z][^>]*>", text))


def test_catalogues_hold_exactly_the_texts_of_code_and_templates() -> None:
    assert differences() == [], "Run: make translations"


def test_collecting_finds_texts_of_both_kinds_of_source_and_keeps_the_domains_apart() -> None:
    respondents, staff = texts_of(collect("messages")), texts_of(collect("staff"))
    assert (None, ("Choose one of the answers",)) in respondents
    assert (
        None,
        ("This takes about %(number)s minute.", "This takes about %(number)s minutes."),
    ) in respondents
    assert ("navigation", ("Main",)) in staff
    assert ("navigation", ("Main",)) not in respondents


def test_updating_changes_nothing_when_all_is_up_to_date() -> None:
    files = up_to_date_files()
    assert {path: path.read_bytes() for path in files} == files, "Run: make translations"


def test_every_known_language_has_a_folder_and_every_folder_is_known() -> None:
    folders = {path.name for path in (root / "locales").iterdir() if path.is_dir()}
    assert folders | {"en"} == set(KNOWN_LOCALES)


def test_staff_is_a_matter_of_the_path() -> None:
    assert domain_of(Path("templates/layouts/staff.html")) == "staff"
    assert domain_of(Path("survey_service/web/staff/survey.py")) == "staff"
    assert domain_of(Path("templates/respondent/form.html")) == "messages"
    assert domain_of(Path("templates/macros/question.html")) == "messages"


def test_macros_for_staff_are_used_by_staff_pages_only() -> None:
    for path in (root / "templates").rglob("*.html"):
        named = set(re.findall(r'"macros/([^"]+)"', path.read_text(encoding="utf-8")))
        if domain_of(path.relative_to(root)) == "messages":
            assert not named & staff_macros, path


@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_is_complete(locale: str) -> None:
    missing = [message.id for message in messages(locale) if not all(forms(message.string or ""))]
    assert missing == []


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_guessed(locale: str) -> None:
    assert [message.id for message in messages(locale) if message.fuzzy] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_has_as_many_plural_forms_as_the_language(locale: str) -> None:
    wrong = [
        message.id
        for message in messages(locale)
        if message.pluralizable and len(forms(message.string)) != catalogue(locale).num_plurals
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_have_the_placeholders_of_the_text(locale: str) -> None:
    exact = forms_for_one_number(locale)
    for message in messages(locale):
        wanted = placeholders(forms(message.id)[-1])
        for place, text in enumerate(forms(message.string)):
            # "one minute" and "two minutes" may be words of their own, as in Arabic.
            may_lack = {"number", "limit"} if message.pluralizable and place in exact else set()
            assert wanted - may_lack <= placeholders(text) <= wanted, (message.id, text)


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_have_the_markup_of_the_text(locale: str) -> None:
    for message in messages(locale):
        for text in forms(message.string):
            assert tags(text) == tags(forms(message.id)[-1]), (message.id, text)
            assert not re.search(r"[<>]", re.sub(r"</?[a-z][^>]*>", "", text)), text


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_keep_the_numbers_people_have_to_dial_and_the_end_of_the_sentence(locale: str) -> None:
    for message in messages(locale):
        source = forms(message.id)[0]
        for text in forms(message.string):
            assert text == text.strip()
            for number in ("999", "101"):
                assert (number in text) == (number in source), (source, text)
            assert source.endswith(".") == text.endswith((".", "।", "。", "۔")), (source, text)


own_scripts = {
    "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "bn": "BENGALI", "bg": "CYRILLIC", "ru": "CYRILLIC",
    "uk": "CYRILLIC", "el": "GREEK", "gu": "GUJARATI", "hi": "DEVANAGARI", "pa": "GURMUKHI", "ta": "TAMIL",
    "zh_Hans": "CJK", "zh_Hant": "CJK", "ja": ("CJK", "HIRAGANA", "KATAKANA"),
}  # fmt: skip
"""How the Unicode names of a language's letters begin; a language that is not here is written in Latin."""

same_as_english = {
    "de": {"Newsletter"},
    "es": {"Error:", "Error", "No"},
    "fr": {"%(number)s minute"},
    "it": {"Newsletter", "No"},
}
"""Texts that a language in Latin letters really writes as English does."""


@pytest.mark.parametrize("locale", [code for code in LOCALES if code in own_scripts])
def test_translations_are_in_the_languages_own_script(locale: str) -> None:
    """A text left in English would pass as translated."""
    for message in messages(locale):
        for text in forms(message.string):
            words = re.sub(r"%\(\w+\)s|<[^>]*>", "", text)
            assert any(unicodedata.name(letter, "").startswith(own_scripts[locale]) for letter in words), (
                message.id,
                text,
            )


@pytest.mark.parametrize("locale", [code for code in LOCALES if code not in own_scripts])
def test_a_language_in_latin_letters_is_not_english(locale: str) -> None:
    pairs = [(forms(message.id)[0], forms(message.string)[0]) for message in messages(locale)]
    alike = {source for source, text in pairs if source == text}
    assert alike == same_as_english.get(locale, set())


@pytest.mark.parametrize("locale", LOCALES)
def test_plural_forms_follow_cldr(locale: str) -> None:
    """Two numbers share a form exactly when they share a CLDR category.

    Counts are far below a million, where French, Italian and Spanish have one more category.
    """
    choose: Any = c2py(catalogue(locale).plural_expr)
    category = CldrLocale.parse(cldr_plurals.get(locale, locale)).plural_form
    pairs = {(choose(number), category(number)) for number in range(1000)}
    assert len(pairs) == len({form for form, _ in pairs}) == len({name for _, name in pairs})


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_put_back_into_english_for_reviewers(locale: str) -> None:
    """Native readers check the translation; whoever asked for it can see what it says."""
    texts = [(message, read_comment(message, "back")) for message in messages(locale)]
    assert [message.id for message, back in texts if not back] == []
    # A copy of the English text is no translation back: few can come out word for word.
    long = [(forms(message.id)[0], back) for message, back in texts if len(forms(message.id)[0]) > 60]
    assert sum(source == back for source, back in long) < len(long) / 3


def test_the_notes_for_reviewers_hold_what_the_catalogues_hold() -> None:
    notes = up_to_date_notes()
    assert {path: path.read_text(encoding="utf-8") for path in notes} == notes, "Run: make translations"
    assert {path.stem for path in notes} == {path.stem for path in notes_folder.glob("*.md")} - {"README"}


def test_a_comment_that_was_wrapped_is_read_whole() -> None:
    message = Message("x", user_comments=["back: one two", "three", "remark: four", "five"])
    assert read_comment(message, "back") == "one two three"
    assert read_comment(message, "remark") == "four five"
    assert read_comment(Message("x", user_comments=["other"]), "back") == ""


def forms_for_one_number(locale: str) -> set[int]:
    """The plural forms that stand for one single number, such as Arabic's form for two."""
    choose: Any = c2py(catalogue(locale).plural_expr)
    users = Counter(choose(number) for number in range(1000))
    return {form for form, count in users.items() if count == 1}


def test_the_rule_about_numbers_knows_arabic_and_french() -> None:
    assert forms_for_one_number("ar") == {0, 1, 2}
    assert forms_for_one_number("fr") == set()
