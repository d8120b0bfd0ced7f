"""Which form a link leads to, answered from memory when it was asked before."""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Literal

import msgspec

from survey_service.db.answer_writer import AnswerWriter, open_answer_writer
from survey_service.db.change_feed import ChangeFeed, open_change_feed
from survey_service.db.invitation_link import InvitationLink, find_invitation_links
from survey_service.db.kept import Kept
from survey_service.db.served_form import (
    OpenSurvey,
    ServedVersion,
    find_open_surveys,
    find_served_versions,
)
from survey_service.domain.anonymity import Layer
from survey_service.domain.errors import NotFound
from survey_service.domain.known_facts import KnownFact, RememberedAnswer, leave_out, without_questions
from survey_service.domain.modes import Mode
from survey_service.domain.questionnaire import Form
from survey_service.domain.tokens import hash_token
from survey_service.services.questionnaires.review_languages import keep_offered

MOST_LINKS = 100_000
MOST_VERSIONS = 200
MOST_SURVEYS = 1_000
MOST_SHORTENED = 1_000
"""Questionnaires without what is known of somebody: as many as sets of facts, not as people."""

Standing = Literal["open", "answered", "expired", "closed"]


class Visit(msgspec.Struct, frozen=True):
    """A form about to be shown or answered, and whose answer it is."""

    survey: int
    version: ServedVersion
    form_id: int
    standing: Standing
    language: str = ""
    """Of the invitation; empty for an open link."""
    token_hash: bytes | None = None
    submission_hash: bytes | None = None
    channel: str | None = None
    may_change: bool = False
    """What was sent may still be changed: the survey is open and the link has not expired."""
    known: Mapping[str, KnownFact] = {}
    """Facts about the person, by name."""
    left_out: tuple[RememberedAnswer, ...] = ()
    """Answers to the questions that were left out of `version` because they are known."""
    mode: Mode = "web"
    entered_by: int | None = None
    tablet: int | None = None
    received_on: date | None = None
    """Of a form that staff type in."""
    layer: Layer | None = None
    """In an anonymous survey: where the person was drawn."""
    weight: float = 1.0
    copy: str = ""
    """Of the page, in an anonymous survey: by chance; it also decides the form."""

    @property
    def is_anonymous(self) -> bool:
        """Whether a personal link leads to an anonymous survey."""
        return self.layer is not None

    def with_copy(self, copy: str) -> "Visit":
        """The same with one copy of an anonymous survey's page, and the form that this copy has.

        By lot and not as it was assigned to the invitation: the form shows in the answers.
        """
        return msgspec.structs.replace(self, copy=copy, form_id=choose_open_form(self.version, copy))

    @property
    def form(self) -> Form:
        return self.version.forms[self.form_id]


