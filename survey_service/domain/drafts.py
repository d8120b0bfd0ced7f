"""A questionnaire while it is written, and what of it can be published: whole languages only.

With each translation goes a short hash of the text it was made from, so that changing a text marks just
its own translations as out of date.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from survey_service.domain.questionnaire import Questionnaire, Texts
from survey_service.domain.survey_texts import (
    Path,
    SurveyText,
    hash_text,
    list_texts,
    map_texts,
    put_texts,
)

Standing = Literal["translated", "stale", "missing"]


class Draft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an edit leaves behind."""

    questionnaire: Questionnaire
    translated_from: dict[str, dict[Path, str]] = {}
    """Language, then path of a text, to the hash of the base text that was translated."""
    is_split: bool = False
    """True where each person gets the core and some of the blocks; else everybody gets everything."""
    limit_minutes: float | None = None
    """Longest form of a split questionnaire; None: two blocks beside the core."""


class LanguageStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How far a language is."""

    language: str
    wanted: int
    missing: int
    stale: int

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.stale)

    @property
    def share(self) -> float:
        """Share of the texts that can be used."""
        return 1.0 if not self.wanted else 1 - (self.missing + self.stale) / self.wanted


def change_questionnaire(draft: Draft, questionnaire: Questionnaire, *, keeps_meaning: bool = False) -> Draft:
    """The draft with another questionnaire; translations of what changed become stale.

    `keeps_meaning` is for a corrected slip of the pen: translations that were right stay right.
    """
    known = _with_all_sources(draft)
    if not keeps_meaning:
        return msgspec.structs.replace(draft, questionnaire=questionnaire, translated_from=known)
    before, after = _base_hashes(draft.questionnaire), _base_hashes(questionnaire)
    moved = {
        language: {
            path: after[path] if path in after and source == before.get(path) else source
            for path, source in sources.items()
        }
        for language, sources in known.items()
    }
    return msgspec.structs.replace(draft, questionnaire=questionnaire, translated_from=moved)


def put_translations(draft: Draft, language: str, written: Mapping[Path, str]) -> Draft:
    """The draft with these translations, each made from the base text as it stands."""
    known = _with_all_sources(draft)
    hashes = _base_hashes(draft.questionnaire)
    sources = known.get(language, {}) | {path: hashes[path] for path in written if path in hashes}
    return msgspec.structs.replace(
        draft,
        questionnaire=put_texts(draft.questionnaire, language, written),
        translated_from=known | {language: sources},
    )


def move_texts(draft: Draft, questionnaire: Questionnaire, moved: Mapping[Path, Path]) -> Draft:
    """The draft with texts under other paths (`moved`: their beginnings), which mean what they meant.

    Translations that were right stay right, also where a text repeats an answer under its new name.
    """
    before, after = _base_hashes(draft.questionnaire), _base_hashes(questionnaire)

    def move(path: Path) -> Path:
        found = next((old for old in moved if path == old or path.startswith(old)), None)
        return path if found is None else moved[found] + path.removeprefix(found)

    known = {
        language: {
            move(path): after.get(move(path), source) if source == before.get(path) else source
            for path, source in sources.items()
        }
        for language, sources in _with_all_sources(draft).items()
    }
    return msgspec.structs.replace(draft, questionnaire=questionnaire, translated_from=known)


def copy_sources(draft: Draft, question: str, copied_from: str) -> Draft:
    """A copied question's translations are as good, or as stale, as those they were copied from."""
    begins = f"{copied_from}:"
    known = {
        language: sources
        | {
            f"{question}:{path.removeprefix(begins)}": h
            for path, h in sources.items()
            if path.startswith(begins)
        }
        for language, sources in draft.translated_from.items()
    }
    return msgspec.structs.replace(draft, translated_from=known)


def judge_text(draft: Draft, text: SurveyText, language: str) -> Standing:
    """How the translation of one text stands."""
    if not text.texts.get(language, "").strip():
        return "missing"
    source = draft.translated_from.get(language, {}).get(text.path)
    base = text.texts.get(draft.questionnaire.default_language, "")
    return "translated" if source is None or source == hash_text(base) else "stale"


