"""Ask once: what a draft repeats that others asked the same people, and what is done about it."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

import msgspec

from survey_service.db import audit_event, question_bank, questionnaire_version
from survey_service.db.engine import transaction
from survey_service.db.question_bank import AskedSurvey, RepeatDecision
from survey_service.db.served_form import ServedVersion
from survey_service.domain.answers import clean_text
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.domain.questionnaire import Questionnaire
from survey_service.domain.repeats import (
    DEFAULT_VALIDITY_DAYS,
    LikelyPairs,
    LikelySame,
    RepeatedQuestion,
    find_repeated_questions,
    list_compared_wordings,
)
from survey_service.domain.wording_match import MOST_SHOWN, SIMILAR, WordingMatcher
from survey_service.integrations.english_wording import english_matcher

LONGEST_REASON = 1_000
LONGEST_VALIDITY = 3_650
"""Days: ten years."""


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """A question of a survey that repeats one of another survey, and what was decided about it."""

    found: RepeatedQuestion
    survey: AskedSurvey
    decision: RepeatDecision | None

    @property
    def key(self) -> str:
        """Names the pair in forms and addresses."""
        return f"{self.found.question.name} {self.survey.slug} {self.found.other.name}"


async def find_repeats(survey: int, questionnaire: Questionnaire, *, today: date) -> list[Repeat]:
    """Compare a questionnaire with every survey that asked some of the same strata in the validity period."""
    validity = {one.concept: one.validity_days for one in await question_bank.list_bank_questions()}
    longest = max([DEFAULT_VALIDITY_DAYS, *validity.values()])
    since = datetime.combine(today - timedelta(days=longest), datetime.min.time(), UTC)
    asked = await question_bank.list_asked_surveys(since, sharing_with=survey)
    decided = {
        (one.question, one.other_survey, one.other_question): one
        for one in await question_bank.list_decisions(survey)
    }
    likely = await asyncio.to_thread(
        guess_repeats, questionnaire, [other.questionnaire for other in asked], matcher=_matcher()
    )
    repeats = [
        Repeat(
            found=found,
            survey=other,
            decision=decided.get((found.question.name, other.id, found.other.name)),
        )
        for other in asked
        for found in find_repeated_questions(
            questionnaire,
            other.questionnaire,
            asked_on=other.opened_at.date(),
            today=today,
            validity=validity,
            likely=likely,
        )
    ]
    places = {question.name: place for place, question in enumerate(questionnaire.questions())}
    repeats.sort(
        key=lambda one: (places[one.found.question.name], not one.found.is_certain, -one.found.score)
    )
    return list(_drop_unlikely(repeats))


def _drop_unlikely(repeats: Sequence[Repeat]) -> Iterator[Repeat]:
    """Of what is only guessed, keep a few for each question, however many surveys asked in the same words."""
    guesses: Counter[str] = Counter()
    for one in repeats:
        guesses[one.found.question.name] += not one.found.is_certain
        if one.found.is_certain or guesses[one.found.question.name] <= MOST_SHOWN:
            yield one


def guess_repeats(
    draft: Questionnaire, earlier: Sequence[Questionnaire], *, matcher: WordingMatcher
) -> LikelyPairs:
    """For each question of a draft, name the few earlier wordings that most likely ask the same."""
    texts = sorted({text for one in earlier for text in list_compared_wordings(one)})
    index = matcher.index(texts)
    return {
        (text, texts[hit.place]): LikelySame(
            score=hit.score, likenesses=matcher.likenesses(text, texts[hit.place])
        )
        for text in list_compared_wordings(draft)
        for hit in matcher.find(text, index, at_least=SIMILAR)
    }


async def check_repeats(
    survey: int, slug: str, questionnaire: Questionnaire, *, today: date, reason: str | None
) -> None:
    """Refuse to open a survey with an undecided repeat; a reason given now decides all that are left.

    What only seems to ask the same in other words is shown and stands in nobody's way: it is a guess.
    """
    found = await find_repeats(survey, questionnaire, today=today)
    undecided = [one for one in found if one.decision is None and one.found.is_certain]
    if not undecided:
        return
    if reason and reason.strip():
        await _note(survey, slug, undecided, decision="ask", reason=clean_text(reason), staff=None)
        return
    first = undecided[0]
    raise Conflict(
        f"The survey repeats {len(undecided)} questions that the same people were asked before.",
        got=f"{first.found.question.name}, asked by {first.survey.department} in {first.survey.slug} "
        f"on {first.survey.opened_at.date().isoformat()}",
        hint=f"See `survey-service survey repeats {slug}`: take each out and use that result, "
        "or say why it is asked again.",
        code="repeats",
    )


async def ask_again(
    survey: int, slug: str, repeats: Sequence[Repeat], *, reason: str, staff: int | None
) -> None:
    """Note why questions are asked again."""
    text = clean_text(reason)
    if not text or len(text) > LONGEST_REASON:
        raise SurveyServiceError(
            "There is no reason that could be kept.",
            expected=f"a sentence of at most {LONGEST_REASON} signs",
            hint="Say what a new answer would tell that the earlier one does not.",
        )
    async with transaction():
        await _note(survey, slug, repeats, decision="ask", reason=text, staff=staff)


async def use_other_result(survey: int, slug: str, repeat: Repeat, *, staff: int | None) -> None:
    """Note that the other survey's result is used in place of asking."""
    async with transaction():
        await _note(survey, slug, [repeat], decision="reuse", reason="", staff=staff)