class FormDesk:
    """What one web process keeps: links, surveys, questionnaires, the writer of answers and the seal."""

    def __init__(
        self, feed: ChangeFeed, writer: AnswerWriter, secret_key: bytes, *, offers_unreviewed: bool = True
    ) -> None:
        def is_told() -> bool:
            return feed.is_live

        self.writer = writer
        self.secret_key = secret_key
        self._links = Kept(find_invitation_links, most=MOST_LINKS, may_keep=is_told)
        self._surveys = Kept(find_open_surveys, most=MOST_SURVEYS, may_keep=is_told)
        self._feed = feed
        self._shortened: dict[tuple[int, int, frozenset[str]], ServedVersion] = {}
        if offers_unreviewed:
            # A version never changes once used, but for the measured length: a late word does no harm.
            self._versions = Kept(find_served_versions, most=MOST_VERSIONS, may_keep=lambda: True)
        else:
            self._versions = Kept(_find_offered_versions, most=MOST_VERSIONS, may_keep=is_told)
            feed.subscribe(self._forget_versions)
        feed.subscribe(self._links.forget)
        feed.subscribe(self._forget_surveys)

    async def visit(self, token: str, at: datetime) -> Visit:
        """The form of a personal link. Raises NotFound for a link that leads nowhere."""
        token_hash = hash_token(token)
        if token_hash is None:
            raise NotFound("The link is not complete.", code="incomplete_link")
        link = self._links.peek(token_hash) or await self._links.find(token_hash)
        if link is not None and link.state == "reserved":
            # Its link may have been written since: what rides in an issue is served as soon as that is out.
            self._links.forget([token_hash])
            link = await self._links.find(token_hash)
        if link is None or link.state == "reserved":
            raise NotFound("There is no such link.")
        version = await self._version(link.questionnaire_version)
        return self._visit_link(token_hash, link, version, at)

    def visit_in_memory(self, token: str, at: datetime) -> Visit | None:
        """The same without asking the database; None when it would have to be asked, or has no such link."""
        token_hash = hash_token(token)
        link = None if token_hash is None else self._links.peek(token_hash)
        version = None if link is None else self._versions.peek(link.questionnaire_version)
        if token_hash is None or link is None or version is None or link.state == "reserved":
            return None
        return self._visit_link(token_hash, link, version, at)

    def _visit_link(
        self, token_hash: bytes, link: InvitationLink, version: ServedVersion, at: datetime
    ) -> Visit:
        is_named = link.layer is None
        may_change = is_named and link.state == "answered" and link.is_survey_open and at < link.expires_at
        visit = Visit(
            link.survey,
            version,
            link.form,
            judge_link(link, at),
            link.language,
            token_hash,
            may_change=may_change,
            known={one.fact: one for one in link.known},
            layer=link.layer,
            weight=link.weight,
        )
        return self._leave_out_known(visit) if link.known else visit

    def _leave_out_known(self, visit: Visit) -> Visit:
        """The visit of somebody who told us before what some questions ask."""
        questions = visit.form.questions_of(visit.version.questionnaire)
        left = leave_out(questions, visit.known)
        if not left:
            return visit
        names = frozenset(left)
        key = (visit.version.id, visit.form_id, names)
        if key not in self._shortened:
            if len(self._shortened) >= MOST_SHORTENED:
                self._shortened.clear()
            self._shortened[key] = msgspec.structs.replace(
                visit.version,
                questionnaire=without_questions(visit.version.questionnaire, names),
                left_out=tuple(question for question in questions if question.name in names),
            )
        return msgspec.structs.replace(visit, version=self._shortened[key], left_out=tuple(left.values()))

    async def open_survey(self, slug: str) -> OpenSurvey:
        """The survey behind an open link. Raises NotFound when it has none."""
        survey = self._surveys.peek(slug) or await self._surveys.find(slug)
        if survey is None or not survey.has_open_link:
            raise NotFound("There is no such survey.")
        return survey

    async def visit_open(
        self, slug: str, submission_id: str, channel: str, *, version_id: int | None = None
    ) -> Visit:
        """The form that one served copy of an open link's page has.

        `version_id` is what the copy says it was made of; without one it is the newest.
        """
        survey = await self.open_survey(slug)
        if version_id is None or version_id not in survey.versions:
            version_id = survey.questionnaire_version
        version = await self._version(version_id)
        return Visit(
            survey.id,
            version,
            choose_open_form(version, submission_id),
            "open" if survey.is_open else "closed",
            submission_hash=hashlib.sha256(submission_id.encode()).digest(),
            channel=channel,
        )

    async def tablet_survey(
        self, slug: str, version_id: int | None = None
    ) -> tuple[OpenSurvey, ServedVersion]:
        """The survey of a tablet, which needs no open link, in this version or the newest."""
        survey = self._surveys.peek(slug) or await self._surveys.find(slug)
        if survey is None:
            raise NotFound("There is no such survey.")
        if version_id is None or version_id not in survey.versions:
            version_id = survey.questionnaire_version
        return survey, await self._version(version_id)

    def forget_link(self, token_hash: bytes) -> None:
        """Ask the database about this link next time."""
        self._links.forget([token_hash])

    async def version_of(self, survey: OpenSurvey) -> ServedVersion:
        """The questionnaire of an open link."""
        return await self._version(survey.questionnaire_version)

    async def _version(self, version_id: int) -> ServedVersion:
        version = self._versions.peek(version_id) or await self._versions.find(version_id)
        assert version is not None, "a foreign key holds it"
        return version

    def tell_of_changes(self, listener: Callable[[], None]) -> None:
        """Have `listener` called when the languages that forms are offered in may have changed."""
        self._feed.subscribe(lambda changed: listener() if changed is None else None)

    def _forget_versions(self, changed: Iterable[bytes] | None) -> None:
        if changed is None:
            self._versions.forget(None)
            self._shortened.clear()

    def _forget_surveys(self, changed: Iterable[bytes] | None) -> None:
        if changed is None:
            self._surveys.forget(None)
            self._versions.forget(None)
            self._shortened.clear()


async def _find_offered_versions(ids: list[int]) -> dict[int, ServedVersion]:
    return await keep_offered(await find_served_versions(ids))


def judge_link(link: InvitationLink, at: datetime) -> Standing:
    """Whether a link takes answers; having answered is said before anything else."""
    if link.state in ("answered", "early"):
        return "answered"
    if link.state == "cancelled" or not link.is_survey_open:
        return "closed"
    return "expired" if at >= link.expires_at else "open"


def choose_open_form(version: ServedVersion, submission_id: str) -> int:
    """A form for one served copy of an open link: each form in its share of the copies.

    The choice follows from the copy's id, so the post needs no word of the form it answers.
    """
    place = int.from_bytes(hashlib.sha256(b"form|" + submission_id.encode()).digest()[:8]) / 2**64
    for form_id, form in version.forms.items():
        place -= form.share
        if place < 0:
            return form_id
    return form_id


@asynccontextmanager
async def open_form_desk(
    database_url: str, secret_key: bytes, *, offers_unreviewed: bool = True
) -> AsyncIterator[FormDesk]:
    """A desk for as long as the context lasts; the database's pool must be open. One process has one.

    `secret_key` seals the answers of anonymous surveys. `offers_unreviewed` says whether
    languages are offered that nobody accepted.
    """
    async with open_change_feed(database_url) as feed, open_answer_writer(database_url) as writer:
        yield FormDesk(feed, writer, secret_key, offers_unreviewed=offers_unreviewed)
