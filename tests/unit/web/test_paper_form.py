"""Printed forms: every kind of question in every language, tagged, in fonts of our own."""

import io
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from survey_service.domain.forms import make_balanced_forms
from survey_service.domain.questionnaire import Block, Choice, GridRow, Question, Questionnaire
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.integrations.documents.pdf import write_pdf
from survey_service.web.paper.paper_form import print_paper_form, render_paper_form
from survey_service.web.paper.paper_view import BLANK
from tests.support.make_questionnaire import texts
from tests.support.respondent_pages import make_environment

LANGUAGES = tuple(KNOWN_LOCALES)


def say(text: str) -> dict[str, str]:
    return texts(text, LANGUAGES)


def choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name=name, label=say(name)) for name in names)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    questions = (
        Question(name="hello", type="note", label=say("Please read this first.")),
        Question(
            name="where",
            type="select_one",
            label=say("Where?"),
            choices=choices("Home", "Work"),
            is_required=True,
        ),
        Question(
            name="what",
            type="select_multiple",
            label=say("What?"),
            choices=choices("A", "B"),
            may_decline=True,
        ),
        Question(name="why", type="text", label=say("Why ${where}?"), relevant="${where} = 'Home'"),
        Question(name="tell", type="text", appearance="multiline", label=say("Tell us more")),
        Question(
            name="mood",
            type="scale",
            appearance="smileys",
            label=say("Mood?"),
            choices=choices("1", "2", "3"),
        ),
        Question(
            name="grid",
            type="grid",
            label=say("How good is each?"),
            choices=choices("Good", "Bad"),
            rows=(GridRow(name="one", label=say("First row")), GridRow(name="two", label=say("Second row"))),
        ),
        Question(name="order", type="rank", label=say("Order?"), choices=choices("X", "Y", "Z")),
        Question(name="age", type="integer", label=say("How many?")),
        Question(name="day", type="date", label=say("When?")),
        Question(name="code", type="postcode", label=say("Which postcode?")),
        Question(name="yes", type="consent", label=say("May we?")),
    )
    return Questionnaire(
        name="all",
        title=say("Every kind"),
        default_language="en",
        languages=LANGUAGES,
        core=Block(name="core", label={}, questions=questions),
    )


def fonts_of(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            yield str(font.get_object()["/BaseFont"]).split("+", 1)[1]


ONE_OF_EACH_SCRIPT = [
    "en",
    "lt",
    "el",
    "uk",
    "fa",
    "ur",
    "bn",
    "gu",
    "hi",
    "pa",
    "ta",
    "ja",
    "zh_Hans",
    "zh_Hant",
]


@pytest.mark.parametrize("locale", ONE_OF_EACH_SCRIPT)
def test_a_form_is_printed_in_every_script_with_fonts_of_our_own(
    locale: str, questionnaire: Questionnaire
) -> None:
    (form,) = make_balanced_forms(questionnaire, blocks_per_form=2)
    written = print_paper_form(
        make_environment(), questionnaire, form, locale, code=f"all · 1 · core · {locale}"
    )
    reader = PdfReader(io.BytesIO(written))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == KNOWN_LOCALES[locale].tag
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert {font.split("-noto")[0] for font in fonts_of(reader)} == {"Form"}, set(fonts_of(reader))


def test_the_page_has_a_place_for_every_answer_and_no_hole_for_earlier_ones(
    questionnaire: Questionnaire,
) -> None:
    (form,) = make_balanced_forms(questionnaire, blocks_per_form=2)
    html = render_paper_form(make_environment(), questionnaire, form, "en", code="all")
    assert html.count('class="question"') == 11
    assert f"Why {BLANK}?" in html
    assert "Answer this only if it applies to you." in html
    assert html.count("Prefer not to say") == 1
    assert html.count('<span class="tick">') == 4
    assert "1 for the most important, 3 for the least" in html
    assert "999" in html


def test_large_print_is_the_same_form_on_more_pages(questionnaire: Questionnaire) -> None:
    (form,) = make_balanced_forms(questionnaire, blocks_per_form=2)
    pages = [
        len(
            PdfReader(
                io.BytesIO(
                    print_paper_form(make_environment(), questionnaire, form, "en", code="all", size=size)
                )
            ).pages
        )
        for size in ("ordinary", "large")
    ]
    assert pages[0] < pages[1]


def test_a_document_fetches_nothing() -> None:
    html = '<html lang="en"><title>x</title><body><img alt="" src="{}"></body></html>'
    for address in ("https://example.org/x.png", "file:///etc/hostname"):
        with pytest.raises(FatalURLFetchingError):
            write_pdf(html.format(address), locale="en")


def test_without_pango_the_refusal_says_what_to_install() -> None:
    program = (
        "import sys, types\n"
        "class Missing:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'weasyprint': raise OSError('cannot load library')\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from survey_service.integrations.documents.pdf import WeasyPrintMissing, write_pdf\n"
        "try:\n"
        "    write_pdf('<p>x</p>', locale='en')\n"
        "except WeasyPrintMissing as missing:\n"
        "    print(missing)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "apt-get install libpangoft2-1.0-0" in done.stdout
