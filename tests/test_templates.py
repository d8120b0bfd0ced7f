"""Every template: it compiles, has a title, uses only what it is given, and has all its texts translated."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import msgspec
import pytest
from jinja2 import Environment, meta, nodes

from survey_service.domain.answers import read_answers
from survey_service.domain.brand import ACCESSIBILITY_REVIEWED
from survey_service.domain.privacy_notice import PRIVACY_NOTICES, SHOWN
from survey_service.domain.questionnaire import Questionnaire
from survey_service.i18n import translate
from survey_service.i18n.extract import root
from survey_service.integrations.mail.render import write_mail
from survey_service.web.paper.paper_form import render_paper_form
from survey_service.web.respondent.form_page import FIELD_NAMES, render_form
from survey_service.web.respondent.pages import PAGES, render_page
from tests.support.every_type import make_every_type
from tests.support.make import make_questionnaire
from tests.support.pseudo import Pseudo, accent, untranslated
from tests.support.respondent_pages import (
    NONCE,
    make_brand,
    make_environment,
    make_staff_environment,
    page_values,
    whole_form,
)

RESPONDENT = make_environment()
STAFF = make_staff_environment()
NAMES = RESPONDENT.list_templates()
IS_PAGE = re.compile(r"(respondent|errors|staff)/(?!(?:.*/)?_)")
"""Pages; a file whose name begins with an underscore is a part of one."""

GIVEN = {"nonce", "language_links"}
FORM_VALUES = {
    *FIELD_NAMES,
    "title", "questions", "question_count", "minutes", "errors", "action", "channel", "active_seconds",
    "served_at", "step", "is_kept", "keep_days", "ways", "carried", "resume_key", "question_seconds",
    "is_fresh", "submission", "languages", "known", "is_rememberable", "is_remembered",
    "is_anonymous",
}  # fmt: skip


FORMS = ("respondent/form.html", "respondent/trial_form.html", "respondent/tablet_form.html")


ACCESSIBILITY_STATEMENTS = {date(2026, 11, 25): "f78ca29672fa"}
"""Each review of the statement with the fingerprint of its texts. Edited it? Then it was reviewed: add the
day here, and in domain/brand.py."""


def environment_of(name: str) -> Environment:
    return STAFF if "staff" in name else RESPONDENT


def parse(name: str) -> nodes.Template:
    source, _, _ = environment_of(name).loader.get_source(RESPONDENT, name)  # type: ignore[union-attr]
    return environment_of(name).parse(source)


def ancestors(name: str) -> Iterator[str]:
    """The template and the layouts it extends."""
    yield name
    for extends in parse(name).find_all(nodes.Extends):
        assert isinstance(extends.template, nodes.Const), f"{name} does not say which layout it extends"
        yield from ancestors(extends.template.value)


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    environment_of(name).get_template(name)


@pytest.mark.parametrize("name", [name for name in NAMES if IS_PAGE.match(name)])
def test_every_page_has_a_title_of_its_own_on_a_common_layout(name: str) -> None:
    blocks = {block.name for block in parse(name).find_all(nodes.Block)}
    assert "title" in blocks
    assert "layouts/base.html" in set(ancestors(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_template_that_is_named_exists(name: str) -> None:
    named = meta.find_referenced_templates(parse(name))
    assert set(named) <= set(NAMES)


def imported_names(tree: nodes.Template) -> set[str]:
    return {
        name if isinstance(name, str) else name[1]
        for statement in tree.find_all(nodes.FromImport)
        for name in statement.names
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_macro_that_is_imported_is_used(name: str) -> None:
    tree = parse(name)
    used = {found.name for found in tree.find_all(nodes.Name) if found.ctx == "load"}
    assert imported_names(tree) <= used


@pytest.mark.parametrize("name", [*PAGES, *FORMS])
def test_a_page_uses_only_what_it_is_given(name: str) -> None:
    trees = [parse(part) for part in ancestors(name)]
    wanted = {variable for tree in trees for variable in meta.find_undeclared_variables(tree)}
    known = set(RESPONDENT.globals).union(*map(imported_names, trees))
    given = FORM_VALUES | {"nonce"} if name.endswith("form.html") else GIVEN | PAGES[name]
    assert wanted - known <= given


def test_every_respondents_page_is_listed() -> None:
    pages = {name for name in NAMES if name.startswith(("respondent/", "errors/"))}
    assert pages == {*PAGES, *FORMS}


@pytest.fixture
def _pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translate, "load_translations", lambda *_: Pseudo())


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_text_that_is_not_translated(name: str) -> None:
    html = render_page(RESPONDENT, name, "en", nonce=NONCE, path="/x/{locale}", **page_values(name, "en"))
    assert untranslated(html, data=("24 November 2026", "25 November 2026")) == ""


def bracketed(questionnaire: Questionnaire) -> Questionnaire:
    """The same with the author's English texts in brackets, so that they can be told from texts of ours."""
    written = msgspec.json.encode(questionnaire)
    return msgspec.json.decode(
        re.sub(rb'"en":"([^"]*)"', '"en":"⟦\\1⟧"'.encode(), written), type=Questionnaire
    )


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("make", [make_questionnaire, make_every_type])
def test_no_question_of_any_type_has_a_text_that_is_not_translated(
    make: Callable[[], Questionnaire],
) -> None:
    questionnaire = bracketed(make())
    form = whole_form(questionnaire)
    html = render_form(RESPONDENT, questionnaire, form, "en", action="/x", served_at="0", nonce=NONCE)
    assert untranslated(html) == ""


