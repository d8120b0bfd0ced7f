"""The brand: refused when unreadable, and nowhere in a page but through its own style sheet."""

import re

import pytest

from survey_service.domain.brand import contrast_with_white, mix
from survey_service.domain.errors import SettingsError
from survey_service.web.brand_files import brand_css, brand_css_url, brand_icon, brand_icon_url
from tests.support.respondent_pages import make_brand


@pytest.mark.parametrize(
    ("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_contrast_is_that_of_wcag(colour: str, contrast: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.005)


def test_a_colour_that_can_just_be_read_is_taken() -> None:
    assert make_brand(colour="#767676").colour == "#767676"


def test_a_colour_too_light_is_refused_with_its_contrast_and_setting() -> None:
    with pytest.raises(SettingsError) as refused:
        make_brand(accent_colour="#777777")
    assert "SURVEY_BRAND_ACCENT_COLOUR is too light" in str(refused.value)
    assert "4.48:1" in str(refused.value)


@pytest.mark.parametrize("colour", ["red", "#123", "#12345g", "#1f3d5c;}body{", "", "#1f3d5c\n"])
def test_anything_but_six_digits_is_refused(colour: str) -> None:
    with pytest.raises(SettingsError, match="SURVEY_BRAND_COLOUR is not usable"):
        make_brand(colour=colour)


@pytest.mark.parametrize("address", ["", "nobody", "a@b", 'x"@example.org', "a b@example.org"])
def test_an_address_nobody_could_write_to_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="SURVEY_CONTACT_EMAIL"):
        make_brand(contact_email=address)


def test_the_style_sheet_sets_custom_properties_and_nothing_else() -> None:
    css = brand_css(make_brand(colour="#123456", accent_colour="#654321"))
    assert re.fullmatch(r":root\{(--[a-z-]+:#[0-9a-f]{6};?)+\}\n", css)
    assert "--brand-colour:#123456" in css
    assert "--govuk-link-colour:#123456" in css
    assert "--brand-accent-colour:#654321" in css


@pytest.mark.parametrize("colour", ["#767676", "#1f3d5c", "#b00020", "#000000"])
def test_every_shade_of_text_can_be_read(colour: str) -> None:
    css = brand_css(make_brand(colour=colour, accent_colour=colour))
    for name in ("brand-colour-dark", "govuk-link-hover-colour", "govuk-link-visited-colour"):
        shade = re.search(rf"--{name}:(#[0-9a-f]{{6}})", css)
        assert shade is not None
        assert contrast_with_white(shade[1]) >= 4.5


def test_colours_mix_channel_by_channel() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#102030", "#ffffff", 0) == "#102030"


def test_the_address_changes_with_the_colours() -> None:
    assert brand_css_url(make_brand()) != brand_css_url(make_brand(colour="#000000"))
    assert brand_css_url(make_brand()) == brand_css_url(make_brand(name="Another"))


def test_the_icon_holds_the_name_as_text_and_travels_inside_its_address() -> None:
    brand = make_brand(name="A <b> & c")
    assert "<title>A &lt;b&gt; &amp; c</title>" in brand_icon(brand)
    assert re.fullmatch(r"data:image/svg\+xml,[A-Za-z0-9%._~/-]+", brand_icon_url(brand))
