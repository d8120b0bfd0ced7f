"""The pages that only say something, and the store of everything that is rendered once."""

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any, TypeVar

from jinja2 import Environment

from survey_service.domain.length import told_minutes
from survey_service.domain.other_ways import Way
from survey_service.domain.questionnaire import Form, Question, Questionnaire
from survey_service.i18n.locales import KNOWN_LOCALES, Locale
from survey_service.i18n.translate import current_locale, use_locale
from survey_service.web.respondent.form_page import (
    TABLET_FORM,
    FormPage,
    OpenFormPage,
    tablet_form_action,
)
from survey_service.web.skeleton import Skeleton, hole

PRIVACY_PATH = "/privacy/{locale}"
ACCESSIBILITY_PATH = "/accessibility/{locale}"
LIKELIHOOD_PATH = "/likelihood/{locale}"

PAGES: dict[str, frozenset[str]] = {
    "respondent/thank_you.html": frozenset({"rest_days", "item", "action", "is_rated"}),
    "respondent/already_answered.html": frozenset({"action", "may_change"}),
    "respondent/continue.html": frozenset({"action", "state"}),
    "respondent/expired.html": frozenset(),
    "respondent/unknown_link.html": frozenset(),
    "respondent/incomplete_link.html": frozenset(),
    "respondent/closed.html": frozenset(),
    "respondent/privacy_notice.html": frozenset(),
    "respondent/accessibility.html": frozenset(),
    "respondent/likelihood.html": frozenset(),
    "respondent/trial_thanks.html": frozenset(),
    "respondent/own_page.html": frozenset({"own_page", "action", "is_saved"}),
    "respondent/own_page_leave.html": frozenset({"action"}),
    "respondent/own_page_left.html": frozenset(),
    "respondent/known_facts.html": frozenset({"facts", "errors", "action", "back", "is_saved"}),
    "respondent/genuine.html": frozenset({"action", "findings", "error"}),
    "respondent/join.html": frozenset({"action", "trap_field", "join"}),
    "respondent/join_sent.html": frozenset(),
    "respondent/join_too_young.html": frozenset({"age"}),
    "respondent/join_confirm.html": frozenset({"action"}),
    "respondent/join_done.html": frozenset({"sign_up"}),
    "respondent/join_newsletter.html": frozenset({"sign_up"}),
    "respondent/tablet_start.html": frozenset({"title", "choices", "setup", "waiting"}),
    "respondent/tablet_thanks.html": frozenset({"start", "waiting"}),
    "respondent/tablet_ended.html": frozenset(),
    "respondent/wait.html": frozenset(
        {"action", "kept", "copy", "bits", "proof_field", "waited_field", "ticket", "seconds"}
    ),
    **{
        f"errors/{status}.html": frozenset()
        for status in (400, 403, 404, 405, 413, 429, 500, 503)
    },
}  # fmt: skip
"""Every page that is no form, with the values of its own that its template needs."""

all_locales = tuple(KNOWN_LOCALES.values())

FormKey = tuple[Hashable, str, str, int, tuple[Way, ...]]
"""Questionnaire version, key of the form, language, the minutes that are told, other ways to answer."""

Key = TypeVar("Key", bound=Hashable)
Page = TypeVar("Page")


def render_page(
    environment: Environment,
    template: str,
    locale: str,
    *,
    nonce: str,
    path: str = "",
    languages: tuple[Locale, ...] = all_locales,
    **values: Any,
) -> str:
    """One of `PAGES` in one language.

    `path` is its own address with `{locale}` in it; with one, the page offers the other `languages`.
    """
    if set(values) != PAGES[template]:
        raise TypeError(f"{template} takes {sorted(PAGES[template])}, not {sorted(values)}.")
    with use_locale(locale):
        return environment.get_template(template).render(
            nonce=nonce,
            language_links=[
                (language, path.replace("{locale}", language.code)) for language in languages if path
            ],
            **values,
        )


