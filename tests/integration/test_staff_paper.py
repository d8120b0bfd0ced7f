"""Forms on paper, from the staff's page and the command line."""

from pathlib import Path

from click.testing import CliRunner

from survey_service.cli import main
from survey_service.db import engine
from survey_service.settings import Settings
from tests.support.client import CheckingClient
from tests.support.make import make_department, make_survey
from tests.support.staff import make_staff, sign_in_as


async def test_staff_choose_what_is_printed(client: CheckingClient) -> None:
    survey = await make_survey(department=await make_department("Parks"))
    await make_survey(slug="other", department=await make_department("Roads"))
    await make_staff(department="Parks")
    await sign_in_as(client)
    address = f"/staff/surveys/{survey.slug}/paper"
    page = await client.get(address)
    assert "Size of print" in page.text
    printed = await client.get(f"{address}.pdf?language=ar&size=large")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF-1.7")
    assert f"{survey.slug}-ar-large.pdf" in printed.headers["content-disposition"]
    for query in ("language=xx", "form=none", "size=huge"):
        assert (await client.get(f"{address}.pdf?{query}")).status_code == 404
    assert (await client.get("/staff/surveys/other/paper.pdf")).status_code == 404


async def test_a_viewer_cannot_print(client: CheckingClient) -> None:
    survey = await make_survey(department=await make_department("Parks"))
    await make_staff(department="Parks", role="viewer")
    await sign_in_as(client)
    assert (await client.get(f"/staff/surveys/{survey.slug}/paper")).status_code == 403


def test_the_command_writes_the_document(settings: Settings, tmp_path: Path, database_url: str) -> None:
    import asyncio

    async def prepare() -> str:
        async with engine.open_database(database_url):
            return (await make_survey()).slug

    slug = asyncio.run(prepare())
    environment = {"SURVEY_DATABASE_URL": database_url, "SURVEY_DATA_DIR": str(tmp_path)}
    target = tmp_path / "form.pdf"
    done = CliRunner().invoke(
        main, ["survey", "print", slug, str(target), "--language", "fr"], env=environment
    )
    assert done.exit_code == 0, done.output
    assert target.read_bytes().startswith(b"%PDF")
    wrong = CliRunner().invoke(
        main, ["survey", "print", slug, str(target), "--language", "xx"], env=environment
    )
    assert wrong.exit_code == 1
    assert "not written in this language" in wrong.output
