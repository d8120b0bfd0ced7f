"""Something went wrong behind the sign-in: what happened, in the look of the staff area, and a way on."""

from litestar import Response

from survey_service.db.staff import StaffMember
from survey_service.domain.errors import NotAllowed, NotFound, SurveyServiceError
from survey_service.web.staff.guards import AnyRequest
from survey_service.web.staff.page import gettext, staff_page
from survey_service.web.staff.plan_form import describe_refusal

AREA = "/staff"


def is_staff_address(path: str) -> bool:
    """Whether the person who asked for it works here."""
    return path == AREA or path.startswith(f"{AREA}/")


def staff_error_page(
    request: AnyRequest, error: Exception, status: int, headers: dict[str, str]
) -> Response[str]:
    """The page of an error; its own words only where it is a refusal that was written for staff."""
    staff: StaffMember | None = request.scope.get("user")
    title, advice = _words(status)
    reason = ""
    if isinstance(error, SurveyServiceError) and not isinstance(error, (NotFound, NotAllowed)):
        reason = describe_refusal(error)["text"]
    return staff_page(
        request,
        "staff/error.html",
        staff=staff,
        status=status,
        headers=headers,
        title=title,
        advice=advice,
        reason=reason if status < 500 else "",
        contact=request.app.state.settings.contact_email,
    )


def _words(status: int) -> tuple[str, str]:
    again = gettext("Nothing was saved. Go back, load the page again and repeat what you did.")
    known = {
        403: (
            gettext("You may not do this"),
            gettext(
                "It is not part of your role, or the page had been open since before you signed in: "
                "load it again and repeat what you did."
            ),
        ),
        404: (
            gettext("Page not found"),
            gettext(
                "Check the address. What belongs to another department, or was taken away, looks as if "
                "it had never been there."
            ),
        ),
        405: (gettext("This address works differently"), gettext("Use the buttons of the page before.")),
        409: (gettext("This cannot be done now"), again),
        413: (
            gettext("That was too much at once"),
            gettext("Nothing was saved. Send less, or a smaller file."),
        ),
        429: (gettext("Too many tries in a short time"), gettext("Wait a minute, then try again.")),
        503: (gettext("The service is not available at the moment"), gettext("Try again in a few minutes.")),
    }
    if status in known:
        return known[status]
    if status >= 500:
        return (
            gettext("Something went wrong on our side"),
            gettext("It was noted, without what you typed. Go back and look whether your change was saved."),
        )
    return gettext("That could not be done"), again
