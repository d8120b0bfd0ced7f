"""A tablet at an event: its pages, the boxes it keeps answers in, and who may start and end one."""

import html
import json
import os
import re
from datetime import UTC, date, datetime, timedelta

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from survey_service.integrations.tablet_box import box_key, open_box
from survey_service.services.gate.freeze_contact import freeze_contact, thaw_contact
from tests.conftest import SECRET_KEY
from tests.support.client import CheckingClient
from tests.support.make import make_department, make_survey
from tests.support.make_answers import make_answers, repeat
from tests.support.rows import fetch
from tests.support.staff import audited, csrf_of, make_staff, sign_in_as
from tests.support.tablets import make_tablet

SAME = {"sec-fetch-site": "same-origin"}
BOX = SAME | {"content-type": "application/octet-stream"}
STORED = "SELECT origin, mode, channel, language, flags, submitted_at FROM response ORDER BY id"


def close_box(public_key: bytes, text: str) -> bytes:
    """What the device does, with other code."""
    ours = ec.generate_private_key(ec.SECP256R1())
    point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    derive = HKDF(algorithm=SHA256(), length=32, salt=point, info=b"tablet answers|1")
    nonce = os.urandom(12)
    sealed = AESGCM(derive.derive(ours.exchange(ec.ECDH(), theirs))).encrypt(nonce, text.encode(), None)
    return point + nonce + sealed


def kept(form: int, version: int, *, at: datetime, answer: str = "q1=yes", name: str = "a" * 32) -> str:
    body = f"open-submission={name}&open-channel=tablet&{answer}"
    moment = int(at.timestamp())
    return json.dumps({"language": "fr", "version": version, "form": form, "body": body, "at": moment})


def test_a_box_opens_for_its_tablet_alone() -> None:
    key = SECRET_KEY.encode()
    box = close_box(box_key(key, 7), "answers")
    assert open_box(key, 7, box) == b"answers"
    assert open_box(key, 8, box) is None
    assert open_box(b"another key of the service, also long", 7, box) is None
    for broken in (b"", box[:60], box[:-1], b"\x04" + bytes(64) + box[65:]):
        assert open_box(key, 7, broken) is None


async def test_the_pages_of_a_tablet(client: CheckingClient) -> None:
    survey = await make_survey(has_open_link=False)
    token = await make_tablet(survey)
    start = await client.get(f"/tablet/{token}")
    assert "worker-src 'self'" in start.headers["content-security-policy"]
    assert "set-cookie" not in start.headers
    assert start.headers["x-robots-tag"].startswith("noindex")
    setup = json.loads(html.unescape(re.search('data-tablet="([^"]*)"', start.text)[1]))  # type: ignore[index]
    assert len(setup["pages"]) == 1 + len(survey.questionnaire.languages) * (1 + len(survey.forms))
    for path in setup["pages"]:
        assert (await client.get(path)).status_code == 200
    worker = await client.get("/tablet/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")

    path = f"/tablet/{token}/ar"
    page = await client.get(path)
    action = html.unescape(re.search('action="(/tablet[^"]*)"', page.text)[1])  # type: ignore[index]
    name = re.search('name="open-submission" value="([0-9a-f]+)"', page.text)[1]  # type: ignore[index]
    fields = {"open-submission": name, "open-channel": "tablet"}
    wrong = await client.post(action, data=fields, headers=SAME)
    assert wrong.status_code == 422
    assert name in wrong.text
    other = await client.post(action, data=fields | {"switch_language": "fr"}, headers=SAME)
    assert '<html lang="fr"' in other.text
    for _ in range(2):
        done = await client.post(action, data=fields | {"q1": "yes"}, headers=SAME)
        assert done.headers["location"] == f"{path}/thanks"
    assert (await client.get(f"{path}/thanks")).status_code == 200
    (row,) = await fetch(STORED)
    assert tuple(row.values())[:5] == ("open", "tablet", "tablet", "ar", "")


async def test_forty_people_at_one_tablet_are_no_flood_but_a_rate_is_kept(client: CheckingClient) -> None:
    survey = await make_survey()
    token, form = await make_tablet(survey), next(iter(survey.forms.values()))
    statuses = []
    for person in range(62):
        fields = {"open-submission": f"{person:032x}", "q1": "yes"}
        statuses.append(
            (await client.post(f"/tablet/{token}/en?form={form}", data=fields, headers=SAME)).status_code
        )
    assert statuses[:60] == [303] * 60
    assert statuses[60:] == [429, 429]
    assert await fetch("SELECT FROM response WHERE flags <> ''") == []


