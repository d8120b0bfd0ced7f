"""Where a form is cut into pages: between blocks, inside a long one, never inside what belongs together."""

from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.form_pages import (
    Page,
    cut_page,
    keep_together,
    most_points_on_one_page,
    split_pages,
)
from survey_service.domain.length import points_of
from survey_service.domain.questionnaire import Block, Form, Question
from tests.support.make import make_question, make_questionnaire
from tests.support.make_questionnaire import texts


def names(pages: tuple[Page, ...]) -> list[list[str]]:
    return [[one.name for one in page] for page in pages]


def core_of(*questions: Question) -> tuple[Page, ...]:
    """The pages of a form that has a core alone."""
    questionnaire = make_questionnaire(
        core=Block(name="core", label=texts("Core"), questions=questions), blocks=()
    )
    form = Form(key="all", block_names=(), share=1.0, points=1, planned_seconds=60)
    return split_pages(questionnaire, form)


def test_a_short_form_is_one_page() -> None:
    assert len(core_of(*(make_question(f"q{n}") for n in range(5)))) == 1


def test_one_long_core_becomes_pages_of_about_the_same_length() -> None:
    pages = core_of(*(make_question(f"q{n}") for n in range(20)))
    assert [len(page) for page in pages] == [7, 6, 7]


def test_a_page_begins_where_a_note_begins_a_section_and_keeps_it_with_its_question() -> None:
    questions = [make_question(f"q{n}") for n in range(12)]
    questions.insert(5, make_question("about_you", type="note"))
    pages = core_of(*questions)
    assert names(pages)[1][:2] == ["about_you", "q5"]
    assert len(pages) == 2


def test_a_follow_up_stays_with_its_question() -> None:
    questions = [make_question(f"q{n}") for n in range(6)]
    questions += [make_question(f"why{n}", relevant="${q5} = 'yes'") for n in range(3)]
    questions += [make_question(f"r{n}") for n in range(5)]
    pages = names(core_of(*questions))
    [with_question] = [page for page in pages if "q5" in page]
    assert {"why0", "why1", "why2"} <= set(with_question)
    assert len(pages) == 2


def test_a_block_that_is_one_run_is_not_cut() -> None:
    questions = [make_question("q0"), *(make_question(f"w{n}", relevant="${q0} = 'yes'") for n in range(20))]
    assert len(cut_page(tuple(questions))) == 1


@given(st.lists(st.tuples(st.sampled_from(["select_one", "text", "note"]), st.integers(0, 40)), max_size=40))
def test_nothing_is_lost_nothing_torn_and_every_page_asks(drawn: list[tuple[str, int]]) -> None:
    page: Page = tuple(
        make_question(
            f"q{at}", type=kind, relevant=f"${{q{back}}} = 'yes'" if back < at and kind != "note" else ""
        )
        for at, (kind, back) in enumerate(drawn)
    )
    pages = cut_page(page)
    assert sum(pages, ()) == page
    borders = {one[0].name for one in pages if one}
    assert borders <= {run[0].name for run in keep_together(page)}
    if any(one.takes_answer for one in page):
        assert all(any(one.takes_answer for one in part) for part in pages)
    total = sum(map(points_of, page))
    assert len(pages) <= max(1, -(-total // most_points_on_one_page))
