"""Translations: side by side, as files, accepted by somebody, and offered only then where this is asked."""

import io
import re
from dataclasses import replace

import httpx
import pytest
from babel.messages.pofile import read_po
from openpyxl import load_workbook

from survey_service.domain.questionnaire import Questionnaire
from survey_service.settings import Settings
from tests.integration.test_write_survey import written
from tests.support.client import running_client
from tests.support.rows import fetch
from tests.support.staff import audited, make_staff, sign_in_as
from tests.support.writing import add_question, becomes, current_base, post, start_writing

FRENCH = {
    "text:title": "La nuit",
    "text:first:label": "Première ?",
    "text:first:choices:yes:label": "Oui",
    "text:first:choices:no:label": "Non",
}


async def start_in_two_languages(client: httpx.AsyncClient) -> str:
    slug = await start_writing(client, "At night")
    await add_question(client, slug, "First?", "Yes", "No")
    await post(client, f"/staff/surveys/{slug}/details", title="At night", language=["en", "fr"])
    return slug


async def french(slug: str) -> dict[str, str]:
    questionnaire: Questionnaire = await written(slug)
    question = questionnaire.questions()[0]
    return {"title": questionnaire.title.get("fr", ""), "first": question.label.get("fr", "")}


async def test_side_by_side(client: httpx.AsyncClient) -> None:
    slug = await start_in_two_languages(client)
    page = f"/staff/surveys/{slug}/translations/fr"
    assert "0% translated; 4 missing" in (await client.get(page)).text
    await post(client, page, **FRENCH, step="save")
    assert "100% translated" in (await client.get(page)).text
    await post(
        client,
        f"/staff/surveys/{slug}/questions/first/edit",
        type="select_one",
        name="first",
        label="The first?",
        choice_name=["yes", "no"],
        choice_label=["Yes", "No"],
        choice_mark=["", ""],
        step="save",
    )
    assert "75% translated; 0 missing, 1 out of date" in (await client.get(page)).text
    await post(client, page, **FRENCH, confirmed="first:label", step="save")
    assert "100% translated" in (await client.get(page)).text
    assert (await client.get(f"/staff/surveys/{slug}/translations/en")).status_code == 404
    assert (await client.get(f"/staff/surveys/{slug}/translations/zz")).status_code == 404


async def test_two_translators(client: httpx.AsyncClient) -> None:
    slug = await start_in_two_languages(client)
    page = f"/staff/surveys/{slug}/translations/fr"
    base = await current_base(client, slug)
    blank = dict.fromkeys(FRENCH, "")
    await post(client, page, base=base, **(blank | {"text:title": "La nuit"}), step="save")
    other = await post(client, page, base=base, **(blank | {"text:first:label": "Première ?"}), step="save")
    assert other.status_code == 303
    assert await french(slug) == {"title": "La nuit", "first": "Première ?"}
    both = await post(client, page, base=base, **(blank | {"text:title": "Le soir"}), step="save")
    assert both.status_code == 409
    assert "Le soir" in both.text
    assert (await french(slug))["title"] == "La nuit"


@pytest.mark.parametrize("kind", ["xlsx", "po"])
async def test_a_translators_file_there_and_back(client: httpx.AsyncClient, kind: str) -> None:
    slug = await start_in_two_languages(client)
    page = f"/staff/surveys/{slug}/translations/fr"
    sent = (await client.get(f"{page}/{kind}")).content
    # The text is changed while the file is away.
    await post(client, f"/staff/surveys/{slug}/details", title="In the dark", language=["en", "fr"])
    back = translate_workbook(sent) if kind == "xlsx" else translate_po(sent)
    taken = await post(client, page, step="file", files={"file": (f"back.{kind}", back)})
    assert taken.status_code == 303, taken.text
    html = (await client.get(taken.headers["location"])).text
    assert "4 translations were taken in; 1 of them of a text that was changed meanwhile" in html
    assert "75% translated; 0 missing, 1 out of date" in html
    assert (await french(slug)) == {"title": "FR At night", "first": "FR First?"}


def translate_workbook(content: bytes) -> bytes:
    book = load_workbook(io.BytesIO(content))
    sheet = book["translation"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 4, f"FR {sheet.cell(row, 3).value}")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def translate_po(content: bytes) -> bytes:
    text = content.decode()
    for message in read_po(io.BytesIO(content)):
        if message.id:
            text = text.replace(
                f'msgid "{message.id}"\nmsgstr ""', f'msgid "{message.id}"\nmsgstr "FR {message.id}"'
            )
    return text.encode()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 nonsense", b"\xff\xfe\x00", b'msgid "x"\nmsgstr "unclosed']
)
async def test_what_is_no_translators_file_is_refused(client: httpx.AsyncClient, content: bytes) -> None:
    slug = await start_in_two_languages(client)
    page = f"/staff/surveys/{slug}/translations/fr"
    refused = await post(client, page, step="file", files={"file": ("x.po", content)})
    assert refused.status_code == 422, refused.text
    assert await french(slug) == {"title": "", "first": ""}


