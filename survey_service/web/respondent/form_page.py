"""The form: rendered for one reader with what they typed, or once for everybody with holes."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from time import time

from jinja2 import Environment

from survey_service.domain.answers import AnswerError, FormValues
from survey_service.domain.flood import TRAP_FIELD
from survey_service.domain.form_pages import Step, split_pages
from survey_service.domain.known_facts import KnownFact, facts_asked
from survey_service.domain.length import told_minutes
from survey_service.domain.other_ways import Way
from survey_service.domain.questionnaire import Form, Question, Questionnaire
from survey_service.i18n.locales import KNOWN_LOCALES, Locale
from survey_service.i18n.translate import use_locale
from survey_service.services.answers.resume_form import make_resume_key
from survey_service.services.answers.submit_answers import (
    ACTIVE_SECONDS_FIELD,
    FORM_PAGE_FIELD,
    GO_FIELD,
    QUESTION_SECONDS_FIELD,
    REMEMBER_FIELD,
    RESUME_KEY_FIELD,
    SERVED_AT_FIELD,
)
from survey_service.web.respondent.form_steps import COPY_FIELD, carried_fields, show_page
from survey_service.web.respondent.piped_text import say_facts, say_unknown
from survey_service.web.respondent.question_view import view_errors, view_questions
from survey_service.web.skeleton import Skeleton, hole

SWITCH_LANGUAGE_FIELD = "switch_language"
"""Posted by the buttons of the language switch: the code of the language wanted."""

CHANNEL_FIELD = "open-channel"
"""Posted by an open form: where the link was found. (No question's name has a hyphen.)"""

SUBMISSION_FIELD = COPY_FIELD
"""A double click on one copy counts once."""


KEEP_DAYS = 7
"""How long an open form stays on the device of somebody who keeps it there."""

VERSION_FIELD = "version"
"""In the address an open form is posted to: the id of its questionnaire version."""


FORM = "respondent/form.html"

FIELD_NAMES = {
    "active_seconds_field": ACTIVE_SECONDS_FIELD,
    "channel_field": CHANNEL_FIELD,
    "form_page_field": FORM_PAGE_FIELD,
    "go_field": GO_FIELD,
    "question_seconds_field": QUESTION_SECONDS_FIELD,
    "remember_field": REMEMBER_FIELD,
    "resume_key_field": RESUME_KEY_FIELD,
    "served_at_field": SERVED_AT_FIELD,
    "submission_field": SUBMISSION_FIELD,
    "switch_language_field": SWITCH_LANGUAGE_FIELD,
    "trap_field": TRAP_FIELD,
}
"""What the template calls the fields that are no question's."""


def now_in_seconds() -> str:
    """The moment as a form carries it."""
    return str(int(time()))


def offered_locales(questionnaire: Questionnaire) -> tuple[Locale, ...]:
    """The languages a questionnaire is served in: those of its own that the pages have, too."""
    return tuple(locale for code, locale in KNOWN_LOCALES.items() if code in questionnaire.languages)


def render_form(
    environment: Environment,
    questionnaire: Questionnaire,
    form: Form,
    locale: str,
    *,
    action: str,
    nonce: str,
    served_at: str,
    channel: str | None = None,
    submission: str = "",
    values: FormValues | None = None,
    errors: Sequence[AnswerError] = (),
    template: str = FORM,
    page: int = 1,
    resume_key: str = "",
    is_kept: bool = False,
    today: date | None = None,
    is_whole: bool = False,
    facts: Mapping[str, str] | None = None,
    ways: tuple[Way, ...] = (),
    known: Sequence[Question] = (),
) -> str:
    """The page of a form in one language; of a longer form the one with this number, from 1.

    `action` is the address the form posts to, `served_at` the moment in seconds since 1970. `channel` makes
    it an open form, `submission` names its copy. `values` is what was posted, shown again as it was typed;
    `errors` are said at the top and beside their questions. What was typed on other pages comes along
    unseen, so that the form is whole wherever it is sent from. `resume_key` belongs to a personal link.
    In an anonymous survey it has none: `submission` names its copy, too, and nothing is kept on the way.
    `is_whole` shows every page at once, as authors look at it. `facts` are the person's, masked; `known` are
    questions that this person is not asked: the page says which, and not what the answers are, as the link
    may have been passed on.
    """
    typed, is_anonymous = values or {}, questionnaire.is_anonymous
    pages = (form.questions_of(questionnaire),) if is_whole else split_pages(questionnaire, form)
    step = Step(page=page, pages=pages)
    is_keepable = channel is not None and template == FORM and len(pages) > 1 and not is_anonymous
    with use_locale(locale):
        questions = view_questions(form.questions_of(questionnaire), locale, typed, errors, facts=facts)
        shown = show_page(questions, step, questionnaire, form, typed, today=today)
        return environment.get_template(template).render(
            FIELD_NAMES,
            title=questionnaire.title[locale],
            questions=shown,
            step=step,
            is_kept=is_kept,
            keep_days=KEEP_DAYS if is_keepable else 0,
            ways=ways,
            carried=carried_fields(step, typed),
            resume_key="" if is_anonymous else resume_key or typed.get(RESUME_KEY_FIELD, [""])[0],
            question_seconds=typed.get(QUESTION_SECONDS_FIELD, [""])[0],
            is_fresh=values is None,
            question_count=sum(question.number > 0 for question in questions),
            minutes=told_minutes(form.planned_seconds, form.measured_seconds),
            errors=view_errors(errors),
            action=action,
            nonce=nonce,
            # What was measured before an error or another language counts, too.
            active_seconds=typed.get(ACTIVE_SECONDS_FIELD, [""])[0],
            served_at=typed.get(SERVED_AT_FIELD, [served_at])[0],
            channel=channel,
            submission=submission,
            languages=offered_locales(questionnaire),
            is_anonymous=is_anonymous,
            known=[question.label[locale] for question in known],
            is_rememberable=not is_anonymous
            and channel is None
            and bool(facts_asked(form.questions_of(questionnaire))),
            is_remembered=not is_anonymous and bool(typed.get(REMEMBER_FIELD)),
        )


def open_form_action(survey: str, locale: str, version: Hashable = None) -> str:
    """Where an open form is posted to; it says which version of the questions was before the person."""
    return f"/o/{survey}/{locale}" + (f"?{VERSION_FIELD}={version}" if version is not None else "")


TABLET_FORM = "respondent/tablet_form.html"


def tablet_form_action(token: str, locale: str, version: Hashable, form_id: int) -> str:
    """Where a tablet posts to: which questions were before the person, of which version."""
    return f"/tablet/{token}/{locale}?{VERSION_FIELD}={version}&form={form_id}"


class FormPage:
    """The empty form of a personal link, ready but for the link's token and the nonce of its scripts."""

    def __init__(
        self,
        environment: Environment,
        questionnaire: Questionnaire,
        form: Form,
        locale: str,
        *,
        ways: tuple[Way, ...] = (),
        known: Sequence[Question] = (),
    ) -> None:
        action = f"/s/{hole('token')}/{locale}"
        self._fact_holes = {name: f"fact{chr(ord('a') + at)}" for at, name in enumerate(questionnaire.facts)}
        self._locale = locale
        self._skeleton = Skeleton(
            render_form(
                environment,
                questionnaire,
                form,
                locale,
                action=action,
                nonce=hole("nonce"),
                served_at=hole("served"),
                resume_key=hole("resume"),
                submission=hole("copy") if questionnaire.is_anonymous else "",
                facts={name: hole(place) for name, place in self._fact_holes.items()},
                ways=ways,
                known=known,
            )
        )

    def fill(
        self, *, token: str, nonce: str, known: Mapping[str, KnownFact] | None = None, copy: str = ""
    ) -> bytes:
        """The page of one person, with what is `known` of them, masked, where the texts repeat it.

        `copy` names this page in an anonymous survey.
        """
        facts: dict[str, str] = {}
        if self._fact_holes:
            with use_locale(self._locale):
                said = say_facts(known or {}, self._locale)
                facts = {hole: said.get(name) or say_unknown() for name, hole in self._fact_holes.items()}
        return self._skeleton.fill(
            token=token, nonce=nonce, served=now_in_seconds(), resume=make_resume_key(), copy=copy, **facts
        )


class OpenFormPage:
    """The empty form of a survey's open link, ready but for channel, copy and nonce."""

    def __init__(
        self,
        environment: Environment,
        survey: str,
        questionnaire: Questionnaire,
        form: Form,
        locale: str,
        *,
        version: Hashable = None,
        ways: tuple[Way, ...] = (),
        action: str = "",
        template: str = FORM,
        is_whole: bool = False,
    ) -> None:
        action = action or open_form_action(survey, locale, version)
        self._skeleton = Skeleton(
            render_form(
                environment,
                questionnaire,
                form,
                locale,
                action=action,
                nonce=hole("nonce"),
                served_at=hole("served"),
                channel=hole("channel"),
                submission=hole("submission"),
                ways=ways,
                template=template,
                is_whole=is_whole,
            )
        )

    def fill(self, *, channel: str, submission: str, nonce: str, token: str = "") -> bytes:
        """`token` is that of a tablet's link."""
        return self._skeleton.fill(
            channel=channel, submission=submission, nonce=nonce, served=now_in_seconds(), token=token
        )
