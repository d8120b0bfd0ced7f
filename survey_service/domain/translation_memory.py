"""The same words are translated once: what is missing is suggested where it stands translated elsewhere."""

from collections.abc import Iterable, Mapping

from survey_service.domain.drafts import Draft, judge_text
from survey_service.domain.questionnaire import Questionnaire, Texts
from survey_service.domain.survey_texts import Path, list_texts


def suggest_translations(
    draft: Draft, language: str, others: Iterable[Questionnaire] = (), standard: Iterable[Texts] = ()
) -> dict[Path, str]:
    """A translation for each missing text whose very words are translated in this survey or in others.

    What this survey says itself comes before what others say, and that before standard answers; a translation
    that is out of date says nothing.
    """
    base = draft.questionnaire.default_language
    known: dict[str, str] = {}
    for texts in standard:
        _note(known, texts, base, language)
    for other in others:
        for text in list_texts(other):
            _note(known, text.texts, base, language)
    visible = [text for text in list_texts(draft.questionnaire) if text.is_visible]
    for text in visible:
        if judge_text(draft, text, language) == "translated":
            _note(known, text.texts, base, language)
    return {
        text.path: known[words]
        for text in visible
        if judge_text(draft, text, language) == "missing" and (words := _words(text.texts, base)) in known
    }


def repeat_translations(
    written: Mapping[Path, str], base_of: Mapping[Path, str], empty: Iterable[Path]
) -> dict[Path, str]:
    """What was written, and the same for those left empty that say the same words."""
    said = {base_of[path].strip(): text for path, text in written.items() if text}
    again = {path: said[base_of[path].strip()] for path in empty if base_of[path].strip() in said}
    return again | dict(written)


def _note(known: dict[str, str], texts: Mapping[str, str], base: str, language: str) -> None:
    words, translation = _words(texts, base), texts.get(language, "").strip()
    if words and translation:
        known[words] = translation


def _words(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language, "").strip()
