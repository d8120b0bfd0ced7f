"""`survey-service budget`: what a year of invitations holds, what a survey would take of it, who may."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_json, tell_table
from survey_service.services.planning.approve_survey import approve_survey, withdraw_approval
from survey_service.services.planning.grant_exception import grant_exception, set_share
from survey_service.services.planning.plan_request import PlanRequest, ReportingGroup
from survey_service.services.planning.price_survey import Price, price_survey
from survey_service.services.planning.review_budget import BudgetReview, review_budget
from survey_service.services.planning.share_invitations import METHODS

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_DAY = click.DateTime(["%Y-%m-%d"])
_POINTS = click.FloatRange(0, 100, min_open=True, max_open=True)

_PLAN_OPTIONS = (
    click.option("--margin", type=_POINTS, default=5.0, help="Points either way, of the whole (default: 5)."),
    click.option("--n", type=click.IntRange(min=1), help="So many invitations, for the margin they give."),
    click.option("--method", type=click.Choice(METHODS), default="proportional", help="How strata share."),
    click.option("--each", type=_POINTS, help="Report every other stratum by itself, to so many points."),
    click.option(
        "--report", multiple=True, metavar="NAME[+NAME...][=POINTS]",
        help="Report a stratum, or several merged, to so many points (default: --each, or --margin).",
    ),
    click.option("--exempt", multiple=True, metavar="NAME", help="Name a stratum as not reportable."),
    click.option(
        "--share", multiple=True, metavar="NAME=SHARE", help="Expected share of the answer (default: 0.5)."
    ),
)  # fmt: skip


def _plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_PLAN_OPTIONS):
        command = option(command)
    return command


@click.group("budget")
def budget_group() -> None:
    """The year's invitations: what they hold, what a survey takes of them, and who may have more."""


@budget_group.command("show")
@_json
def show_command(as_json: bool) -> None:
    """Show the capacity of the year, what is used and kept of it, and each department's part."""
    found = run_with_database(review_budget)
    if as_json:
        tell_json(found)
    else:
        _tell_review(found)


@budget_group.command("price")
@click.argument("survey")
@_plan_options
@_json
def price_command(survey: str, as_json: bool, **options: Any) -> None:
    """Price SURVEY before its launch, and say what it would rule out later. Nothing is changed."""
    request = _read_request(**options)
    price = run_with_database(lambda settings: price_survey(survey, settings, request))
    if as_json:
        tell_json(price)
    else:
        _tell_price(price)


@budget_group.command("approve")
@click.argument("survey")
@_plan_options
@click.option("--by", required=True, metavar="NAME/EMAIL", help="Who approves it.")
@_json
def approve_command(survey: str, by: str, as_json: bool, **options: Any) -> None:
    """Approve the plan of SURVEY, with the options it was priced with. Its next draw spends it."""
    request = _read_request(**options)
    given = run_with_database(lambda settings: approve_survey(survey, settings, request, by=by))
    if as_json:
        tell_json(given)
        return
    click.echo(f"Approved by {given.approver}: {given.invitations} invitations are kept for {survey}.")
    click.echo(f"Now: survey-service draw {survey}")


@budget_group.command("withdraw")
@click.argument("survey")
def withdraw_command(survey: str) -> None:
    """Take the approval of SURVEY back; what was kept for it is free again."""
    freed = run_with_database(lambda _: withdraw_approval(survey))
    click.echo(f"Withdrawn: {freed} invitations are free again.")


@budget_group.command("share")
@click.argument("department")
@click.argument("share", type=click.FloatRange(0, 1))
def share_command(department: str, share: float) -> None:
    """Give DEPARTMENT a SHARE (0 to 1) of the capacity; departments without one have equal parts."""
    run_with_database(lambda settings: set_share(department, share, settings))
    click.echo(f"{department} has {share:.1%} of the year's invitations.")