def judge_language(draft: Draft, language: str) -> LanguageStanding:
    """How far a language is; only what a respondent can come to see is asked for."""
    texts = [text for text in list_texts(draft.questionnaire) if text.is_visible]
    is_base = language == draft.questionnaire.default_language
    standings = [] if is_base else [judge_text(draft, text, language) for text in texts]
    return LanguageStanding(
        language=language,
        wanted=len(texts),
        missing=standings.count("missing"),
        stale=standings.count("stale"),
    )


def whole_languages(draft: Draft) -> tuple[str, ...]:
    """The languages a form could be offered in, the base language first."""
    base = draft.questionnaire.default_language
    others = [language for language in draft.questionnaire.languages if language != base]
    return (base, *(language for language in others if judge_language(draft, language).is_whole))


def publishable(draft: Draft) -> Questionnaire:
    """What is served of a draft: its whole languages, and the texts that can be seen."""
    return keep_languages(draft.questionnaire, whole_languages(draft))


def keep_languages(questionnaire: Questionnaire, languages: Iterable[str]) -> Questionnaire:
    """The questionnaire in some of its languages, without the texts nobody can see."""
    kept = tuple(languages)
    visible = {text.path for text in list_texts(questionnaire) if text.is_visible}

    def change(path: Path, texts: Texts) -> Texts:
        if path not in visible:
            return {}
        return {code: texts[code] for code in kept if code in texts}

    return msgspec.structs.replace(map_texts(questionnaire, change), languages=kept)


def fill_language(questionnaire: Questionnaire, language: str, *, empty: str = "…") -> Questionnaire:
    """For a look at an unfinished draft: what has no text in a language is shown in the base language."""
    base = questionnaire.default_language
    languages = tuple(dict.fromkeys((*questionnaire.languages, language)))

    def change(path: Path, texts: Texts) -> Texts:
        is_needed = path == "title" or path.endswith(":label")
        found = texts.get(language) or texts.get(base) or (empty if is_needed else "")
        return texts | {language: found} if found else texts

    return msgspec.structs.replace(map_texts(questionnaire, change), languages=languages)


def fill_languages(questionnaire: Questionnaire) -> Questionnaire:
    """With the base language wherever a translation is missing, so that everything else can be checked."""
    base = questionnaire.default_language

    def change(_: Path, texts: Texts) -> Texts:
        text = texts.get(base, "")
        if not text.strip():
            return texts
        return texts | {code: texts.get(code) or text for code in questionnaire.languages}

    return map_texts(questionnaire, change)


def carry_sources(before: Draft, questionnaire: Questionnaire) -> Draft:
    """A draft of a questionnaire that came from outside, for example as a workbook.

    A translation that stands as it stood was made from what it was made from before; one with other words is
    made from the base text beside it.
    """
    known, were = _with_all_sources(before), {text.path: text for text in list_texts(before.questionnaire)}
    carried: dict[str, dict[Path, str]] = {}
    for text in list_texts(questionnaire):
        for language, words in text.texts.items():
            source = known.get(language, {}).get(text.path)
            is_same = text.path in were and were[text.path].texts.get(language) == words
            if source is not None and is_same:
                carried.setdefault(language, {})[text.path] = source
    return msgspec.structs.replace(before, questionnaire=questionnaire, translated_from=carried)


def _base_hashes(questionnaire: Questionnaire) -> dict[Path, str]:
    base = questionnaire.default_language
    return {text.path: hash_text(text.texts.get(base, "")) for text in list_texts(questionnaire)}


def _with_all_sources(draft: Draft) -> dict[str, dict[Path, str]]:
    """The sources, with those written down that were never noted: such a translation fits what stands now."""
    hashes = _base_hashes(draft.questionnaire)
    texts = list_texts(draft.questionnaire)
    known: dict[str, dict[Path, str]] = {}
    for language in draft.questionnaire.languages:
        if language != draft.questionnaire.default_language:
            noted = draft.translated_from.get(language, {})
            known[language] = {
                text.path: noted.get(text.path, hashes[text.path])
                for text in texts
                if text.texts.get(language, "").strip()
            }
    return known
