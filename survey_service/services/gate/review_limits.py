"""What staff see of the named limits: those that hold, and the words they can be made of."""

import msgspec

from survey_service.db import contact_limit, survey
from survey_service.db.contact_limit import LimitFacts
from survey_service.db.frame_partition import list_attributes
from survey_service.db.staff import StaffMember
from survey_service.db.survey import Survey
from survey_service.domain.roles import check_may


class LimitsReview(msgspec.Struct, frozen=True, kw_only=True):
    """Limits, purposes and attributes there are, and the surveys that are not closed with their purpose."""

    limits: list[LimitFacts]
    purposes: list[str]
    attributes: list[str]
    surveys: list[Survey]


async def review_limits(staff: StaffMember) -> LimitsReview:
    """Whoever plans sees what everybody is held to."""
    check_may(staff.role, "plan")
    return LimitsReview(
        limits=await contact_limit.list_limits(),
        purposes=await survey.list_purposes(),
        attributes=await list_attributes(),
        surveys=[one for one in await survey.list_surveys() if one.state != "closed"],
    )
