"""The connection to the newsletter: what is wrong with it is said, and a refused key stops it."""

from dataclasses import replace

import pytest

from survey_service.db import newsletter_connection
from survey_service.domain.errors import Conflict, NotFound, SettingsError
from survey_service.integrations.mailchimp.errors import KeyRefused
from survey_service.integrations.mailchimp.sandbox.faults import Fault
from survey_service.integrations.mailchimp.sandbox.server import SandboxServer
from survey_service.services.connect_newsletter import connect_newsletter
from survey_service.services.sync_newsletter import sync_newsletter
from survey_service.settings import Settings
from tests.support.mailchimp import made_members, mirror, settings_for, truth
from tests.support.rows import fetch

pytestmark = pytest.mark.usefixtures("database")


async def test_a_refused_key_stops_and_a_new_one_goes_on(linked: Settings, skyline: SandboxServer) -> None:
    skyline.people.seed(made_members(5_000))
    skyline.faults = [Fault(kind="401", path="members$", skip=2, times=-1)]
    with pytest.raises(KeyRefused, match="SURVEY_MAILCHIMP_API_KEY"):
        await sync_newsletter(linked)
    stopped = await newsletter_connection.find_connection()
    assert stopped is not None
    assert stopped.state == "unauthorised"
    before = len(skyline.log)
    with pytest.raises(Conflict, match="mailchimp connect"):
        await sync_newsletter(linked)
    assert len(skyline.log) == before
    skyline.faults = []
    skyline.sandbox.api_key = "another-key-sandbox"
    renewed = replace(linked, mailchimp_api_key="another-key-sandbox")
    await connect_newsletter(renewed, with_hook=False)
    # The new key is kept, sealed: other processes need no setting of their own.
    result = await sync_newsletter(replace(renewed, mailchimp_api_key=""))
    assert await mirror() == truth(skyline)
    assert result.pages == 6
    assert await fetch("SELECT kind FROM newsletter_alarm WHERE ended_at IS NULL") == []
    [row] = await fetch("SELECT sealed_key FROM newsletter_connection")
    assert b"another-key" not in row["sealed_key"]


async def test_what_is_wrong_with_a_connection_is_said(settings: Settings, skyline: SandboxServer) -> None:
    with pytest.raises(SettingsError, match="SURVEY_MAILCHIMP_API_KEY"):
        await connect_newsletter(settings)
    chosen = settings_for(settings, skyline)
    with pytest.raises(KeyRefused, match="connect again"):
        await connect_newsletter(replace(chosen, mailchimp_api_key="wrong-us1"))
    with pytest.raises(NotFound, match="Skyline"):
        await connect_newsletter(chosen, list_id="nonsense")
    skyline.people.make_field("SURVEYURL", "Ours?", kind="number")
    with pytest.raises(Conflict, match="--merge-tag"):
        await connect_newsletter(chosen)
    done = await connect_newsletter(chosen, merge_tag="SVYLINK")
    assert done.hook.startswith("none")
