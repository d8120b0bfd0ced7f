"""Who leaves is out at once and for good; who forgets a pass phrase gets another."""

from collections.abc import AsyncIterator

import pytest
from click.testing import CliRunner

from survey_service.cli.staff import staff_group
from survey_service.domain.errors import NotAllowed, NotFound
from survey_service.services.administration.leave_staff import give_password, leave_staff, list_staff
from survey_service.settings import Settings
from tests.support.client import CheckingClient, running_client
from tests.support.rows import fetch
from tests.support.staff import PASSWORD, audited, make_staff, sign_in_as

OTHER = "another pass phrase for tests"


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[CheckingClient]:
    """The running application."""
    async with running_client(settings) as opened:
        yield opened


async def test_who_leaves_is_out_at_once_and_for_good(client: CheckingClient) -> None:
    staff = await make_staff()
    await fetch(
        """INSERT INTO safeguarding_officer (department, staff, named_by)
           SELECT department, id, id FROM staff WHERE id = $1""",
        staff,
    )
    await sign_in_as(client)
    assert (await client.get("/staff/surveys")).status_code == 200
    assert await leave_staff(email=" ANN@example.org") == ["Public Order"]
    assert (await client.get("/staff/surveys")).status_code == 303
    assert (await sign_in_as(client)).status_code == 422
    assert await fetch("SELECT * FROM safeguarding_officer") == []
    assert [one.is_active for one in await list_staff()] == [False]
    with pytest.raises(NotFound):
        await leave_staff(email="ann@example.org")
    # Back again, with another pass phrase: the old one is worth nothing.
    await give_password(email="ann@example.org", password=OTHER)
    assert (await sign_in_as(client, password=PASSWORD)).status_code == 422
    assert (await sign_in_as(client, password=OTHER)).status_code == 303
    assert (await audited())[-1] == "signed_in"
    assert {"staff_left", "password_given"} <= set(await audited())


async def test_another_pass_phrase_ends_the_sessions_of_whoever_had_the_old_one(
    client: CheckingClient,
) -> None:
    await make_staff()
    await sign_in_as(client)
    with pytest.raises(NotAllowed):
        await give_password(email="ann@example.org", password="short")
    assert (await client.get("/staff/surveys")).status_code == 200
    await give_password(email="ann@example.org", password=OTHER)
    assert (await client.get("/staff/surveys")).status_code == 303
    with pytest.raises(NotFound):
        await give_password(email="nobody@example.org", password=OTHER)


def test_the_commands_say_what_they_did(settings: Settings) -> None:
    environment = {
        "SURVEY_DATABASE_URL": settings.database_url, "SURVEY_SECRET_KEY": settings.secret_key,
        "SURVEY_DATA_DIR": str(settings.data_dir),
    }  # fmt: skip

    def run(*arguments: str) -> str:
        done = CliRunner(env=environment).invoke(staff_group, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    run("add", "bo@example.org", "--role", "viewer", "--department", "Parks")
    assert "Pass phrase (shown only now): " in run("password", "bo@example.org")
    assert "may not sign in any more" in run("leave", "bo@example.org")
    assert "bo@example.org" in run("list")