async def test_a_box_is_stored_once_however_late_and_not_after_the_tablet_was_ended(
    client: CheckingClient,
) -> None:
    survey = await make_survey()
    form, version, now = next(iter(survey.forms.values())), survey.questionnaire_version, datetime.now(UTC)
    token = await make_tablet(survey, ends_in=timedelta(days=-13))
    (tablet,) = await fetch("SELECT id FROM tablet")
    key = box_key(SECRET_KEY.encode(), tablet["id"])
    address = f"/tablet/{token}/kept"

    async def send(text: str) -> httpx.Response:
        return await client.post(address, content=close_box(key, text), headers=BOX)

    yesterday = (now - timedelta(days=15)).replace(microsecond=0)
    await fetch("UPDATE survey SET state = 'closed' WHERE id = $1", survey.id)
    assert (await client.get(f"/tablet/{token}/en")).status_code == 410, "no form after its time"
    for _ in range(3):
        assert (await send(kept(form, version, at=yesterday))).status_code == 204
    nonsense = kept(form, version, at=now + timedelta(days=400), answer="q1=maybe&q2=yes", name="b" * 32)
    assert (await send(nonsense)).status_code == 204
    rows = await fetch(STORED)
    assert [row["mode"] for row in rows] == ["tablet", "tablet"]
    assert rows[0]["submitted_at"] == yesterday
    assert abs(rows[1]["submitted_at"] - now) < timedelta(minutes=1), "a clock that is wrong is not believed"
    assert await fetch("SELECT FROM answer WHERE option = 'maybe'") == []

    for unreadable in (
        "no JSON",
        kept(form, version, at=now, name="short"),
        kept(form, version, at=now)[:-9],
    ):
        assert (await send(unreadable)).status_code == 422
    as_form = await client.post(address, data={"q1": "yes"}, headers=SAME)
    assert as_form.status_code == 415
    elsewhere = await client.post(address, content=b"", headers=BOX | {"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    await fetch("UPDATE tablet SET revoked_at = now()")
    assert (await send(kept(form, version, at=now, name="c" * 32))).status_code == 410
    await fetch("UPDATE tablet SET revoked_at = NULL, expires_at = now() - interval '15 days'")
    assert (await send(kept(form, version, at=now, name="c" * 32))).status_code == 410
    assert len(await fetch(STORED)) == 2
    for stranger in ("A" * 22, "short"):
        assert (await client.get(f"/tablet/{stranger}")).status_code == 404
        assert (await client.get(f"/tablet/{stranger}/en")).status_code == 404


async def test_what_was_posted_and_kept_as_its_answer_got_lost_counts_once(client: CheckingClient) -> None:
    survey = await make_survey()
    form, version, now = next(iter(survey.forms.values())), survey.questionnaire_version, datetime.now(UTC)
    token, name = await make_tablet(survey), "d" * 32
    other = await make_tablet(survey)
    tablet, _ = [row["id"] for row in await fetch("SELECT id FROM tablet ORDER BY id")]
    posted = {"open-submission": name, "q1": "yes"}
    for address in (token, other):
        done = await client.post(f"/tablet/{address}/fr?form={form}", data=posted, headers=SAME)
        assert done.status_code == 303
    box = close_box(
        box_key(SECRET_KEY.encode(), tablet), kept(form, version, at=now, answer="q1=yes", name=name)
    )
    assert (await client.post(f"/tablet/{token}/kept", content=box, headers=BOX)).status_code == 204
    assert (await client.post(f"/tablet/{other}/kept", content=box, headers=BOX)).status_code == 422
    assert len(await fetch(STORED)) == 2, "one for each tablet: a name is the tablet's own"


async def test_staff_start_and_end_a_tablet(client: CheckingClient) -> None:
    survey = await make_survey(slug="parks")
    await make_survey(slug="roads", department=await make_department("Roads"))
    await make_staff()
    await sign_in_as(client)
    page = "/staff/surveys/parks/tablets"

    async def post(**fields: str) -> httpx.Response:
        token = csrf_of((await client.get(page)).text)
        return await client.post(page, data={"csrf_token": token, **fields}, headers=SAME)

    for wrong in (
        {"event": " ", "days": "3"},
        {"event": "x" * 81, "days": "3"},
        {"event": "x", "days": "400"},
    ):
        assert (await post(**wrong)).status_code == 409
    no_date = {"event": "x", "days": "3", "event-day": "31", "event-month": "2", "event-year": "2026"}
    assert "is no date" in (await post(**no_date)).text
    day = {"event-day": "27", "event-month": "3", "event-year": "2026"}
    started = await post(event="Barbican surgery", place="Lilac Hall", days="3", **day)
    assert started.status_code == 303
    shown = await client.get(page)
    token = re.search(r"/tablet/([\w-]{22})\"", shown.text)
    assert token
    assert "data:image/png;base64," in shown.text
    assert (await client.get(f"/tablet/{token[1]}")).status_code == 200
    said = " ".join(re.sub("<[^>]+>", " ", shown.text).split())
    assert "Barbican surgery Lilac Hall 27 March 2026 1 0" in said
    (stored,) = await fetch("SELECT id, event, survey FROM tablet")
    assert (stored["event"], stored["survey"]) == ("Barbican surgery", survey.id)

    assert (await post(end="0")).status_code == 409
    assert (await post(end=str(stored["id"]))).status_code == 303
    assert (await client.get(f"/tablet/{token[1]}")).status_code == 410
    assert token[1] not in (await client.get(page)).text
    assert [one for one in await audited() if one.startswith("tablet.")] == ["tablet.start", "tablet.end"]
    assert (await client.get("/staff/surveys/roads/tablets")).status_code == 404


async def test_a_survey_that_is_not_open_has_no_tablet(client: CheckingClient) -> None:
    await make_survey(slug="parks", state="closed")
    await make_staff()
    await sign_in_as(client)
    page = "/staff/surveys/parks/tablets"
    token = csrf_of((await client.get(page)).text)
    refused = await client.post(page, data={"csrf_token": token, "event": "x", "days": "1"}, headers=SAME)
    assert "takes no answers now" in refused.text


async def test_a_freeze_stops_no_answer_and_begins_no_tablet(client: CheckingClient) -> None:
    """Contacting stops, answering does not (docs/for-staff-limits.md)."""
    survey = await make_survey(slug="parks")
    await make_staff()
    await sign_in_as(client)
    token = await make_tablet(survey)
    await freeze_contact("major incident")
    page = await client.get(f"/tablet/{token}/en")
    assert page.status_code == 200
    action = html.unescape(re.search('action="(/tablet[^"]*)"', page.text)[1])  # type: ignore[index]
    fields = {"open-submission": "c" * 32, "open-channel": "tablet", "q1": "yes"}
    assert (await client.post(action, data=fields, headers=SAME)).status_code == 303
    form, now = next(iter(survey.forms.values())), datetime.now(UTC)
    (stored,) = await fetch("SELECT id FROM tablet")
    key = box_key(SECRET_KEY.encode(), int(str(stored["id"])))
    box = close_box(key, kept(form, survey.questionnaire_version, at=now))
    assert (await client.post(f"/tablet/{token}/kept", content=box, headers=BOX)).status_code == 204
    assert len(await fetch(STORED)) == 2, "what was answered in the freeze, on the line or off it, is kept"
    tablets = "/staff/surveys/parks/tablets"
    opened = (await client.get(tablets)).text
    assert "Fieldwork is frozen: major incident." in opened
    data = {"csrf_token": csrf_of(opened), "event": "Another", "days": "1"}
    refused = await client.post(tablets, data=data, headers=SAME)
    assert refused.status_code == 409
    assert "no tablet is started" in refused.text
    await thaw_contact()
    assert (await client.post(tablets, data=data, headers=SAME)).status_code == 303


async def test_answers_are_told_by_event(client: CheckingClient) -> None:
    survey = await make_survey(slug="parks")
    await make_staff()
    await sign_in_as(client)
    for event, tablets, answers in (("Surgery", 2, 12), ("Market", 1, 30), ("Fair", 1, 4), ("School", 1, 0)):
        for _ in range(tablets):
            await make_tablet(survey, event=event, place="Guildhall", event_on=date(2026, 3, 27))
        await make_answers(survey, repeat(q1={"yes": answers}), channel="tablet")
        await fetch(
            """UPDATE response SET mode = 'tablet', tablet = (SELECT max(id) FROM tablet)
               WHERE tablet IS NULL"""
        )
    page = (await client.get("/staff/surveys/parks/tablets")).text
    said = " ".join(re.sub("<[^>]+>", " ", page).split())
    # The few of one event would follow from all of them and the others, so a second one is hidden, too.
    assert "School Guildhall 27 March 2026 1 0" in said
    assert "Fair Guildhall 27 March 2026 1 Hidden" in said
    assert "Surgery Guildhall 27 March 2026 2 Hidden" in said
    assert "Market Guildhall 27 March 2026 1 30" in said
