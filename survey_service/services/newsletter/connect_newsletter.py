"""Connect the newsletter's list: look that all is there, make what is ours, and keep the key sealed."""

import hashlib
import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from survey_service.db import audit_event, newsletter_connection, newsletter_run
from survey_service.db.engine import transaction
from survey_service.db.newsletter_connection import Connection
from survey_service.domain.errors import Conflict, NotFound, SettingsError
from survey_service.integrations.mailchimp.client import MailchimpClient
from survey_service.integrations.mailchimp.errors import MailchimpError
from survey_service.integrations.mailchimp.port import AudienceFacts, HookFacts
from survey_service.integrations.sealing import seal, unseal
from survey_service.services.newsletter.newsletter_client import (
    KEY_PURPOSE,
    PATH_PURPOSE,
    SIGNING_PURPOSE,
    key_of,
    open_newsletter,
)
from survey_service.services.newsletter.offered_fields import remember_offered
from survey_service.settings import Settings, load_secret_key

MERGE_TAG = "SURVEYURL"
HOOKS = "/hooks/mailchimp"
FIELD_SEGMENT = "Survey links standing"


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """What was connected."""

    list_id: str
    list_name: str
    members: int
    merge_tag: str
    hook: str
    """live, or why there is none."""


async def connect_newsletter(
    settings: Settings, *, list_id: str = "", merge_tag: str = MERGE_TAG, with_hook: bool = True
) -> Connected:
    """Connect, or connect again: with a new key, after somebody changed the list, to another list."""
    before = await newsletter_connection.find_connection()
    key = settings.mailchimp_api_key or (key_of(before, settings) if before else "")
    if not key:
        raise SettingsError(
            "There is no key for Mailchimp.",
            expected="SURVEY_MAILCHIMP_API_KEY",
            hint="Make a key under Account, Extras, API keys; or try `survey-service mailchimp sandbox`.",
        )
    base = settings.mailchimp_api_base or (before.api_base if before else "")
    async with MailchimpClient(key, "", base=base) as client:
        await client.ping()
        chosen = _choose(await client.list_audiences(), list_id or (before.list_id if before else ""))
    async with MailchimpClient(key, chosen.id, base=base) as client:
        await _need_field(client, merge_tag)
        segment = await client.make_field_segment(FIELD_SEGMENT, merge_tag)
    async with transaction():
        found = await newsletter_connection.save_connection(
            list_id=chosen.id, list_name=chosen.name, api_base=base,
            sealed_key=seal(load_secret_key(settings), key, purpose=KEY_PURPOSE), merge_tag=merge_tag,
            has_double_optin=chosen.double_optin, field_segment=segment.id,
        )  # fmt: skip
        await newsletter_run.end_alarm(found, "stopped", "unanswered", "merge_field")
        await audit_event.add_audit_event(
            staff=None, action="newsletter.connect", object_kind="newsletter", object_id=str(found),
            detail={"list": chosen.id},
        )  # fmt: skip
    async with open_newsletter(settings) as newsletter:
        await remember_offered(newsletter.client, newsletter.connection)
    hook = await _connect_hook(settings) if with_hook else "not asked for"
    return Connected(
        list_id=chosen.id, list_name=chosen.name, members=chosen.members, merge_tag=merge_tag, hook=hook
    )


def _choose(audiences: list[AudienceFacts], wanted: str) -> AudienceFacts:
    found = [one for one in audiences if one.id == wanted or not wanted]
    if len(found) == 1:
        return found[0]
    named = "; ".join(f"{one.id} ({one.name})" for one in audiences) or "none"
    if not found:
        raise NotFound(f"The account has no list {wanted!r}.", expected=f"one of: {named}")
    raise Conflict("The account has several lists.", expected=f"one of: {named}", hint="Add: --list ID")