@pytest.mark.usefixtures("_pseudo")
def test_the_form_has_no_text_that_is_not_translated() -> None:
    """The author's texts are put in brackets, too; errors of every kind are shown."""
    questionnaire = bracketed(make_questionnaire())
    form = whole_form(questionnaire)
    posted = {"q2": ["nonsense"], "q3": ["x"], "q4": ["y" * 3_000]}
    errors = read_answers(posted, questionnaire, form, today=None).errors
    assert len(errors) == 4
    html = render_form(
        RESPONDENT,
        questionnaire,
        form,
        "en",
        action="/x",
        served_at="0",
        nonce=NONCE,
        channel="",
        errors=errors,
    )
    assert untranslated(html) == ""


MAILS = [name for name in NAMES if re.fullmatch(r"mail/(?!_)[^/]+\.html", name)]


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("name", MAILS)
def test_no_mail_has_a_text_that_is_not_translated(name: str) -> None:
    brand = make_brand()
    values: dict[str, str | int | date | None] = {
        "brand_name": brand.name, "brand_colour": brand.colour, "organisation": brand.organisation,
        "contact_email": brand.contact_email, "own_page": "https://s.example/me/x", "title": "⟦Parks⟧",
        "reference": "1234-5678", "genuine_page": "https://s.example/genuine/en", "minutes": 3,
        "is_anonymous": True,
        "link": "https://s.example/s/x", "last_day": date(2026, 11, 24), "code": "123456",
        "first": "⟦First⟧", "subject": "⟦Subject⟧", "text": "⟦Text⟧",
        "sign_up": "https://n.example/subscribe",
    }  # fmt: skip
    written = write_mail(name.removeprefix("mail/").removesuffix(".html"), "en", values)
    addresses = tuple(str(value) for value in values.values() if str(value).startswith("https:"))
    assert untranslated(written.html, data=("24 November 2026", *addresses)) == ""
    assert re.sub(r"⟦.*⟧", "", written.subject) == ""


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("size", ["ordinary", "large"])
def test_a_printed_form_has_no_text_that_is_not_translated(size: str) -> None:
    questionnaire = bracketed(make_every_type(is_one_page=True))
    form = whole_form(questionnaire)
    html = render_paper_form(RESPONDENT, questionnaire, form, "en", code="⟦code⟧", size=size)
    assert untranslated(html) == ""


def test_a_text_that_is_not_translated_would_be_found() -> None:
    assert untranslated("<p>⟦Fine⟧ not fine</p>") == "not fine"
    assert untranslated("<p>⟦Fine ⟦inside⟧ too⟧</p>") == ""
    assert untranslated('<button aria-label="Close">⟦x⟧</button>') == "Close"
    assert untranslated("<p>known</p>", data=("known",)) == ""


def test_the_language_nobody_speaks_keeps_what_is_filled_in() -> None:
    assert accent("To <b>%(day)s</b> yes") == "⟦Tø <b>%(day)s</b> ýéš~~~~~~~⟧"


def fingerprint(template: str) -> str:
    """A short hash of a template's texts."""
    source = (root / "templates" / template).read_text(encoding="utf-8")
    texts = re.findall(r'_\("(.*?)"\)|{% trans[^%]*%}(.*?){% endtrans %}', source)
    assert len(texts) > 10
    return sha256("\n".join(map("".join, texts)).encode()).hexdigest()[:12]


def test_an_edited_privacy_notice_is_a_new_version() -> None:
    found = fingerprint("respondent/privacy_notice.html")
    assert found == SHOWN.fingerprint, "Edited it? Add a version to domain/privacy_notice.py."
    versions = [notice.version for notice in PRIVACY_NOTICES]
    days = [notice.since for notice in PRIVACY_NOTICES]
    assert len(set(versions)) == len(versions)
    assert days == sorted(days)


def test_the_accessibility_statement_was_reviewed_within_a_year_and_as_it_stands() -> None:
    age = datetime.now(UTC).date() - ACCESSIBILITY_REVIEWED
    assert timedelta(days=-1) <= age <= timedelta(days=366), (
        "Go through templates/respondent/accessibility.html, then set the day in domain/brand.py."
    )
    assert ACCESSIBILITY_STATEMENTS[ACCESSIBILITY_REVIEWED] == fingerprint("respondent/accessibility.html")
