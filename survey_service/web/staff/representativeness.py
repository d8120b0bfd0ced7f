"""`/staff/surveys/…/representativeness`: how evenly those asked have answered, who is missing, what to do."""

from litestar import Response, get

from survey_service.domain.missing_people import Remedy
from survey_service.domain.roles import check_may
from survey_service.i18n.formatting import format_number
from survey_service.services.results.review_representativeness import (
    OTHERS,
    WaveRepresentativeness,
    review_representativeness,
)
from survey_service.services.results.review_survey import get_survey_for
from survey_service.web.staff.bar_picture import draw_bars
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, gettext, staff_page
from survey_service.web.staff.simulation_picture import Drawing


@get("/staff/surveys/{slug:str}/representativeness", guards=[require_session])
async def show_representativeness(request: AnyRequest) -> Response[str]:
    """Every wave of a survey, the newest in detail."""
    staff = signed_in_staff(request)
    survey = await get_survey_for(staff, request.path_params["slug"])
    check_may(staff.role, "plan")
    waves = await review_representativeness(staff, survey, small_cell=request.app.state.settings.small_cell)
    measured = [one for one in waves if one.cv is not None]
    return staff_page(
        request,
        "staff/representativeness.html",
        staff=staff,
        survey=survey,
        language=LANGUAGE,
        waves=waves,
        newest=measured[-1] if measured else None,
        drawings=_draw(measured),
        remedy_words=remedy_words(),
        others=OTHERS,
    )


def remedy_words() -> dict[Remedy, str]:
    """Each thing that could be done, in words."""
    return {
        "other_channel": gettext("Offer another channel: a text message, a letter, a call."),
        "check_translation": gettext("Let somebody who speaks it read the translation and the invitation."),
        "interpreter": gettext("Offer an interpreter or somebody who asks in the language."),
        "face_to_face": gettext("Ask face to face where these people are."),
        "open_link": gettext("Publish the open link there with its QR code; its answers are shown apart."),
        "ask_them": gettext("Ask a few of them why, before the next wave."),
    }


WIDE_CV = 0.5
"""Where the bar of the unevenness ends, unless a wave is worse: one that is full says nothing by itself."""


def _draw(waves: list[WaveRepresentativeness]) -> list[Drawing]:
    """The two measures over time; nothing where there is nothing to compare."""
    if not waves:
        return []
    return [
        draw_bars(
            "cv",
            gettext("Unevenness of participation"),
            [(_name(one), _number(one.cv), one.cv or 0.0) for one in waves],
            whole=WIDE_CV,
        ),
        draw_bars(
            "r-indicator",
            gettext("R-indicator"),
            [(_name(one), _number(one.r_indicator), one.r_indicator or 0.0) for one in waves],
            whole=1.0,
        ),
    ]


def _name(wave: WaveRepresentativeness) -> str:
    return gettext("Wave %(number)s") % {"number": format_number(wave.wave)}


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


ROUTES = [show_representativeness]
