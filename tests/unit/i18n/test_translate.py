"""The current language: set for a page, put back after it, different in tasks that run at once."""

import asyncio

import pytest

from survey_service.i18n.catalogues import load_translations
from survey_service.i18n.translate import (
    Translator,
    current_locale,
    gettext,
    lazy_gettext,
    ngettext,
    use_locale,
)


def test_texts_follow_the_language_and_the_former_one_comes_back() -> None:
    with use_locale("fr"):
        assert gettext("Language") == "Langue"
        with use_locale("ar"):
            assert gettext("Language") == "اللغة"
        assert gettext("Language") == "Langue"
    assert gettext("Language") == "Language"
    assert current_locale().code == "en"


def test_the_language_comes_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), use_locale("fr"):
        raise ZeroDivisionError
    assert current_locale().code == "en"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError), use_locale("eo"):
        pass


async def test_tasks_at_once_do_not_share_their_language() -> None:
    async def read(code: str) -> str:
        with use_locale(code):
            await asyncio.sleep(0)
            return gettext("Language")

    assert await asyncio.gather(read("fr"), read("bn"), read("en")) == ["Langue", "ভাষা", "Language"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "يستغرق هذا نحو دقيقة واحدة."),
        (2, "يستغرق هذا نحو دقيقتين."),
        (3, "يستغرق هذا نحو 3 دقائق."),
        (11, "يستغرق هذا نحو 11 دقيقة."),
        (100, "يستغرق هذا نحو 100 دقيقة."),
    ],
)
def test_arabic_has_its_own_form_for_each_kind_of_number(number: int, expected: str) -> None:
    with use_locale("ar"):
        text = ngettext("This takes about %(number)s minute.", "This takes about %(number)s minutes.", number)
    assert text % {"number": number} == expected


def test_a_lazy_text_is_translated_when_it_is_shown() -> None:
    text = lazy_gettext("Language")
    with use_locale("fr"):
        assert str(text) == "Langue"
    assert str(text) == "Language"


def test_staff_texts_fall_back_to_those_of_respondents() -> None:
    with use_locale("fr"):
        assert Translator("staff").gettext("Language") == "Langue"
        assert Translator("staff").gettext("Not in any catalogue") == "Not in any catalogue"


def test_a_text_that_is_in_no_catalogue_stays_as_it_is() -> None:
    assert load_translations("fr").ugettext("Not in any catalogue") == "Not in any catalogue"
