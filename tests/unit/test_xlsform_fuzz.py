"""Workbooks nobody would write: read whole or refused with rows, never in part and never with a crash."""

import io

import msgspec
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey_service.domain.errors import FileRefused
from survey_service.domain.questionnaire import Block, Questionnaire
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.integrations.xlsform import read_xlsform, write_xlsform
from tests.support.every_type import make_every_type
from tests.surveys.load import Sheets, load_sheets, make_workbook, names, read_or_refuse

WRITTEN = write_xlsform(make_every_type())
printable = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)
good_types = ["text", "select_one l", "select_multiple l", "rank l", "range", "date", "integer", "note"]
types = st.sampled_from(
    [*good_types, *good_types, "decimal", "acknowledge", "hidden", "select_one l or_other", "begin_group",
     "end_group", "begin repeat", "calculate", None]
)  # fmt: skip
cells = st.one_of(
    st.none(),
    st.sampled_from(
        ["likert", "table-list", "multiline", "postcode", "start=0 end=3", "l", "1", "2", "a", "b", "core",
         "yes", "no", "maybe", "${q0} = 1", "Say ${q0}", "selected(${q0}, '1')", ". > ${", "=1+1", "fr"]
    ),
    printable,
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
)  # fmt: skip
extra = st.one_of(
    st.sampled_from(["appearance", "required", "relevant", "parameters", "hint", "may_decline", "concept"]),
    st.sampled_from(["label::fr", "label::English (en)", "label::nowhere", "choice_filter", "default", None]),
    printable,
)
plain_cell = st.one_of(*[st.none()] * 9, cells)


@st.composite
def workbooks(draw: st.DrawFn) -> Sheets:
    """Sheets with headings that are understood, mostly, and rows that could be questions."""
    headings = ["type", "name", "label", *draw(st.lists(extra, max_size=2, unique=True))]
    rows = [
        [draw(types), draw(st.sampled_from([f"q{at}", f"q{at}", f"q{at}", "q0"])), draw(printable)]
        + [draw(plain_cell) for _ in headings[3:]]
        for at in range(draw(st.integers(1, 5)))
    ]
    listed = [["l", str(at), "Choice", draw(plain_cell)] for at in range(2)]
    sheets: Sheets = {"survey": [headings, *rows]}
    sheets["choices"] = [["list_name", "name", "label", draw(st.sampled_from(["takes_text", "x"]))], *listed]
    if draw(st.booleans()):
        sheets["settings"] = [["form_title", "default_language"], [draw(plain_cell), draw(plain_cell)]]
    return sheets


def hold_together(data: bytes) -> None:
    """A refusal names its reasons; what was taken is in order, lacks nothing, and survives writing."""
    result = read_or_refuse(data)
    if isinstance(result, FileRefused):
        event("refused")
        assert result.rows or "no sheet named survey" in str(result)
        return
    event("read")
    assert check_questionnaire(result) == ()
    assert without_list_names(read_xlsform(write_xlsform(result))) == without_list_names(result)
    headings, *rows = load_workbook(io.BytesIO(data))["survey"].iter_rows(values_only=True)
    place = {heading: at for at, heading in enumerate(headings)}
    rows = [row for row in rows if row[place["type"]]]
    asked = [row for row in rows if not str(row[place["type"]]).startswith(("begin_group", "end_group"))]
    taken = sum(len(question.parts) for question in result.questions()) + len(result.facts)
    assert taken == len(asked), "a row became no question, no row of a grid and no fact"
    whole = msgspec.json.encode(result).decode()
    kept = [at for heading, at in place.items() if str(heading).startswith(("label", "hint", "relevant"))]
    for text in (row[at] for row in asked for at in kept):
        if isinstance(text, str):  # a number or a truth is written in another way
            assert msgspec.json.encode(text.replace("\u00a0", " ").strip()).decode()[1:-1] in whole


def without_list_names(questionnaire: Questionnaire) -> Questionnaire:
    """A list that several questions share, or that has no name, may get another one."""

    def clear(block: Block) -> Block:
        questions = tuple(msgspec.structs.replace(q, list_name="") for q in block.questions)
        return msgspec.structs.replace(block, questions=questions)

    blocks = tuple(clear(block) for block in questionnaire.blocks)
    return msgspec.structs.replace(questionnaire, core=clear(questionnaire.core), blocks=blocks)


slow = [HealthCheck.too_slow]


@settings(max_examples=60, deadline=None, suppress_health_check=slow)
@given(workbooks())
def test_rows_of_any_kind_are_read_whole_or_refused(made: Sheets) -> None:
    hold_together(make_workbook(made))


change = st.tuples(
    st.sampled_from(["cell", "cell", "drop row", "drop column", "double row", "swap rows"]),
    st.integers(0, 60),
    st.integers(0, 14),
    cells,
)


@settings(max_examples=60, deadline=None, suppress_health_check=slow)
@given(
    st.sampled_from([None, *names]),
    st.lists(change, min_size=1, max_size=3),
    st.sampled_from(["survey", "choices"]),
)
def test_a_good_workbook_with_a_few_changes_is_read_whole_or_refused(
    name: str | None, changes: list[tuple[str, int, int, object]], sheet: str
) -> None:
    made = sheets_of(WRITTEN) if name is None else load_sheets(name)
    rows = made.get(sheet) or made["survey"]
    for kind, row, column, value in changes:
        at = 1 + row % (len(rows) - 1) if len(rows) > 1 else 0
        if kind == "cell":
            rows[at][column % len(rows[at])] = value
        elif kind == "drop row" and len(rows) > 2:
            del rows[at]
        elif kind == "drop column" and column > 2:
            for line in rows:
                del line[column : column + 1]
        elif kind == "double row":
            rows.insert(at, list(rows[at]))
        elif kind == "swap rows":
            other = 1 + column % (len(rows) - 1) if len(rows) > 1 else 0
            rows[at], rows[other] = rows[other], rows[at]
    hold_together(make_workbook(made))


def sheets_of(data: bytes) -> Sheets:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
