"""`/hooks/mailchimp/<secret>`: where Mailchimp tells of changes. Stored, answered, worked on afterwards.

No cookie, no form of ours: the secret in the path and the signature over the raw body are what counts, so
the check against forged posts of browsers does not apply.
"""

from typing import Any

from litestar import MediaType, Request, Response, get, post

from survey_service.domain.errors import NotAllowed
from survey_service.services.newsletter.take_newsletter_event import find_hook, take_newsletter_event

AnyRequest = Request[Any, Any, Any]


@get("/hooks/mailchimp/{secret:str}", include_in_schema=False, media_type=MediaType.TEXT)
async def show_hook(request: AnyRequest) -> str:
    """Answer the check that Mailchimp makes before it sets a webhook up."""
    await find_hook(request.path_params["secret"])
    return "ready"


@post("/hooks/mailchimp/{secret:str}", include_in_schema=False, status_code=200, media_type=MediaType.TEXT)
async def take_hook(request: AnyRequest) -> Response[str]:
    """Take one event. Never 410: that would switch the webhook off for good."""
    raw = await request.body()
    signature = request.headers.get("x-mailchimp-signature", "")
    try:
        await take_newsletter_event(request.path_params["secret"], signature, raw, request.app.state.settings)
    except NotAllowed:
        return Response("refused", status_code=403, media_type=MediaType.TEXT)
    return Response("taken", status_code=200, media_type=MediaType.TEXT)


ROUTES = [show_hook, take_hook]