class PageStore:
    """Every page that is the same for all its readers, rendered at its first use and kept in memory.

    One process, one store. `forget` drops what belongs to a questionnaire version that was withdrawn.
    """

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.offered = all_locales
        """The languages that pages lead to; an address with another one still answers."""
        self.accepted: Collection[str] = {locale.code for locale in all_locales}
        """The languages somebody looked over; a page in another one says so."""
        environment.globals["is_accepted"] = lambda: current_locale().code in self.accepted
        self._form_pages: dict[FormKey, FormPage] = {}
        self._open_form_pages: dict[FormKey, OpenFormPage] = {}
        self._pages: dict[Hashable, Skeleton] = {}

    def offer(self, codes: Collection[str]) -> None:
        """Lead to pages in these languages alone."""
        self.offered = tuple(locale for locale in all_locales if locale.code in codes)

    def accept(self, codes: Collection[str]) -> None:
        """Take these languages as looked over, and no others."""
        if set(codes) != set(self.accepted):
            self.accepted = codes
            self._pages.clear()
            self.forget_forms()

    def form_page(
        self,
        version: Hashable,
        questionnaire: Questionnaire,
        form: Form,
        locale: str,
        *,
        ways: tuple[Way, ...] = (),
        known: Sequence[Question] = (),
    ) -> FormPage:
        """The empty form of a personal link; `version` also tells what is left out because it is known."""
        return _once(
            self._form_pages,
            (version, form.key, locale, told_minutes(form.planned_seconds, form.measured_seconds), ways),
            lambda: FormPage(self.environment, questionnaire, form, locale, ways=ways, known=known),
        )

    def open_form_page(
        self,
        version: Hashable,
        survey: str,
        questionnaire: Questionnaire,
        form: Form,
        locale: str,
        *,
        ways: tuple[Way, ...] = (),
    ) -> OpenFormPage:
        """The empty form of the open link `/o/<survey>/…`."""
        return _once(
            self._open_form_pages,
            (version, form.key, locale, told_minutes(form.planned_seconds, form.measured_seconds), ways),
            lambda: OpenFormPage(
                self.environment, survey, questionnaire, form, locale, version=version, ways=ways
            ),
        )

    def tablet_form_page(
        self, version: Hashable, form_id: int, questionnaire: Questionnaire, form: Form, locale: str
    ) -> OpenFormPage:
        """The empty form on a tablet, all of it on one page."""
        return _once(
            self._open_form_pages,
            (
                version, f"tablet {form.key}", locale,
                told_minutes(form.planned_seconds, form.measured_seconds), (),
            ),
            lambda: OpenFormPage(
                self.environment, "", questionnaire, form, locale,
                action=tablet_form_action(hole("token"), locale, version, form_id),
                template=TABLET_FORM, is_whole=True,
            ),
        )  # fmt: skip

    def page(
        self,
        template: str,
        locale: str,
        *,
        path: str = "",
        languages: tuple[Locale, ...] = (),
        **values: Hashable,
    ) -> Skeleton:
        """One of `PAGES`. Fill it with `nonce`, and `token` where path or values have `{token}` in them."""
        languages = languages or self.offered
        return _once(
            self._pages,
            (template, locale, path, languages, *sorted(values.items())),
            lambda: Skeleton(
                render_page(
                    self.environment,
                    template,
                    locale,
                    nonce=hole("nonce"),
                    path=path.replace("{token}", hole("token")),
                    languages=languages,
                    **{name: _with_hole(value) for name, value in values.items()},
                )
            ),
        )

    def forget_forms(self) -> None:
        """Drop every form: they say which languages there are."""
        self._form_pages.clear()
        self._open_form_pages.clear()

    def forget(self, version: Hashable) -> None:
        """Drop the forms of one questionnaire version."""
        self._form_pages = {key: page for key, page in self._form_pages.items() if key[0] != version}
        self._open_form_pages = {
            key: page for key, page in self._open_form_pages.items() if key[0] != version
        }


def _with_hole(value: Hashable) -> Hashable:
    return value.replace("{token}", hole("token")) if isinstance(value, str) else value


def _once(store: dict[Key, Page], key: Key, make: Callable[[], Page]) -> Page:
    if key not in store:
        store[key] = make()
    return store[key]
