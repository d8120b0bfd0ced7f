"""Workbooks that are refused: which row, which column, why; and files that are no workbooks at all."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from survey_service.domain.errors import FileRefused, RowError
from survey_service.integrations.xlsform import read_xlsform
from tests.surveys.load import Sheets, load_sheets, make_workbook

heading: list[object] = ["type", "name", "label"]


def refuse(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        read_xlsform(data)
    return refusal.value


def refuse_rows(sheets: Sheets) -> list[RowError]:
    return refuse(make_workbook(sheets)).rows


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (["begin repeat", "r", "R"], "type", "Questions that repeat (begin repeat)"),
        (["calculate", "c", "C"], "type", "Calculated values"),
        (["geopoint", "g", "G"], "type", "The type 'geopoint'"),
        (["select_one_from_file f.csv", "s", "S"], "type", "The type 'select_one_from_file"),
        (["rank l", "s", "S"], "type", "The list l is not on the choices sheet"),
        (["rank l or_other", "s", "S"], "type", "cannot have an answer that is written by hand"),
        (["range", "s", "S", None, None, "minimal"], "appearance", "'minimal' is not supported"),
        (["hidden", "s", "S"], "type", "a name and nothing else"),
        (["select_one nowhere", "s", "S"], "type", "The list nowhere is not on the choices sheet"),
        ([None, "x", "X"], "type", "no type"),
        (["text", None, "X"], "name", "no name"),
        (["text", "my name", "X"], "name", "is not a letter, then"),
        (["text", "first", "X"], "name", "Two questions are named first"),
        (["text", "x", None], "label", "missing in en"),
        (["text", "x", "You said ${last}"], "label", "names ${last}, which is not a question"),
        (["end_group", None, None], "type", "No group is open"),
        (["text", "x", "X", None, "maybe"], "required", "neither yes nor no"),
        (["text", "x", "X", "${nobody} = 1"], "relevant", "${nobody}, which is not a question"),
        (["text", "x", "X", "${x} = 1"], "relevant", "not asked before"),
        (["text", "x", "X", "/data/first = 1"], "relevant", "XPath path"),
        (["text", "x", "X", None, None, "numbers"], "appearance", "'numbers' is not supported"),
        (["text", "x", "X", None, None, None, "5"], "G", "'default' is not supported"),
        (["text", "x", "X", None, None, None, None, "y"], "H", "without a heading"),
    ],
)
def test_a_row_that_is_not_supported_is_named_with_its_column(
    row: list[object], column: str, reason: str
) -> None:
    headings = [*heading, "relevant", "required", "appearance", "default"]
    (error,) = refuse_rows({"survey": [headings, ["text", "first", "First"], row]})

    assert (error.sheet, error.row, error.column) == ("survey", 3, column)
    assert reason in error.message


def test_every_row_is_named_at_once_in_the_order_of_the_sheets() -> None:
    sheets: Sheets = {
        "choices": [["list_name", "name", "label"], ["l", "a", "A"], ["l", "a", None], [None, "b", "B"]],
        "survey": [heading, ["gps", "g", "G"], ["select_one l", "s", "S"], ["select_one l", "t", None]],
        "settings": [["form_title", "style"], ["T", "pages"]],
    }

    assert [(error.sheet, error.row) for error in refuse_rows(sheets)] == [
        ("settings", 2),
        ("survey", 2),
        ("survey", 4),
        ("choices", 3),
        ("choices", 3),
        ("choices", 4),
    ]


def test_a_condition_on_a_refused_row_is_not_reported_a_second_time() -> None:
    headings = [*heading, "relevant"]
    (error,) = refuse_rows({"survey": [headings, ["gps", "g", "G"], ["text", "t", "T", "${g} != ''"]]})

    assert error.row == 2


def test_a_missing_translation_is_named_with_row_and_language() -> None:
    sheets = load_sheets("languages")
    sheets["survey"][2][3] = None
    sheets["choices"][2][3] = None

    assert [(e.sheet, e.row, e.column, e.message) for e in refuse_rows(sheets)] == [
        ("survey", 3, "label::ar", "The label is missing in ar."),
        ("choices", 3, "label::ar", "The label is missing in ar."),
    ]


def test_a_language_found_in_one_sheet_only_is_missing_in_the_other() -> None:
    sheets = load_sheets("required")
    sheets["choices"][0].append("label::French (fr)")
    sheets["choices"][1].append("Oui")

    places = [(error.sheet, error.row, error.column) for error in refuse_rows(sheets)]

    assert ("survey", 2, "label::fr") in places
    assert ("choices", 3, "label::French (fr)") in places


def test_a_language_that_nobody_knows_is_named() -> None:
    (error,) = refuse_rows({"survey": [["type", "name", "label::Elvish"], ["text", "a", "A"]]})[:1]

    assert "'Elvish'" in error.message


def test_or_other_without_its_words_in_every_language_is_named() -> None:
    sheets = load_sheets("languages")
    sheets["survey"][2][0] = "select_one yes_no or_other"

    (error,) = refuse_rows(sheets)

    assert (error.row, error.column) == (3, "type")
    assert "or_other" in error.message


def group(name: str, *questions: str) -> list[list[object]]:
    inside: list[list[object]] = [["text", question, "Why?"] for question in questions]
    return [["begin_group", name, None], *inside, ["end_group", None, None]]


@pytest.mark.parametrize(
    ("rows", "row", "reason"),
    [
        ([*group("a", "x"), *group("core", "y")], 5, "core is not the first"),
        ([*group("a", "x"), ["text", "y", "Y"]], 5, "outside the groups, after a group"),
        ([["text", "y", "Y"], *group("core", "x")], 2, "though there is a group named core"),
        ([*group("core", "y"), ["text", "x", "X"]], 5, "though there is a group named core"),
        ([*group("a", "x"), *group("b")], 5, "has no questions"),
        ([*group("a", "x"), *group("a", "y")], 5, "Two groups are named a"),
        (group("a", "x")[:-1], 2, "a is not ended"),
        ([["begin_group", "a", None], *group("b", "x"), ["end_group", None, None]], 3, "inside a group"),
    ],
)
def test_groups_out_of_order_are_named(rows: list[list[object]], row: int, reason: str) -> None:
    errors = refuse_rows({"survey": [heading, *rows]})

    assert [error.row for error in errors if reason in error.message] == [row], [str(e) for e in errors]


def test_questions_of_another_group_cannot_be_read() -> None:
    sheets = load_sheets("blocks")
    sheets["survey"][0].append("relevant")
    sheets["survey"][9].append("${a1} = 'yes'")

    (error,) = refuse_rows(sheets)

    assert (error.row, error.column) == (10, "relevant")
    assert "of the group a" in error.message


def edit(sheets: Sheets, change: Any) -> bytes:
    book = load_workbook(io.BytesIO(make_workbook(sheets)))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def put(sheet: str, cell: str, value: object) -> Any:
    return lambda book: book[sheet].__setitem__(cell, value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (put("survey", "C2", "=1+1"), "formula"),
        (put("survey", "C2", "#REF!"), "error of the spreadsheet"),
        (put("survey", "C2", date(2017, 5, 18)), "date"),
        (lambda book: book["survey"].merge_cells("C2:D3"), "C2:D3 are merged"),
    ],
)
def test_cells_that_cannot_be_relied_on_are_named(change: Any, reason: str) -> None:
    errors = refuse(edit(load_sheets("required"), change)).rows

    assert [error.row for error in errors if reason in error.message] == [2]
    assert len([error for error in errors if error.row == 2]) == 1


@pytest.mark.parametrize("missing", ["type", "name"])
def test_a_sheet_without_a_needed_column_is_named(missing: str) -> None:
    sheets = load_sheets("one_question")
    at = sheets["survey"][0].index(missing)
    for row in sheets["survey"]:
        del row[at]

    assert f"no column {missing}" in refuse_rows(sheets)[0].message


def test_a_workbook_without_a_survey_sheet_is_refused() -> None:
    sheets = load_sheets("required")
    sheets["questions"] = sheets.pop("survey")

    assert "no sheet named survey" in str(refuse(make_workbook(sheets)))


def test_sheets_of_other_features_are_named() -> None:
    sheets = load_sheets("one_question")
    sheets["entities"] = [["list_name", "label"], ["trees", "a tree"]]

    (error,) = refuse_rows(sheets)

    assert (error.sheet, error.message) == ("entities", "The sheet entities is not supported.")


LIST = {"choices": [["list_name", "name", "label"], *([["l", n, n] for n in ("1", "2")])]}


@pytest.mark.parametrize(
    ("rows", "place", "reason"),
    [
        ([["range", "x", "X", "start=0 end=9 step=2"]], (2, "parameters"), "lead past its end 9"),
        ([["range", "x", "X", "start=3 end=3"]], (2, "parameters"), "2 to 21 points"),
        ([["range", "x", "X", "start=0 end=1 step=0"]], (2, "parameters"), "2 to 21 points"),
        ([["range", "x", "X", "start=0 end=1 step=0.1"]], (2, "parameters"), "'step=0.1' is not supported"),
        ([["range", "x", "X", "ticks=2"]], (2, "parameters"), "'ticks=2' is not supported"),
        ([["integer", "x", "X", "start=0"]], (2, "parameters"), "Only a range has parameters"),
        ([["begin_group", "g", "G", None, "table-list"]], (2, "type"), "The grid is not ended"),
        ([["begin_group", "g", "G", None, "table-list"], ["end_group"]], (2, "type"), "A grid lacks rows"),
        ([["begin_group", "g", "G", None, "table-list"], ["text", "a", "A"], ["select_one l", "b", "B"],
          ["end_group"]], (3, "type"), "is a select_one question"),
        ([["begin_group", "g", "G", None, "table-list"], ["select_one l", "a", "A"],
          ["select_one l", "a", "B"], ["end_group"]], (4, "name"), "has the name a, which is used already"),
        ([["begin_group", "g", "G", None, "table-list"], ["select_one l", "a", "A"],
          ["select_one l", "b", "B", None, None, "yes"], ["end_group"]], (4, "required"), "differ in their"),
        ([["begin_group", "g", "G", None, "table-list"], ["select_one l", "a", "A"],
          ["begin_group", "h", "H"], ["end_group"], ["end_group"]], (4, "type"), "A group inside a group"),
        ([["begin_group", "g", "G", None, "table-list", "yes"], ["select_one l", "a", "A"],
          ["end_group"]], (2, "required"), "stands in its rows"),
        ([["hidden", "ward"], ["hidden", "ward"]], (3, "name"), "named twice"),
        ([["hidden", "1st"]], (2, "name"), "The name of the fact '1st'"),
        ([["select_one l", "x", "X", None, "likert"], ["text", "y", "Y ${x} ${z}"]], (3, "label"), "${z}"),
    ],
)  # fmt: skip
def test_what_a_grid_a_range_and_a_fact_cannot_have(
    rows: list[list[object]], place: tuple[int, str], reason: str
) -> None:
    headings = [*heading, "parameters", "appearance", "required"]
    errors = refuse_rows({"survey": [headings, *rows, ["text", "last", "Last"]], **LIST})

    assert any((error.row, error.column) == place and reason in error.message for error in errors), errors
