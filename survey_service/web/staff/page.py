"""A staff page: the template with what every one of them needs."""

from typing import Any
from zoneinfo import ZoneInfo

from litestar import MediaType, Response

from survey_service.db.staff import StaffMember
from survey_service.domain.roles import may
from survey_service.i18n.translate import Translator, use_locale
from survey_service.web.security import csp_nonce
from survey_service.web.staff.done import read_done
from survey_service.web.staff.guards import AnyRequest
from survey_service.web.staff.navigation import find_way
from survey_service.web.staff.session import CSRF_FIELD, caller_of, csrf_token

LANGUAGE = "en"

gettext = Translator("staff").gettext


def staff_page(
    request: AnyRequest,
    template: str,
    *,
    staff: StaffMember | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> Response[str]:
    """Render a page; with `staff` it has the navigation and the way out."""
    state = request.app.state
    session_key = caller_of(request).session_key
    with use_locale(LANGUAGE):
        bar, area, area_pages = find_way(request.url.path, staff) if staff else ([], "", [])
        html = state.staff_environment.get_template(template).render(
            nonce=csp_nonce(request.scope),
            staff=staff,
            navigation=bar,
            area=area,
            area_pages=area_pages,
            may_author=staff is not None and may(staff.role, "author"),
            may_plan=staff is not None and may(staff.role, "plan"),
            done=read_done(request),
            csrf_field=CSRF_FIELD,
            csrf_token=csrf_token(state.secret_key, session_key) if staff and session_key else "",
            zone=ZoneInfo(state.settings.time_zone),
            **values,
        )
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers)
