"""Tiny questionnaires, one per feature, each in a text file that shows its sheets as tables.

`| survey |` alone on a line starts a sheet; the lines after it are its rows, headings first. A cell is
written as it would be typed into a spreadsheet.
"""

import io
from pathlib import Path

from openpyxl import Workbook

from survey_service.domain.errors import FileRefused
from survey_service.domain.questionnaire import Questionnaire
from survey_service.integrations.xlsform import read_xlsform

folder = Path(__file__).parent
names = tuple(sorted(path.stem for path in folder.glob("*.md")))
Sheets = dict[str, list[list[object]]]


def load_sheets(name: str) -> Sheets:
    """The sheets of one questionnaire as rows of cells, empty cells being None."""
    sheets: Sheets = {}
    rows: list[list[object]] = []
    for line in (folder / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            continue
        cells: list[object] = [cell.strip() or None for cell in line[1:-1].split("|")]
        if len(cells) == 1:
            rows = sheets.setdefault(str(cells[0]), [])
        else:
            rows.append(cells)
    return sheets


def make_workbook(sheets: Sheets) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def load_survey(name: str) -> Questionnaire:
    return read_xlsform(make_workbook(load_sheets(name)), name=name)


def read_or_refuse(source: bytes | Path) -> Questionnaire | FileRefused:
    """What became of a workbook; any other exception is a defect and passes through."""
    try:
        return read_xlsform(source)
    except FileRefused as refusal:
        return refusal
