"""Files that are too large, damaged, or made to do harm: each is refused, quickly, and breaks nothing."""

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from survey_service.domain.errors import FileRefused
from survey_service.integrations.xlsform import read_xlsform
from survey_service.integrations.xlsform.workbook import largest_file, most_rows
from survey_service.integrations.xlsform.workbook_xlsx import largest_unpacked
from tests.surveys.load import load_sheets, make_workbook, read_or_refuse

heading: list[object] = ["type", "name", "label"]


def refuse(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        read_xlsform(data)
    return refusal.value


def test_a_sheet_with_too_many_rows_is_refused() -> None:
    survey = [heading, *(["text", f"q{number}", "Why?"] for number in range(most_rows))]

    errors = refuse(make_workbook({"survey": survey})).rows

    assert [(error.row, "larger than 2000 rows" in error.message) for error in errors] == [(2_001, True)]


def test_a_sheet_as_large_as_allowed_is_read_in_a_moment() -> None:
    survey = [heading, *(["text", f"q{number}", "Why?"] for number in range(most_rows - 1))]

    assert len(read_xlsform(make_workbook({"survey": survey})).questions()) == most_rows - 1


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(b"PK" + b"\x00" * largest_file)

    assert "more than 5,000,000" in str(refuse(path.read_bytes()))
    with pytest.raises(FileRefused, match="more than 5,000,000"):
        read_xlsform(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"nothing\.xlsx cannot be opened"):
        read_xlsform(tmp_path / "nothing.xlsx")


def replace_part(data: bytes, part: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, content if item.filename == part else old.read(item))
    return target.getvalue()


survey_part = "xl/worksheets/sheet1.xml"
sheet_xml = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s'
    b"</sheetData></worksheet>"
)


def test_an_archive_that_unpacks_to_too_much_is_not_opened() -> None:
    data = make_workbook(load_sheets("one_question"))
    bomb = replace_part(data, survey_part, b" " * (largest_unpacked + 1))

    assert len(bomb) < 200_000
    assert "far more than a questionnaire needs" in str(refuse(bomb))


def test_entities_that_multiply_are_not_expanded() -> None:
    data = make_workbook(load_sheets("one_question"))
    entities = b"".join(
        b'<!ENTITY e%d "%s">' % (number, b"&e%d;" % (number - 1) * 10) for number in range(1, 10)
    )
    laughs = b'<!DOCTYPE x [<!ENTITY e0 "ha">%s]>' % entities
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row>'

    assert "far more" in str(refuse(replace_part(data, survey_part, laughs + sheet_xml % cell)))


@pytest.mark.parametrize("content", [b"<a>" * 1_000_000, sheet_xml % (b"<row/>" * 1_000_000)])
def test_more_elements_than_a_questionnaire_needs_are_not_built_up(content: bytes) -> None:
    data = replace_part(make_workbook(load_sheets("one_question")), survey_part, content)

    assert "far more" in str(refuse(data))


def test_rows_and_columns_far_out_are_refused_quickly() -> None:
    data = make_workbook(load_sheets("one_question"))
    cell = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'

    errors = refuse(replace_part(data, survey_part, sheet_xml % cell)).rows

    assert (1_048_576, "XFD") in {(error.row, error.column) for error in errors}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"type,name,label\ntext,a,A\n",
        b"<html></html>",
        b"PK",
        b"PK\x03\x04 and nothing else",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5_000,
        make_workbook(load_sheets("required"))[:2_000],
    ],
)
def test_files_that_are_no_workbooks_are_refused(data: bytes) -> None:
    refusal = refuse(data)

    assert refusal.rows == []
    assert refusal.hint


def test_an_archive_of_something_else_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")

    assert "damaged or protected" in str(refuse(target.getvalue()))


def test_a_workbook_with_nothing_in_it_is_refused() -> None:
    target = io.BytesIO()
    Workbook().save(target)

    assert refuse(target.getvalue()).rows


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]))
def test_no_bytes_break_the_reader(data: bytes, start: bytes) -> None:
    refuse(start + data)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 20))
def test_no_damage_to_a_file_breaks_the_reader(seed: int, count: int) -> None:
    """Bytes are changed inside the parts of the archive, where the archive's own check does not help."""
    rng = random.Random(seed)
    part = rng.choice([survey_part, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
    with zipfile.ZipFile(io.BytesIO(intact)) as archive:
        content = bytearray(archive.read(part))
    for _ in range(count):
        content[rng.randrange(len(content))] = rng.randrange(256)
    assert read_or_refuse(replace_part(intact, part, bytes(content)))


intact = make_workbook(load_sheets("branching"))
cells = st.none() | st.sampled_from(
    [
        "text",
        "select_one role",
        "select_multiple role or_other",
        "begin_group",
        "end_group",
        "begin repeat",
        "role",
        "core",
        "other",
        "${role} = 'business'",
        "${role",
        "label::fr",
        "label::English (en)",
        "takes_text",
        "name",
        "type",
        1.0,
        True,
        "x" * 6_000,
        "_x0000_",
    ]
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["branching", "other", "languages", "constraints"]),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 15), st.integers(0, 7), cells), max_size=6),
)
def test_no_change_of_cells_breaks_the_reader(name: str, changes: list[tuple[int, int, int, object]]) -> None:
    sheets = load_sheets(name)
    for sheet, row, column, value in changes:
        rows = sheets[list(sheets)[sheet]]
        cells_of_row = rows[row % len(rows)]
        cells_of_row.extend([None] * (column + 1 - len(cells_of_row)))
        cells_of_row[column] = value
    result = read_or_refuse(make_workbook(sheets))
    if isinstance(result, FileRefused):
        assert result.rows
        assert all(error.row >= 1 and error.sheet for error in result.rows)
    else:
        assert result.questions()
