"""How far each language of a survey is, who looked it over, and whether people are offered it."""

import msgspec

from survey_service.db import translation_review
from survey_service.db.audit_event import add_audit_event
from survey_service.db.engine import transaction
from survey_service.db.result import ReviewedSurvey
from survey_service.db.served_form import ServedVersion
from survey_service.db.staff import StaffMember
from survey_service.db.translation_review import Review
from survey_service.domain.drafts import LanguageStanding, judge_language
from survey_service.domain.errors import Conflict, NotFound
from survey_service.domain.offered_languages import offered_languages, pages_written_in
from survey_service.domain.roles import check_may
from survey_service.domain.survey_texts import hash_language
from survey_service.i18n.locales import KNOWN_LOCALES, find_locale
from survey_service.services.questionnaires.edit_draft import load_draft
from survey_service.settings import Settings


class LanguageReview(msgspec.Struct, frozen=True, kw_only=True):
    """One language of a survey's draft."""

    code: str
    name: str
    is_base: bool
    standing: LanguageStanding
    review: Review | None
    is_review_current: bool
    """False where the words changed since somebody accepted them."""
    pages: Review | None
    has_pages: bool
    """False for a language that the pages around a survey are not written in."""
    is_offered: bool
    """True where people are offered it once the draft is published."""


async def review_languages(
    staff: StaffMember, survey: ReviewedSurvey, settings: Settings
) -> list[LanguageReview]:
    """Every language of the draft, the base language first."""
    check_may(staff.role, "author")
    draft = (await load_draft(survey)).draft
    questionnaire = draft.questionnaire
    base = questionnaire.default_language
    reviews = await translation_review.list_reviews(survey.id)
    pages = await translation_review.list_accepted_languages()
    current = {
        code
        for code in questionnaire.languages
        if hash_language(questionnaire, code) in {one.content_hash for one in reviews.get(code, ())}
    }
    offered = offered_languages(
        questionnaire.languages,
        base=base,
        allows_unreviewed=settings.unreviewed_languages,
        accepted_pages=pages.keys(),
        accepted_words=current,
    )
    found = []
    for code in dict.fromkeys((base, *questionnaire.languages)):
        standing, locale = judge_language(draft, code), find_locale(code)
        found.append(
            LanguageReview(
                code=code,
                name=locale.name if locale else code,
                is_base=code == base,
                standing=standing,
                review=next(iter(reviews.get(code, ())), None),
                is_review_current=code in current,
                pages=pages.get(code),
                has_pages=locale is not None,
                is_offered=standing.is_whole and code in offered and locale is not None,
            )
        )
    return found


async def accept_words(staff: StaffMember, survey: ReviewedSurvey, language: str, *, base: int) -> None:
    """Note that this person accepts a survey's words in a language as they stand in the draft."""
    check_may(staff.role, "author")
    async with transaction():
        current = await load_draft(survey)
        if base != current.number:
            raise Conflict("The words changed while you were looking at them.", hint="Look again.")
        if language not in current.draft.questionnaire.languages:
            raise NotFound("The survey is not written in this language.", got=repr(language))
        if not judge_language(current.draft, language).is_whole:
            raise Conflict("The language is not whole: translate what is missing or out of date first.")
        content_hash = hash_language(current.draft.questionnaire, language)
        await translation_review.set_review(
            survey=survey.id, language=language, content_hash=content_hash, staff=staff.id
        )
        await add_audit_event(
            staff=staff.id,
            action="translation.accept",
            object_kind="survey",
            object_id=survey.slug,
            detail={"language": language},
        )


async def refuse_words(staff: StaffMember, survey: ReviewedSurvey, language: str) -> None:
    """Take the acceptance of a survey's words back."""
    check_may(staff.role, "author")
    async with transaction():
        await translation_review.remove_review(survey.id, language)
        await add_audit_event(
            staff=staff.id,
            action="translation.refuse",
            object_kind="survey",
            object_id=survey.slug,
            detail={"language": language},
        )


async def list_pages(staff: StaffMember) -> dict[str, Review | None]:
    """The languages of the pages around surveys, and who accepted each."""
    check_may(staff.role, "author")
    accepted = await translation_review.list_accepted_languages()
    return {code: accepted.get(code) for code in KNOWN_LOCALES if code != pages_written_in}


async def list_offered_pages() -> set[str]:
    """The languages whose pages somebody accepted, and the one they are written in."""
    return {pages_written_in, *await translation_review.list_accepted_languages()}


async def accept_pages(staff: StaffMember, language: str, *, is_accepted: bool) -> None:
    """Accept the pages in a language for every survey, or take that back."""
    check_may(staff.role, "govern")
    if find_locale(language) is None or language == pages_written_in:
        raise NotFound("There are no pages in this language.", got=repr(language))
    async with transaction():
        if is_accepted:
            await translation_review.accept_language(language, staff=staff.id)
        else:
            await translation_review.refuse_language(language)
        await add_audit_event(
            staff=staff.id,
            action="language.accept" if is_accepted else "language.refuse",
            object_kind="language",
            object_id=language,
        )


async def keep_offered(versions: dict[int, ServedVersion]) -> dict[int, ServedVersion]:
    """The versions with those languages only that somebody accepted."""
    pages = (await translation_review.list_accepted_languages()).keys()
    accepted = await translation_review.list_accepted_words(list(versions))
    kept = {}
    for number, version in versions.items():
        questionnaire = version.questionnaire
        words = {
            code
            for code in questionnaire.languages
            if (code, hash_language(questionnaire, code)) in accepted.get(number, ())
        }
        offered = offered_languages(
            questionnaire.languages,
            base=questionnaire.default_language,
            allows_unreviewed=False,
            accepted_pages=pages,
            accepted_words=words,
        )
        served = msgspec.structs.replace(questionnaire, languages=offered)
        kept[number] = msgspec.structs.replace(version, questionnaire=served)
    return kept
