"""The outbox for staff: what waits and why, nobody's address, and only for those who plan."""

from pathlib import Path

from survey_service.settings import Settings
from tests.integration.test_mail import invite
from tests.support.client import running_client
from tests.support.rows import fetch
from tests.support.staff import make_staff, sign_in_as


async def test_staff_see_that_mails_wait_and_why(settings: Settings, tmp_path: Path) -> None:
    async with running_client(settings) as client:
        await make_staff()
        await sign_in_as(client)
        empty = await client.get("/staff/outbox")
        assert "0 mails wait" in empty.text
        await invite(settings, tmp_path, 3)
        page = await client.get("/staff/outbox")
        assert page.status_code == 200
        assert "3 mails wait" in page.text
        assert "No mail server is set" in page.text
        for row in await fetch("SELECT email FROM contact_detail"):
            assert str(row["email"]) not in page.text


async def test_who_only_reads_results_does_not_see_it(settings: Settings) -> None:
    async with running_client(settings) as client:
        await make_staff(role="viewer")
        await sign_in_as(client)
        assert (await client.get("/staff/outbox")).status_code == 403