@budget_group.command("exception")
@click.argument("department")
@click.option("--invitations", type=click.IntRange(min=1), required=True, help="How many more.")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--requested-by", required=True, metavar="NAME/EMAIL")
@click.option("--approved-by", required=True, metavar="NAME/EMAIL", help="Somebody else.")
@click.option("--until", type=_DAY, required=True, metavar="DATE", help="Its last day.")
def exception_command(
    department: str, invitations: int, reason: str, requested_by: str, approved_by: str, until: datetime
) -> None:
    """Raise DEPARTMENT's part until DATE. The capacity, and what one person may be asked, stay."""
    run_with_database(
        lambda settings: grant_exception(
            department,
            settings,
            invitations=invitations,
            reason=reason,
            requested_by=requested_by,
            approved_by=approved_by,
            until=until.date(),
        )
    )
    click.echo(f"{department} may send {invitations} more until {until.date()}.")


def _read_request(
    *,
    margin: float,
    n: int | None,
    method: Any,
    each: float | None,
    report: tuple[str, ...],
    exempt: tuple[str, ...],
    share: tuple[str, ...],
) -> PlanRequest:
    usual = each or margin
    return PlanRequest(
        margin=margin / 100,
        method=method,
        invitations=n,
        report=tuple(_read_group(one, usual) for one in report),
        each=each / 100 if each else None,
        exempt=exempt,
        expected_shares=dict(_read_number(one, "NAME=SHARE") for one in share),
    )


def _read_group(text: str, usual: float) -> ReportingGroup:
    names, margin = _read_number(text, "NAME+NAME=POINTS") if "=" in text else (text, usual)
    return ReportingGroup(strata=tuple(one.strip() for one in names.split("+")), margin=margin / 100)


def _read_number(text: str, form: str) -> tuple[str, float]:
    name, _, number = text.rpartition("=")
    try:
        return name, float(number)
    except ValueError as error:
        raise click.UsageError(f"Expected {form}; got {text!r}.") from error


def _tell_review(found: BudgetReview) -> None:
    click.echo(
        f"Invitations of the rolling year: {found.capacity} in all, {found.used} used, {found.kept} kept for "
        f"approved plans, {found.free} free."
    )
    rows = [
        (name, f"{one.share:.1%}", one.limit, one.exceptions, one.used, one.kept, one.free)
        for name, one in found.departments.items()
    ]
    tell_table(("department", "share", "limit", "by exception", "used", "kept", "free"), rows)
    for plan in found.approvals:
        click.echo(f"Approved: {plan.survey} ({plan.department}), {plan.invitations}, by {plan.approver}.")
    for one in found.exceptions:
        click.echo(
            f"Exception until {one.ends_on}: {one.department}, {one.invitations} more, requested by "
            f"{one.requested_by}, approved by {one.approver}: {one.reason}"
        )


def _tell_price(price: Price) -> None:
    plan = price.plan
    rows = [
        (
            name, one.N, f"{one.response:.1%}", one.answers, one.invitations, _points(one.margin),
            round(one.seconds / 3600, 1), f"{price.by_stratum[name].share_of_stratum:.1%}",
            price.by_stratum[name].again_from or "not this year", price.by_stratum[name].surveys_left,
        )
        for name, one in plan.by_stratum.items()
    ]  # fmt: skip
    heads = (
        "stratum", "N", "response", "answers", "invitations", "margin", "hours asked", "of its year",
        "again from", "left this year",
    )  # fmt: skip
    tell_table(heads, rows)
    click.echo(
        f"{plan.invitations} invitations, about {plan.expected_answers:.0f} answers "
        f"({plan.expected_low} to {plan.expected_high}, 95 times of 100): "
        f"{_points(plan.expected_margin_core)} for questions everybody gets, "
        f"{_points(plan.expected_margin)} for the least-asked block."
    )
    click.echo(
        f"That is {price.share_of_total:.1%} of the year's capacity of {price.capacity}; {price.free} are "
        f"free, {price.free_after} after it: {price.surveys_left} more surveys like it this year."
    )
    own = price.department
    click.echo(f"{plan.department}: {own.free} of {own.limit} free.")
    if price.obstacle:
        click.echo(f"It does not fit: the {price.obstacle} is too small.", err=True)
    for one in plan.unreachable:
        merge = f", reachable with {', '.join(one.merge_with)}" if one.merge_with else ""
        click.echo(
            f"{', '.join(one.strata)}: {one.reachable:.0f} of {one.needed} answers if everybody is asked, "
            f"{_points(one.margin)}{merge}.",
            err=True,
        )


def _points(margin: float | None) -> str:
    return "-" if margin is None else f"±{margin * 100:.1f}"
