"""Made-up questionnaires and workbooks made for other tools, written and read again without loss."""

import io
import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from pyxform.xls2xform import convert

from survey_service.domain.errors import FileRefused
from survey_service.domain.questionnaire import Block, Questionnaire
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.integrations.xlsform import read_xlsform, write_xlsform
from tests.support.any_questionnaire import questionnaires
from tests.support.every_type import make_every_type
from tests.surveys.load import read_or_refuse


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires())
def test_every_questionnaire_survives_writing_and_reading(questionnaire: Questionnaire) -> None:
    assert check_questionnaire(questionnaire) == ()
    assert read_xlsform(write_xlsform(questionnaire)) == questionnaire


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires())
def test_other_programs_accept_what_is_written(questionnaire: Questionnaire) -> None:
    assert convert(io.BytesIO(write_xlsform(questionnaire)), validate=False).xform


def test_every_type_and_look_is_written_and_read_and_accepted() -> None:
    everything = make_every_type()
    written = write_xlsform(everything)
    read = read_xlsform(written)

    assert write_xlsform(read)
    assert read == named_lists(everything)
    assert convert(io.BytesIO(written), validate=False).xform


def named_lists(questionnaire: Questionnaire) -> Questionnaire:
    """A workbook gives every list a name: that of its question."""

    def name(block: Block) -> Block:
        questions = tuple(
            msgspec.structs.replace(q, list_name=q.name if q.choices else "") for q in block.questions
        )
        return msgspec.structs.replace(block, questions=questions)

    return msgspec.structs.replace(
        questionnaire,
        core=name(questionnaire.core),
        blocks=tuple(name(block) for block in questionnaire.blocks),
    )


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
