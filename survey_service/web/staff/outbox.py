"""`/staff/outbox`: what waits to be sent and why, counted; nobody's name or address."""

from litestar import Response, get

from survey_service.services.messages.review_outbox import review_outbox
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import staff_page


@get("/staff/outbox", guards=[require_session])
async def show_outbox(request: AnyRequest) -> Response[str]:
    """Messages by channel, kind and state, and what the mail server said last."""
    staff = signed_in_staff(request)
    outbox = await review_outbox(request.app.state.settings, staff)
    return staff_page(request, "staff/outbox.html", staff=staff, outbox=outbox)


ROUTES = [show_outbox]
