"""Translate a survey: side by side in the browser, or in a translator's own program and back."""

import asyncio
from collections.abc import Mapping

import msgspec

from survey_service.db import draft as draft_table
from survey_service.db.audit_event import add_audit_event
from survey_service.db.result import ReviewedSurvey
from survey_service.db.staff import StaffMember
from survey_service.domain.drafts import Draft, Standing, judge_text, put_translations
from survey_service.domain.errors import FileRefused, NotFound
from survey_service.domain.roles import check_may
from survey_service.domain.survey_texts import SurveyText, hash_text, list_texts
from survey_service.domain.translation_memory import repeat_translations, suggest_translations
from survey_service.integrations.translation_files import (
    TextToTranslate,
    TranslatedText,
    read_translations,
    write_translation_po,
    write_translation_workbook,
)
from survey_service.services.questionnaires.edit_draft import CurrentDraft, Step, change_draft, load_draft
from survey_service.services.questionnaires.ready_surveys import list_ready_surveys
from survey_service.services.questionnaires.standard_answers import list_standard_answers


class TranslationLine(msgspec.Struct, frozen=True, kw_only=True):
    """One text with its translation."""

    path: str
    field: str
    question: str
    """Name of the question it belongs to; empty for titles and headings."""
    base: str
    text: str
    standing: Standing


class FileTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a translator's file."""

    changed: int
    outdated: int
    """Translations of texts that were changed since the file went out: stored, and marked out of date."""
    unknown: int
    """Texts that are not in the survey any more."""


def list_lines(draft: Draft, language: str) -> list[TranslationLine]:
    """Every text a respondent can come to see, in order."""
    base = draft.questionnaire.default_language
    return [
        TranslationLine(
            path=text.path,
            field=text.field,
            question=text.question.name if text.question else "",
            base=text.texts.get(base, ""),
            text=text.texts.get(language, ""),
            standing=judge_text(draft, text, language),
        )
        for text in list_texts(draft.questionnaire)
        if text.is_visible
    ]


def list_suggestions(draft: Draft, language: str) -> dict[str, str]:
    """By path: how the same words are translated in the survey, in a ready one, or on every scale."""
    ready = [one.draft.questionnaire for one in list_ready_surveys()]
    return suggest_translations(draft, language, ready, list_standard_answers())


def check_language(draft: Draft, language: str) -> None:
    """Refuse a language the survey is not translated to."""
    questionnaire = draft.questionnaire
    if language not in questionnaire.languages or language == questionnaire.default_language:
        raise NotFound("The survey is not translated to this language.", got=repr(language[:20]))


async def save_lines(
    staff: StaffMember,
    survey: ReviewedSurvey,
    language: str,
    typed: Mapping[str, str],
    *,
    confirmed: frozenset[str],
    base: int,
) -> CurrentDraft:
    """Store what was typed differently from the draft the person had before them.

    `confirmed` are paths whose translation still fits though the text was changed. Somebody else's work on
    other texts stays; where both changed the same text the save is refused.
    """
    had = await draft_table.find_edit(survey.id, base or 1)
    before = had.draft if had is not None else (await load_draft(survey)).draft
    check_language(before, language)
    lines = {line.path: line for line in list_lines(before, language)}
    written = {
        path: text
        for path, text in typed.items()
        if path in lines and (text != lines[path].text or (path in confirmed and text))
    }
    empty = [
        path
        for path, text in typed.items()
        if not text and path in lines and lines[path].standing == "missing"
    ]
    written = repeat_translations(written, {path: line.base for path, line in lines.items()}, empty)

    def seen(draft: Draft) -> object:
        now = {line.path: (line.base, line.text) for line in list_lines(draft, language)}
        return {path: now.get(path) for path in written}

    step = Step(
        change="translated",
        subject=language,
        apply=lambda draft: put_translations(draft, language, written) if written else draft,
        seen=seen,
    )
    return await change_draft(staff, survey, step, base=base)


async def write_file(
    staff: StaffMember, survey: ReviewedSurvey, language: str, *, is_workbook: bool
) -> bytes:
    """A file for a translator."""
    check_may(staff.role, "author")
    draft = (await load_draft(survey)).draft
    check_language(draft, language)
    texts = [
        TextToTranslate(
            path=line.path,
            about=" ".join(filter(None, (line.question, line.field.replace("_", " ")))),
            text=line.base,
            translation=line.text,
            is_stale=line.standing == "stale",
        )
        for line in list_lines(draft, language)
    ]
    await add_audit_event(
        staff=staff.id,
        action="translation.export",
        object_kind="survey",
        object_id=survey.slug,
        detail={"language": language},
    )
    return write_translation_workbook(texts) if is_workbook else write_translation_po(texts, language)


async def take_file(
    staff: StaffMember, survey: ReviewedSurvey, language: str, content: bytes, name: str, *, base: int
) -> FileTaken:
    """Take a translator's file in: whole or, where it cannot be read, not at all."""
    read = await asyncio.to_thread(read_translations, content, name)  # seconds for the largest
    draft = (await load_draft(survey)).draft
    check_language(draft, language)
    known = {text.path: text for text in list_texts(draft.questionnaire) if text.is_visible}
    fitting = [one for one in read if one.path in known]
    if not fitting:
        raise FileRefused("None of the file’s texts is a text of this survey.", [])
    language_of_base = draft.questionnaire.default_language
    outdated = [one for one in fitting if not _fits(one, known[one.path], language_of_base)]
    step = Step(
        change="translation_file",
        subject=f"{language}: {name}",
        apply=lambda now: _put(now, language, fitting),
        seen=lambda now: list_lines(now, language),
    )
    await change_draft(staff, survey, step, base=base)
    return FileTaken(changed=len(fitting), outdated=len(outdated), unknown=len(read) - len(fitting))


def _fits(one: TranslatedText, text: SurveyText, base: str) -> bool:
    return hash_text(one.text) == hash_text(text.texts.get(base, ""))


def _put(draft: Draft, language: str, read: list[TranslatedText]) -> Draft:
    changed = put_translations(draft, language, {one.path: one.translation for one in read})
    sources = changed.translated_from[language] | {one.path: hash_text(one.text) for one in read}
    return msgspec.structs.replace(changed, translated_from=changed.translated_from | {language: sources})
