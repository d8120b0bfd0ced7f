"""What a department asks for when it plans a survey, checked before anything is computed."""

from collections.abc import Iterable, Mapping

import msgspec

from survey_service.domain.errors import SurveyServiceError
from survey_service.services.planning.share_invitations import MARGIN, METHODS, Method

EXAMPLE = "a number between 0 and 100 points"


class ReportingGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Strata reported by one figure, alone or merged, with the margin of error it shall have."""

    strata: tuple[str, ...]
    margin: float


class PlanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as it is asked for. Margins are shares: 0.05 is 5 points."""

    margin: float = MARGIN
    """Of the whole survey, unless the invitations are given."""
    confidence: float = 0.95
    method: Method = "proportional"
    invitations: int | None = None
    """So many, instead of as many as the precision needs."""
    report: tuple[ReportingGroup, ...] = ()
    each: float | None = None
    """Margin of every stratum that is in no group and not exempt."""
    exempt: tuple[str, ...] = ()
    """Asked, and named as not reportable."""
    expected_shares: Mapping[str, float] = {}
    """The answer's expected share by stratum; a half, the hardest to measure, where none is given."""

    def groups(self, strata: Iterable[str]) -> tuple[ReportingGroup, ...]:
        """Return what is to be reported: the groups asked for, and every other stratum if that is wished."""
        if self.each is None:
            return self.report
        named = {name for group in self.report for name in group.strata} | set(self.exempt)
        single = (ReportingGroup(strata=(one,), margin=self.each) for one in strata if one not in named)
        return (*self.report, *single)


def check_request(request: PlanRequest, strata: Iterable[str]) -> None:
    """Refuse a plan that cannot be computed, saying what could be."""
    known = set(strata)
    margins = [request.margin, *(group.margin for group in request.report)]
    if request.each is not None:
        margins.append(request.each)
    for margin in margins:
        if not 0.0 < margin < 1.0:
            raise SurveyServiceError(
                "This precision does not exist.", expected=EXAMPLE, got=f"{margin * 100:g}"
            )
    if request.method not in METHODS:
        raise SurveyServiceError(
            "There is no such method.", expected=f"one of {', '.join(METHODS)}", got=repr(request.method)
        )
    for name, share in request.expected_shares.items():
        if not 0.0 < share < 1.0:
            raise SurveyServiceError(
                f"The expected share in {name} is not usable.", expected="between 0 and 1", got=f"{share:g}"
            )
    grouped = [name for group in request.report for name in group.strata] + list(request.exempt)
    if unknown := sorted({*grouped, *request.expected_shares} - known):
        raise SurveyServiceError(
            "The survey has no such stratum.", expected=f"one of {', '.join(sorted(known))}", got=unknown[0]
        )
    if twice := sorted({name for name in grouped if grouped.count(name) > 1}):
        raise SurveyServiceError(
            f"The stratum {twice[0]} is named twice.",
            hint="A stratum is reported alone, in one group, or not at all.",
        )