async def _need_field(client: MailchimpClient, tag: str) -> None:
    """Our merge field: made when missing, refused when it would show the link to everybody."""
    fields = {one.tag: one for one in await client.list_merge_fields()}
    if tag not in fields:
        await client.add_merge_field(tag, "Survey link")
        return
    field = fields[tag]
    if field.type not in ("url", "text") or field.default_value:
        raise Conflict(
            f"The merge field {tag} cannot carry survey links: it is a {field.type} field"
            f"{' with a default value, which everybody would see' if field.default_value else ''}.",
            expected="a field of type website or text, without a default value",
            hint="Change it in Mailchimp under Audience fields, or choose another: --merge-tag TAG",
        )


async def _connect_hook(settings: Settings) -> str:
    """Make the webhook where Mailchimp can reach us; without it every change arrives with the next pull."""
    parts = urlsplit(settings.public_url)
    is_local = parts.hostname in ("127.0.0.1", "localhost")
    if parts.scheme != "https" and not (is_local and settings.mailchimp_api_base):
        return "none, since SURVEY_PUBLIC_URL is no https address: changes arrive with the next pull"
    try:
        async with open_newsletter(settings) as newsletter:
            await make_hook(newsletter.client, newsletter.connection, settings)
    except MailchimpError as refused:
        told = f"none, since {settings.public_url} does not answer: {refused}"
        return f"{told} Start the service, then connect again"
    return "live"


async def make_hook(client: MailchimpClient, found: Connection, settings: Settings) -> None:
    """Make the webhook anew with a fresh path and keep its secrets; one of ours that is there goes first."""
    key = load_secret_key(settings)
    ours = f"{settings.public_url}{HOOKS}/"
    for hook in await client.list_hooks():
        if hook.url.startswith(ours):
            await client.remove_hook(hook.id)
    secret = secrets.token_urlsafe(32)
    # Known before it is made: Mailchimp asks the address with a GET first.
    await newsletter_connection.set_hook_path(
        found.id, path_hash=hash_path(secret), sealed_path=seal(key, secret, purpose=PATH_PURPOSE)
    )
    made = await client.add_hook(f"{ours}{secret}")
    if made.signing_secret:
        await _keep_hook(found, made, secret, key)
        return
    # Its answer may have been lost, and the signing secret with it: the account signs or it does not.
    await client.remove_hook(made.id)
    await _keep_hook(found, await client.add_hook(f"{ours}{secret}"), secret, key)


async def _keep_hook(found: Connection, made: HookFacts, secret: str, key: bytes) -> None:
    signing = made.signing_secret
    async with transaction():
        await newsletter_connection.set_hook(
            found.id, hook=made.id, path_hash=hash_path(secret),
            sealed_path=seal(key, secret, purpose=PATH_PURPOSE),
            sealed_signing=seal(key, signing, purpose=SIGNING_PURPOSE) if signing else None,
        )  # fmt: skip
        await newsletter_run.end_alarm(found.id, "hook_missing", "hook_silent")


def hash_path(secret: str) -> bytes:
    """Return what is looked up of the secret in the webhook's path."""
    return hashlib.sha256(secret.encode()).digest()


async def check_hook(settings: Settings) -> str:
    """Look whether the webhook is still there, and make it anew where it is not; return its state."""
    at = datetime.now(UTC)
    async with open_newsletter(settings) as newsletter:
        found, client = newsletter.connection, newsletter.client
        await remember_offered(client, found)
        if found.sealed_path is None:
            return "none"
        path = unseal(load_secret_key(settings), found.sealed_path, purpose=PATH_PURPOSE)
        url = f"{settings.public_url}{HOOKS}/{path}"
        if any(one.url == url for one in await client.list_hooks()):
            await newsletter_connection.set_hook_state(found.id, "live", at)
            await newsletter_run.end_alarm(found.id, "hook_missing")
            return "live"
        await newsletter_connection.set_hook_state(found.id, "missing", at)
        await newsletter_run.raise_alarm(
            found.id, "hook_missing", "Mailchimp has switched the webhook off, or somebody deleted it."
        )
        await make_hook(client, found, settings)
        return "made anew"
