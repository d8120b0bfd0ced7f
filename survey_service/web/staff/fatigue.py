"""`/staff/fatigue`: what one more ask costs, as far as rests that were drawn by lot can tell."""

from datetime import UTC, datetime

from litestar import Response, get

from survey_service.i18n.formatting import format_number
from survey_service.services.likelihood.measure_fatigue import FatigueMeasured, review_fatigue
from survey_service.web.staff.bar_picture import draw_bars
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import gettext, staff_page
from survey_service.web.staff.simulation_picture import Drawing


@get("/staff/fatigue", guards=[require_session])
async def show_fatigue(request: AnyRequest) -> Response[str]:
    """The effects and each department's cost."""
    staff, settings = signed_in_staff(request), request.app.state.settings
    found = await review_fatigue(staff, settings, at=datetime.now(UTC))
    return staff_page(
        request,
        "staff/fatigue.html",
        staff=staff,
        found=found,
        percent=settings.random_arm_percent,
        shortest=max(settings.rest_days, settings.random_rest_from),
        longest=settings.random_rest_until,
        outcome_words=outcome_words(),
        reason_words=reason_words(),
        drawings=draw_costs(found),
    )


def draw_costs(found: FatigueMeasured) -> list[Drawing]:
    """What each department's asks cost, beside how many there were; nothing where it cannot be told."""
    if not found.costs:
        return []
    return [
        draw_bars(
            "invitations",
            gettext("Invitations of a year"),
            [(one.department, format_number(one.invitations), float(one.invitations)) for one in found.costs],
        ),
        draw_bars(
            "answers-lost",
            gettext("Answers lost to later asks"),
            [
                (one.department, format_number(round(one.answers_lost)), max(0.0, one.answers_lost))
                for one in found.costs
            ],
        ),
    ]


def outcome_words() -> dict[str, str]:
    """Each outcome that an ask may change."""
    return {
        "answered": gettext("Answers"),
        "refused": gettext("People who decline or leave"),
        "broke_off": gettext("Forms left half-way"),
    }


def reason_words() -> dict[str, str]:
    """Why an effect cannot be told."""
    return {
        "too_few": gettext("too few people of the randomised arm have been asked twice"),
        "load_hardly_varies": gettext("everybody waited about as long between two invitations"),
        "not_by_lot": gettext("something else than the lots decided how long people waited"),
        "load_goes_with_willingness": gettext("how long people waited goes with what they had answered"),
    }


ROUTES = [show_fatigue]
