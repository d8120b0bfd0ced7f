"""Plans: the one variance rule, methods by name, what cannot be reached, and given numbers."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.precision import answers_needed
from survey_service.db.budget import CellHistory
from survey_service.db.survey import Survey, SurveyStratum
from survey_service.domain.errors import LimitReached, SurveyServiceError
from survey_service.domain.questionnaire import Form
from survey_service.services.likelihood.expect_response import FIRST_RESPONSE
from survey_service.services.planning.compute_plan import make_plan
from survey_service.services.planning.contact_capacity import CellCapacity
from survey_service.services.planning.plan_ground import lay_ground, least_asked_share
from survey_service.services.planning.plan_request import PlanRequest, ReportingGroup, check_request
from survey_service.services.planning.share_invitations import METHODS, effective_answers, share_planned
from survey_service.services.planning.survey_plan import Plan

CITY = {"business": 3741, "resident": 308, "visitor": 96, "worker": 2264}
SURVEY = Survey(
    id=1, slug="parks", department="Parks", title={}, state="open", has_open_link=False,
    created_at=datetime(2026, 1, 1, tzinfo=UTC), opened_at=None, closed_at=None,
)  # fmt: skip
WHOLE = (Form(key="core", block_names=(), share=1.0, points=5, planned_seconds=53),)


def split_forms() -> tuple[Form, ...]:
    """Five blocks, two a form."""
    pairs = [(f"b{one}", f"b{two}") for one in range(5) for two in range(one)]
    return tuple(
        Form(key="+".join(pair), block_names=pair, share=0.1, points=5, planned_seconds=53) for pair in pairs
    )


def plan(
    request: PlanRequest,
    *,
    sizes: dict[str, int] = CITY,
    history: dict[str, tuple[int, int]] | None = None,
    forms: tuple[Form, ...] = WHOLE,
    minimum: int = 30,
) -> Plan:
    strata = [SurveyStratum(id=n, name=name, cells=(n,)) for n, name in enumerate(sizes)]
    cells = {
        n: CellCapacity(units=size, askable=size, capacity=2 * size, used=0)
        for n, size in enumerate(sizes.values())
    }
    past = [
        CellHistory(cell=list(sizes).index(name), invited=invited, answered=answered)
        for name, (invited, answered) in (history or {}).items()
    ]
    check_request(request, sizes)
    return make_plan(SURVEY, lay_ground(strata, cells, past, forms, request), request, forms, minimum)


def test_five_points_are_385_answers_at_the_response_measured_first() -> None:
    found = plan(PlanRequest())
    assert found.answers == 385
    assert {one.response for one in found.by_stratum.values()} == {round(FIRST_RESPONSE, 6)}
    # Each stratum's ceiling: a few more than 385 / 0.1462 = 2,634.
    assert 2_634 <= found.invitations <= 2_634 + len(CITY) * 7
    assert found.expected_margin == found.expected_margin_core == pytest.approx(0.05, abs=2e-4)
    assert found.seconds == pytest.approx(found.invitations * 15 + 385 * 53, rel=0.01)
    assert found.unreachable == ()


def test_a_register_of_any_size_needs_as_many() -> None:
    """Those who answer chose to: there is no discount for a small population."""
    small = plan(PlanRequest(margin=0.1), sizes={"resident": 700, "worker": 700})
    large = plan(PlanRequest(margin=0.1), sizes={"resident": 70_000, "worker": 70_000})
    assert small.answers == large.answers == answers_needed(0.1)


def test_the_least_asked_block_decides() -> None:
    assert least_asked_share(split_forms()) == pytest.approx(0.4)
    assert least_asked_share(WHOLE) == 1.0
    found = plan(PlanRequest(margin=0.08), forms=split_forms())
    assert found.answers == answers_needed(0.08, least_asked=0.4) == 376
    assert found.expected_margin == pytest.approx(0.08, abs=5e-4)
    assert found.expected_margin_core == pytest.approx(0.08 * 0.4**0.5, abs=5e-4)


def test_a_rate_is_the_strata_s_own_shrunk_to_the_register_s() -> None:
    found = plan(PlanRequest(), history={"resident": (980, 490), "worker": (0, 0)})
    overall = (490 + 20 * FIRST_RESPONSE) / 1000
    assert found.by_stratum["resident"].response == pytest.approx((490 + 20 * overall) / 1000, abs=1e-6)
    assert found.by_stratum["worker"].response == pytest.approx(overall, abs=1e-6)
    # Who answers more often is invited less for the same answers.
    usual = plan(PlanRequest())
    assert found.by_stratum["resident"].invitations < usual.by_stratum["resident"].invitations


def test_a_rate_near_nothing_does_not_invite_everybody_for_a_handful() -> None:
    found = plan(
        PlanRequest(margin=0.2), sizes={"resident": 10_000, "worker": 10_000},
        history={"resident": (100_000, 0), "worker": (100_000, 40_000)},
    )  # fmt: skip
    resident = found.by_stratum["resident"]
    assert resident.invitations <= max(30, -(-resident.answers // 0.02))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_reaches_the_whole_precision(method: str) -> None:
    request = PlanRequest(
        method=method,  # type: ignore[arg-type]
        expected_shares={"worker": 0.1, "visitor": 0.02},
    )
    found = plan(request, history={"business": (2000, 500), "worker": (2000, 100)})
    answers = np.array([one.invitations * one.response for one in found.by_stratum.values()])
    worth = effective_answers(answers, np.array(list(CITY.values())))
    assert worth >= 385 * 0.99
    assert found.expected_margin is not None
    assert found.expected_margin <= 0.0505


def test_methods_differ_where_they_should() -> None:
    shares = {"worker": 0.1}
    history = {"business": (2000, 800), "worker": (2000, 100)}
    found = {
        name: plan(PlanRequest(method=name, expected_shares=shares), history=history)  # type: ignore[arg-type]
        for name in METHODS
    }
    part = {
        name: {key: one.answers / each.answers for key, one in each.by_stratum.items()}
        for name, each in found.items()
    }
    # A tenth varies less than a half, so fewer are asked about it.
    assert part["neyman"]["worker"] < part["proportional"]["worker"]
    # Power allocation lifts small strata.
    assert part["power"]["visitor"] > 2 * part["proportional"]["visitor"]
    # By cost, more of the answers come from where an invitation brings more of them.
    assert part["cost"]["business"] > part["proportional"]["business"]


def test_a_stratum_to_report_gets_what_its_precision_needs() -> None:
    group = ReportingGroup(strata=("worker",), margin=0.06)
    found = plan(PlanRequest(report=(group,)))
    assert found.by_stratum["worker"].answers == answers_needed(0.06) == 267
    assert found.by_stratum["worker"].margin == pytest.approx(0.06, abs=3e-4)
    assert found.by_stratum["worker"].reported == "alone"
    assert found.by_stratum["visitor"].reported == "whole"
    # The rest still gives the whole its 5 points: disproportion costs answers.
    assert found.answers > 385


def test_small_strata_are_named_with_whom_they_would_reach_it() -> None:
    found = plan(PlanRequest(margin=0.06, each=0.08))
    assert [one.strata for one in found.unreachable] == [("resident",), ("visitor",)]
    resident, visitor = found.unreachable
    assert (visitor.needed, visitor.reachable) == (151, 14)
    assert visitor.margin == pytest.approx(0.2619, abs=1e-4)
    assert visitor.merge_with == ("resident", "worker")
    assert resident.merge_with == ("visitor", "worker")


def test_small_strata_that_reach_it_together_are_merged_with_each_other() -> None:
    found = plan(PlanRequest(margin=0.06, each=0.14))
    assert {one.strata: one.merge_with for one in found.unreachable} == {
        ("resident",): ("visitor",),
        ("visitor",): ("resident",),
    }
    merged = PlanRequest(
        margin=0.06, each=0.14, report=(ReportingGroup(strata=("resident", "visitor"), margin=0.14),)
    )
    again = plan(merged)
    assert again.unreachable == ()
    assert again.by_stratum["visitor"].reported == "with resident"
    together = again.by_stratum["visitor"].answers + again.by_stratum["resident"].answers
    assert together >= answers_needed(0.14)


def test_who_is_exempt_is_chased_for_nothing() -> None:
    found = plan(PlanRequest(margin=0.06, each=0.08, exempt=("visitor", "resident")))
    assert found.unreachable == ()
    assert found.exempt == ("visitor", "resident")
    assert found.by_stratum["visitor"].reported == "exempt"
    # Asked in its proportion, not more.
    worker, visitor = found.by_stratum["worker"], found.by_stratum["visitor"]
    assert visitor.answers <= worker.answers * visitor.N / worker.N + 1


def test_a_whole_that_cannot_be_reached_says_what_can() -> None:
    found = plan(PlanRequest(), sizes={"resident": 400, "worker": 600})
    (whole,) = found.unreachable
    assert whole.strata == ("resident", "worker")
    assert (whole.needed, whole.reachable) == (385, 145)
    assert found.expected_margin == pytest.approx(whole.margin, abs=1e-3)
    assert found.invitations <= 1000


def test_a_stratum_that_answers_rarely_can_keep_the_whole_from_its_precision() -> None:
    """Enough answers in all, but those of few stand for many: asking everybody is not worth 1,068."""
    found = plan(
        PlanRequest(margin=0.03), sizes={"worker": 1268, "visitor": 72},
        history={"worker": (200, 175), "visitor": (200, 48)},
    )  # fmt: skip
    (whole,) = found.unreachable
    assert whole.strata == ("worker", "visitor")
    assert (whole.needed, found.answers) == (1068, 1089)
    assert whole.reachable < whole.needed < found.answers
    assert found.expected_margin == pytest.approx(whole.margin, abs=1e-3)


def test_a_given_number_is_shared_out_and_the_precision_follows() -> None:
    found = plan(PlanRequest(invitations=2567))
    assert found.invitations == 2567
    assert found.target_margin is None
    assert found.numbers() == {"business": 1499, "resident": 123, "visitor": 38, "worker": 907}
    tiny = plan(PlanRequest(invitations=1))
    assert tiny.invitations == 1
    assert tiny.expected_margin is None


@pytest.mark.parametrize("n", [0, 6410])
def test_a_number_that_nobody_can_give_is_refused(n: int) -> None:
    with pytest.raises(LimitReached, match=r"Expected: 1 to 6409"):
        plan(PlanRequest(invitations=n))


def test_a_number_too_small_for_what_is_reported_is_refused() -> None:
    with pytest.raises(LimitReached, match=r"Expected: \d+ or more\. Got: 500"):
        plan(PlanRequest(invitations=500, each=0.12, exempt=("visitor", "resident")))


def test_an_empty_register_is_refused() -> None:
    with pytest.raises(LimitReached, match="Nobody can be asked"):
        plan(PlanRequest(), sizes={"resident": 0})


@pytest.mark.parametrize(
    "request_",
    [
        PlanRequest(margin=0.0),
        PlanRequest(each=1.0),
        PlanRequest(exempt=("tourists",)),
        PlanRequest(exempt=("worker",), report=(ReportingGroup(strata=("worker",), margin=0.1),)),
        PlanRequest(report=(ReportingGroup(strata=("worker", "worker"), margin=0.1),)),
        PlanRequest(expected_shares={"worker": 1.0}),
        PlanRequest(method="guess"),  # type: ignore[arg-type]
    ],
)
def test_an_impossible_request_is_refused(request_: PlanRequest) -> None:
    with pytest.raises(SurveyServiceError):
        plan(request_)


@given(
    sizes=st.lists(st.integers(0, 5_000), min_size=1, max_size=6).filter(any),
    margin=st.sampled_from([0.03, 0.05, 0.1, 0.3]),
    each=st.sampled_from([None, 0.1, 0.2]),
    method=st.sampled_from(METHODS),
    rates=st.lists(st.integers(0, 200), min_size=6, max_size=6),
)
def test_a_plan_never_asks_more_than_there_are(
    sizes: list[int], margin: float, each: float | None, method: str, rates: list[int]
) -> None:
    named = {f"s{n}": size for n, size in enumerate(sizes)}
    history = {name: (200, rates[n]) for n, name in enumerate(named)}
    found = plan(
        PlanRequest(margin=margin, each=each, method=method),  # type: ignore[arg-type]
        sizes=named,
        history=history,
    )
    for name, one in found.by_stratum.items():
        assert 0 <= one.invitations <= named[name]
        assert (one.invitations > 0) == (named[name] > 0)
    whole_reached = not any(len(one.strata) == len(named) for one in found.unreachable)
    # Below a fiftieth a rate is not believed enough to invite all the people it would take.
    believed = all(one.response >= 0.02 for one in found.by_stratum.values())
    if whole_reached and believed and len(named) > 1:
        assert found.expected_margin is not None
        assert found.expected_margin <= margin * 1.02


def test_fewer_than_planned_are_shared_as_planned_and_more_never() -> None:
    planned, population = np.array([100, 50, 30]), np.array([1000, 40, 1000])
    assert share_planned(planned, 180, population).tolist() == [100, 40, 30]
    half = share_planned(planned, 90, population)
    assert half.sum() == 90
    assert (half <= planned).all()
    assert half[0] == pytest.approx(50, abs=1)