async def test_a_language_is_offered_once_it_is_accepted(database_url: str, settings: Settings) -> None:
    strict = replace(settings, unreviewed_languages=False)
    async with running_client(strict) as client:
        slug = await start_in_two_languages(client)
        page = f"/staff/surveys/{slug}/translations/fr"
        await post(client, page, **FRENCH, step="save")
        await post(client, f"/staff/surveys/{slug}/launch", step="open", open_link="yes")

        async def offers_french() -> bool:
            answer = await client.get(f"/o/{slug}/fr")
            is_listed = "Français" in (await client.get(f"/o/{slug}/en")).text
            return is_listed and answer.status_code == 200

        assert await becomes(offers_french, wanted=False)
        await post(client, page, step="accept")
        assert await becomes(offers_french, wanted=False), "the pages around it are not accepted"
        assert 'hreflang="fr"' not in (await client.get("/privacy/en")).text
        assert (await post(client, "/staff/languages", step="accept:fr")).status_code == 403
        await make_staff("head@example.org", role="admin")
        await sign_in_as(client, "head@example.org")
        await post(client, "/staff/languages", step="accept:fr")
        assert await becomes(offers_french)

        async def leads_to_french() -> bool:
            return 'hreflang="fr"' in (await client.get("/privacy/en")).text

        assert await becomes(leads_to_french)
        joining = (await client.get("/join/en")).text
        assert 'value="fr"' in joining
        assert 'value="de"' not in joining
        wish = {"accept-language": "de, fr;q=0.5"}
        assert (await client.get("/privacy", headers=wish)).headers["location"] == "/privacy/fr"
        # Other words are not accepted until they are; what is served stays accepted meanwhile.
        await post(client, page, **(FRENCH | {"text:title": "Le soir"}), step="save")
        assert await becomes(offers_french)
        await post(client, f"/staff/surveys/{slug}/launch", step="publish")
        assert await becomes(offers_french, wanted=False)
        await post(client, page, step="accept")
        assert await becomes(offers_french)
        assert {"translation.accept", "language.accept"} <= set(await audited())
        await post(client, page, step="refuse")
        assert await becomes(offers_french, wanted=False)


async def test_only_a_whole_language_can_be_accepted(client: httpx.AsyncClient) -> None:
    slug = await start_in_two_languages(client)
    refused = await post(client, f"/staff/surveys/{slug}/translations/fr", step="accept")
    assert refused.status_code == 409
    assert await fetch("SELECT id FROM translation_review") == []


async def test_workbooks_out_and_in(client: httpx.AsyncClient) -> None:
    slug = await start_in_two_languages(client)
    await post(client, f"/staff/surveys/{slug}/translations/fr", **FRENCH, step="save")
    path = f"/staff/surveys/{slug}/workbook"
    sent = await client.get(f"{path}/download")
    assert sent.headers["content-disposition"] == f'attachment; filename="{slug}.xlsx"'
    before = await written(slug)
    await post(client, f"/staff/surveys/{slug}/questions", step="remove:first")
    taken = await post(client, path, files={"workbook": ("back.xlsx", sent.content)})
    assert taken.status_code == 303, taken.text
    assert (await written(slug)).questions()[0].label == before.questions()[0].label
    refused = await post(client, path, files={"workbook": ("odd.xlsx", odd_workbook())})
    assert refused.status_code == 422
    assert "row 2" in refused.text
    assert (await written(slug)).questions()[0].label == before.questions()[0].label
    started = await post(
        client,
        "/staff/surveys/new",
        title="",
        begin="workbook",
        files={"workbook": ("mine.xlsx", sent.content)},
    )
    assert started.status_code == 303, started.text
    again = re.search("surveys/([a-z0-9-]+)/", started.headers["location"])
    assert again
    assert (await written(again.group(1))).languages == ("en", "fr")


def odd_workbook() -> bytes:
    """A workbook with a type we do not have."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (["type", "name", "label"], ["geopoint", "place", "Where?"]):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


async def test_copies_and_ready_surveys(client: httpx.AsyncClient) -> None:
    slug = await start_in_two_languages(client)
    copied = await post(client, "/staff/surveys/new", title="At night", begin=f"copy:{slug}")
    assert copied.headers["location"] == "/staff/surveys/at-night-2/questions"
    assert (await written("at-night-2")).questions() == (await written(slug)).questions()
    await make_staff("parks@example.org", department="Parks")
    await sign_in_as(client, "parks@example.org")
    refused = await post(client, "/staff/surveys/new", title="Mine", begin=f"copy:{slug}")
    assert refused.status_code in {404, 422}
    ready = await post(client, "/staff/surveys/new", title="", begin="ready:counter_terrorism")
    assert ready.status_code == 303
    (row,) = await fetch(
        """SELECT department.name FROM survey JOIN department ON department.id = survey.department
           ORDER BY survey.id DESC LIMIT 1"""
    )
    assert row["name"] == "Parks"
