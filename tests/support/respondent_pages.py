"""What page tests need without a server: a brand, the two environments, a form, and the headers."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from jinja2 import Environment
from markupsafe import Markup

from survey_service.db.own_page import Ask, OpenInvitation, OwnPage
from survey_service.domain.answer_fields import Answer
from survey_service.domain.brand import Brand
from survey_service.domain.known_facts import KnownFact, RememberedAnswer
from survey_service.domain.questionnaire import Choice, Form, Question, Questionnaire
from survey_service.domain.wishes import Wishes, WishRefused
from survey_service.i18n.locales import find_locale
from survey_service.i18n.translate import use_locale
from survey_service.services.own_page.check_genuine import Finding
from survey_service.services.own_page.show_own_page import OwnPageShown
from survey_service.web.respondent.join_view import TROUBLES, view_join
from survey_service.web.respondent.known_facts import FactView, view_fact
from survey_service.web.respondent.own_page_view import KINDS, view_own_page
from survey_service.web.respondent.pages import PAGES, all_locales
from survey_service.web.static_assets import StaticAssets
from survey_service.web.templating import respondent_environment, staff_environment

NONCE = "bm9uY2U"
HEADERS = {"Content-Security-Policy": f"default-src 'none'; script-src 'nonce-{NONCE}'"}
ASSET_NAMES = ("respondent.css", "respondent.js", "proof.js", "staff.css", "staff.js", "tablet.js")
ASSETS = StaticAssets({name: name.replace(".", ".0a1b2c.") for name in ASSET_NAMES})


def make_brand(**overrides: Any) -> Brand:
    """A brand whose values can be told from the texts of the pages."""
    values: dict[str, Any] = {
        "name": "Brandname",
        "logo_text": "Logotext",
        "colour": "#1f3d5c",
        "accent_colour": "#0b6e6e",
        "organisation": "Organisation & Sons",
        "contact_email": "write@example.org",
    }
    return Brand(**(values | overrides))


def make_environment(**overrides: Any) -> Environment:
    """The respondents' environment, with files that need not be built."""
    return respondent_environment(make_brand(**overrides), ASSETS)


def make_staff_environment() -> Environment:
    return staff_environment(make_brand(), ASSETS)


def whole_form(questionnaire: Questionnaire) -> Form:
    """A form with every block."""
    names = tuple(block.name for block in questionnaire.blocks)
    return Form(key="+".join(names), block_names=names, share=1.0, points=7, planned_seconds=74)


def make_own_page() -> OwnPageShown:
    """An own page with asks of every kind, an open invitation and every channel; titles in brackets."""
    day, title = date(2026, 11, 24), {"en": "⟦Parks⟧"}
    page = OwnPage(
        contact=1, unit=1, pseudonym=UUID(int=1), state="active", is_consenting=True, has_email=True,
        has_mobile=True, paused_until=None, promised_from=day, last_invited_on=day,
        objects_to_likelihood=False,
        wishes=Wishes(surveys_a_year=2, topics=["fraud"], language="en", channel="post"),
    )  # fmt: skip
    return OwnPageShown(
        page=page, is_taking_part=True, is_paused=False, paused_until=None, next_day=day,
        asks=[Ask(on_day=day, kind=kind, seconds=40, title=title) for kind in (*KINDS, "unheard_of")],
        open_invitations=[OpenInvitation(id=1, title=title, last_day=day)],
        channels=["email", "text", "post"], most_surveys=2,
    )  # fmt: skip


def make_fact(locale: str) -> FactView:
    """What is known of somebody; its question in brackets and in English alone."""
    question = Question(
        name="ward",
        type="select_one",
        label={"en": "⟦Ward⟧"},
        choices=(Choice(name="bridge", label={"en": "⟦Bridge⟧"}),),
        remember_as="ward",
    )
    known = KnownFact(
        fact="ward",
        question=question,
        answer=RememberedAnswer(rows=(Answer(question="ward", option="bridge"),), value="bridge"),
        given_at=datetime(2026, 11, 1, tzinfo=UTC),
        valid_until=date(2028, 10, 31),
    )
    return view_fact(known, locale)


def page_values(template: str, locale: str) -> dict[str, Any]:
    """What one of `PAGES` needs; the own page with something refused on it."""
    with use_locale(locale):
        values = {
            "rest_days": 60,
            "action": f"/me/x/{locale}",
            "is_saved": True,
            "findings": [
                Finding("⟦x⟧", verdict)
                for verdict in ("ours", "our_address", "our_message", "cannot_confirm")
            ],
            "error": "",
            "age": 16,
            "sign_up": "https://n.example/subscribe",
            "trap_field": "join-website",
            "join": view_join({}, dict.fromkeys(TROUBLES, "missing"), minimum_age=16, offered=all_locales),
            "kept": [("q1", "yes"), ("q1", "no")],
            "copy": "0" * 40,
            "bits": 16,
            "proof_field": "open-proof",
            "waited_field": "open-waited",
            "ticket": "0" * 24,
            "seconds": 20,
            "state": "wrong",
            "may_change": True,
            "own_page": view_own_page(make_own_page(), WishRefused("months", got="x"), offered=all_locales),
            "facts": [make_fact(locale)],
            "errors": [],
            "item": "burden",
            "is_rated": False,
            "back": f"/me/x/{locale}",
            "title": "⟦Parks⟧",
            "choices": [(find_locale("en"), "/tablet/x/en")],
            "setup": "{}",
            "waiting": Markup("<span data-tablet-number></span>"),
            "start": "/tablet/x",
        }
    return {name: values[name] for name in PAGES[template]}
