"""Made-up questionnaires and workbooks made for other tools, written and read again without loss."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from survey_service.domain.errors import FileRefused
from survey_service.domain.questionnaire import Block, Choice, Question, Questionnaire
from survey_service.integrations.xlsform import read_xlsform, write_xlsform
from tests.surveys.load import read_or_refuse

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=20)
visible = texts.map(str.strip).filter(lambda text: text and "${" not in text and "_x" not in text)
visible = visible.map(lambda text: text.replace("\u00a0", " ").strip()).filter(bool)
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    languages = draw(st.sampled_from([("en",), ("fr", "en"), ("ar", "bn", "zh_Hans")]))
    label = st.fixed_dictionaries(dict.fromkeys(languages, visible))
    optional = label | st.just({})
    unique = draw(st.lists(words, min_size=1, max_size=8, unique_by=str.lower))

    def question(name: str) -> Question:
        kind = draw(st.sampled_from(["select_one", "select_multiple", "integer", "text", "note"]))
        choices: tuple[Choice, ...] = ()
        if kind.startswith("select"):
            offered = draw(st.lists(words, min_size=1, max_size=4, unique=True))
            choices = tuple(Choice(name=choice, label=draw(label)) for choice in offered)
        is_note = kind == "note"
        return Question(
            name=name,
            type=kind,
            label=draw(label),
            hint=draw(optional),
            choices=choices,
            is_required=not is_note and draw(st.booleans()),
            required_message=draw(optional),
            constraint="" if is_note else draw(st.sampled_from(["", "string-length(.) < 9"])),
            constraint_message=draw(optional),
            list_name=name if choices else "",
            concept="" if is_note else draw(st.just("") | words),
            remember_as=draw(st.just("") | words) if kind in ("select_one", "integer") else "",
        )

    questions = [question(name) for name in unique] + [Question(name="z_", type="text", label=draw(label))]
    cut = draw(st.integers(1, len(questions)))
    blocks = (Block(name="more", label=draw(optional), questions=tuple(questions[cut:])),)
    return Questionnaire(
        name=draw(visible),
        title=draw(label),
        default_language=languages[0],
        languages=languages,
        core=Block(name="core", label=draw(optional), questions=tuple(questions[:cut])),
        blocks=blocks if questions[cut:] else (),
        version=draw(st.just("") | visible),
    )


@settings(max_examples=40, deadline=None)
@given(questionnaires())
def test_every_questionnaire_survives_writing_and_reading(questionnaire: Questionnaire) -> None:
    assert read_xlsform(write_xlsform(questionnaire)) == questionnaire


def find_workbooks() -> list[Path]:
    folder = Path(os.environ.get("XLSFORMS", "../shared/xlsforms"))
    found = sorted(path for path in folder.glob("*") if path.suffix in (".xls", ".xlsx"))
    if not found and "CI" in os.environ:
        pytest.fail(f"no workbooks in {folder}; set XLSFORMS")
    if not found:
        pytest.skip(f"no workbooks in {folder}; set XLSFORMS to try those made for other tools")
    return found


def test_workbooks_made_for_other_tools_are_read_whole_or_refused_with_rows() -> None:
    for path in find_workbooks():
        result = read_or_refuse(path)
        if isinstance(result, FileRefused):
            assert result.rows, f"{path.name} is refused without a row: {result}"
            assert all(error.sheet and error.row >= 1 and error.message for error in result.rows)
            continue
        assert result.questions(), path.name
        written = write_xlsform(result)
        assert read_xlsform(written) == result, path.name
        assert convert(io.BytesIO(written), validate=False).xform
