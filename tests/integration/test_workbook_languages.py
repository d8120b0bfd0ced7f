"""A workbook out and in, in languages that are not whole."""

import io
from pathlib import Path

import httpx
from openpyxl import load_workbook

from survey_service.services.questionnaires.import_survey import import_survey
from tests.integration.test_write_survey import written
from tests.support.rows import fetch
from tests.support.writing import add_question, becomes, post, start_writing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def test_out_to_a_translator_and_back(client: httpx.AsyncClient, tmp_path: Path) -> None:
    slug = await start_writing(client)
    await add_question(client, slug, "First?", "Yes", "No")
    details = {"title": "Safety after dark", "language": ["fr", "ar"], "forms": "one"}
    await post(client, f"/staff/surveys/{slug}/details", **details)
    page = (await client.get(f"/staff/surveys/{slug}/workbook")).text
    assert "4 of 4 texts to translate" in page
    got = await client.get(f"/staff/surveys/{slug}/workbook/download?language=en&language=fr")
    book = load_workbook(io.BytesIO(got.content))
    headings = [cell.value for cell in book["survey"][1]]
    assert "label::French (fr)" in headings
    assert "label::Arabic (ar)" not in headings
    put(book["survey"], "first", "label::French (fr)", "Premier ?")
    put(book["choices"], "yes", "label::French (fr)", "Oui")
    target = io.BytesIO()
    book.save(target)
    half = target.getvalue()
    upload = {"workbook": ("half.xlsx", half, XLSX)}
    taken = await post(client, f"/staff/surveys/{slug}/workbook", files=upload)
    assert taken.status_code == 303, taken.text
    assert (await written(slug)).languages == ("en", "fr")
    translations = (await client.get(f"/staff/surveys/{slug}/translations")).text
    assert "50%" in translations
    await post(client, f"/staff/surveys/{slug}/launch", step="open", open_link="yes")
    assert (await client.get(f"/o/{slug}/en")).status_code == 200
    assert (await client.get(f"/o/{slug}/fr")).status_code != 200, "offered only when whole"
    put(book["choices"], "no", "label::French (fr)", "Non")
    put(book["settings"], None, "form_title_fr", "La nuit")
    whole = io.BytesIO()
    book.save(whole)
    await post(
        client, f"/staff/surveys/{slug}/workbook", files={"workbook": ("w.xlsx", whole.getvalue(), XLSX)}
    )
    await post(client, f"/staff/surveys/{slug}/launch", step="publish")

    async def is_french() -> bool:
        return "Premier ?" in (await client.get(f"/o/{slug}/fr")).text

    assert await becomes(is_french)
    # The command line takes it in the same way: the whole languages are the version, everything is the draft.
    (tmp_path / "half.xlsx").write_bytes(half)
    result = await import_survey(tmp_path / "half.xlsx", department_name="Parks", slug="half")
    assert (result.languages, result.incomplete) == (("en",), ("fr",))
    assert (await written("half")).languages == ("en", "fr")
    again = await import_survey(tmp_path / "half.xlsx", department_name="Parks", slug="half")
    assert not again.is_new_version
    rows = await fetch("SELECT number FROM draft_edit JOIN survey ON survey.id = survey WHERE slug = 'half'")
    assert len(rows) == 1


def put(sheet: object, name: str | None, heading: str, text: str) -> None:
    """Write into the row of this name as a translator does."""
    headings = [cell.value for cell in sheet[1]]  # type: ignore[index]
    for row in sheet.iter_rows(min_row=2):  # type: ignore[attr-defined]
        if name is None or row[headings.index("name")].value == name:
            row[headings.index(heading)].value = text
