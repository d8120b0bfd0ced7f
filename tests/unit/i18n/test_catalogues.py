"""Compiled catalogues where they are, catalogues compiled on the fly where they are not or are stale."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_service.i18n import catalogues
from survey_service.i18n.catalogues import compile_catalogue, load_translations


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues of this test's own."""
    monkeypatch.setattr(catalogues, "locales_dir", lambda: tmp_path)
    load_translations.cache_clear()
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    yield tmp_path / "fr" / "LC_MESSAGES"
    load_translations.cache_clear()


def write(path: Path, translation: str, *, flag: str = "") -> None:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(f'{header}{flag}msgid "Yes"\nmsgstr "{translation}"\n', encoding="utf-8")


def test_a_catalogue_needs_no_build_step(folder: Path) -> None:
    write(folder / "messages.po", "Oui")
    assert load_translations("fr").ugettext("Yes") == "Oui"


def test_a_compiled_catalogue_is_used_until_the_source_is_newer(folder: Path) -> None:
    write(folder / "messages.po", "Oui")
    (folder / "messages.mo").write_bytes(compile_catalogue(folder / "messages.po", "fr"))
    write(folder / "messages.po", "Si")
    made = (folder / "messages.mo").stat().st_mtime
    os.utime(folder / "messages.po", (made, made))
    assert load_translations("fr").ugettext("Yes") == "Oui"
    load_translations.cache_clear()
    os.utime(folder / "messages.po", (made + 1, made + 1))
    assert load_translations("fr").ugettext("Yes") == "Si"


def test_a_guessed_translation_is_not_shown(folder: Path) -> None:
    write(folder / "messages.po", "Oui", flag="#, fuzzy\n")
    assert load_translations("fr").ugettext("Yes") == "Yes"


def test_a_language_without_a_catalogue_is_an_error_and_not_english(folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match="bn has no catalogue"):
        load_translations("bn")
