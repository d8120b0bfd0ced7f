"""What staff read in place of the names that files and the register use."""

import pytest

from survey_service.domain.forms import make_balanced_forms
from survey_service.web.staff.bar_picture import draw_bars
from survey_service.web.staff.done import done_words, go_on
from survey_service.web.staff.form_words import form_word, text_word
from survey_service.web.staff.simulation_picture import WIDTH
from tests.support.every_type import make_every_type
from tests.support.respondent_pages import make_staff_environment


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("resident", "resident"),
        ("worker|arm=random", "worker, randomised arm"),
        ("worker|frequency=1|ward=Alder%2Cgate%7CNorth", "worker, 1 survey a year, ward: Alder,gate|North"),
        ("business|frequency=0|organisation_size=sole_trader=1",
         "business, 0 surveys a year, organisation size: sole_trader=1"),
    ],
)  # fmt: skip
def test_a_cell_is_said_by_what_its_people_have_in_common(key: str, said: str) -> None:
    template = make_staff_environment().from_string(
        '{% from "staff/_words.html" import cell_word with context %}{{ cell_word(key) }}'
    )
    assert template.render(key=key) == said


@pytest.mark.parametrize(("code", "said"), [("fr", "Français"), ("xx", "xx"), ("", "")])
def test_a_language_is_said_by_its_name(code: str, said: str) -> None:
    template = make_staff_environment().from_string(
        '{% from "staff/_words.html" import language_word with context %}{{ language_word(code)|striptags }}'
    )
    assert template.render(code=code) == said


def test_every_text_of_a_questionnaire_has_a_word() -> None:
    whole = make_every_type()
    assert text_word("title") == "Title of the survey"
    assert text_word(f"block:{whole.blocks[0].name}:label") == "Heading of a block"
    assert text_word("safe:label") == "What is asked"
    assert text_word("safe:choices:1:label") == "Answer to choose"
    assert text_word("places:rows:at_night:label") == "Line of the question"


def test_a_form_is_named_by_the_headings_of_its_blocks() -> None:
    whole = make_every_type()
    forms = {
        form.key: form for blocks in (1, 2) for form in make_balanced_forms(whole, blocks_per_form=blocks)
    }
    assert form_word(whole, forms["scales+typed"], "en") == "Scales + Typed"
    assert form_word(whole, forms["typed"], "fr") == "Typed", (
        "in the survey's own language where it has no other"
    )
    (core,) = make_balanced_forms(make_every_type(is_one_page=True), blocks_per_form=2)
    assert form_word(make_every_type(is_one_page=True), core, "en") == "What everybody is asked"


def test_a_bar_is_full_at_the_whole_and_never_beyond() -> None:
    (half,) = draw_bars("one", "One", [("Wave 1", "0.5", 0.5)], whole=1.0).bars
    assert half.length == WIDTH / 2
    more, less = draw_bars("two", "Two", [("a", "2", 2.0), ("b", "1", 1.0)], whole=1.0).bars
    assert (more.length, less.length) == (WIDTH, WIDTH / 2)


def test_what_was_done_stands_in_the_address_before_its_place() -> None:
    assert go_on("/staff/x?a=1#here", "saved").url == "/staff/x?a=1&done=saved#here"
    assert all(words.endswith(".") for words in done_words().values())
    with pytest.raises(KeyError):
        go_on("/staff/x", "unheard-of")