def get_repeat(repeats: Sequence[Repeat], key: str) -> Repeat:
    """Return the pair of this key."""
    for one in repeats:
        if one.key == key:
            return one
    raise NotFound("The survey does not repeat this question.", hint="Look at the list again.")


async def fill_bank(questionnaire: Questionnaire, department: str) -> None:
    """Take the questions of a survey that name a concept into the bank."""
    named = [question for question in questionnaire.questions() if question.concept]
    if named:
        await question_bank.add_bank_questions(named, department=department)


async def set_validity(concept: str, days: int, *, staff: int | None) -> None:
    """Say for how many days an answer to a concept is as good as a new one."""
    if not 1 <= days <= LONGEST_VALIDITY:
        raise SurveyServiceError(
            "The validity makes no sense.",
            expected=f"1 to {LONGEST_VALIDITY} days",
            got=str(days),
            hint="A year is 365.",
        )
    async with transaction():
        if not await question_bank.set_validity(concept, days):
            raise NotFound(f"The bank has no concept {concept!r}.", hint="See the question bank.")
        await audit_event.add_audit_event(
            staff=staff,
            action="question_bank.validity",
            object_kind="concept",
            object_id=concept,
            detail={"days": days},
        )


async def newest_version_of(survey: int) -> ServedVersion:
    """The questionnaire that counts now."""
    version = await questionnaire_version.load_newest_version(survey)
    if version is None:
        raise NotFound("The survey has no questionnaire.", hint="Import its workbook.")
    return version


async def _note(
    survey: int, slug: str, repeats: Sequence[Repeat], *, decision: str, reason: str, staff: int | None
) -> None:
    pairs = [(one.found.question.name, one.survey.id, one.found.other.name) for one in repeats]
    await question_bank.add_decisions(survey, pairs, decision=decision, reason=reason, staff=staff)
    for one in repeats:
        await audit_event.add_audit_event(
            staff=staff,
            action=f"survey.repeat_{decision}",
            object_kind="survey",
            object_id=slug,
            detail={"question": one.found.question.name, "other": one.survey.slug, "reason": reason},
        )


def today_in_utc() -> date:
    """Validity is counted in days; a night more or less decides nothing."""
    return datetime.now(UTC).date()


def search_wordings(wanted: str, texts: Sequence[str], *, at_least: float, most: int) -> dict[str, float]:
    """Return the English questions that most likely ask what was looked for, with how likely."""
    matcher = _matcher()
    hits = matcher.find(wanted, matcher.index(texts), at_least=at_least, most=most)
    return {texts[hit.place]: hit.score for hit in hits}


@cache
def _matcher() -> WordingMatcher:
    return english_matcher()
