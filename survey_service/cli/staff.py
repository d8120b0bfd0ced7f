"""`survey-service staff`: who may sign in."""

import sys

import click

from survey_service.cli.database import run_with_database
from survey_service.cli.telling import tell_table
from survey_service.domain.passwords import make_pass_phrase
from survey_service.domain.roles import roles
from survey_service.services.administration.add_staff import add_staff, change_role
from survey_service.services.administration.leave_staff import give_password, leave_staff, list_staff

_ROLE = click.Choice(roles)


@click.group("staff")
def staff_group() -> None:
    """Add members of staff, change their role, give another pass phrase, and let people leave."""


@staff_group.command("add")
@click.argument("email")
@click.option("--role", required=True, type=_ROLE, help="What the person may do.")
@click.option("--department", required=True, help="Name of the department; made when it is new.")
@click.option("--name", default="", help="The person's name.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_command(email: str, role: str, department: str, name: str, password_stdin: bool) -> None:
    """Add a member of staff. Without --password-stdin a pass phrase is made and shown this once."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else make_pass_phrase()
    run_with_database(
        lambda _: add_staff(email=email, password=password, role=role, department=department, name=name)
    )
    click.echo(f"{email.strip().lower()} may sign in at /staff.")
    if not password_stdin:
        click.echo(f"Pass phrase (shown only now): {password}")


@staff_group.command("role")
@click.argument("email")
@click.option("--role", required=True, type=_ROLE, help="What the person may do from now on.")
def role_command(email: str, role: str) -> None:
    """Change a role. The person is signed out everywhere."""
    run_with_database(lambda _: change_role(email=email, role=role))
    click.echo(f"{email.strip().lower()} is {role} now and has to sign in again.")


@staff_group.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def password_command(email: str, password_stdin: bool) -> None:
    """Give another pass phrase, also to somebody who left and comes back. Every session of theirs ends."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else make_pass_phrase()
    run_with_database(lambda _: give_password(email=email, password=password))
    click.echo(f"{email.strip().lower()} may sign in at /staff with it, and is signed out everywhere.")
    if not password_stdin:
        click.echo(f"Pass phrase (shown only now): {password}")


@staff_group.command("leave")
@click.argument("email")
def leave_command(email: str) -> None:
    """Let somebody in no more. What they did stays in the audit log."""
    posts = run_with_database(lambda _: leave_staff(email=email))
    click.echo(f"{email.strip().lower()} is signed out and may not sign in any more.")
    for department in posts:
        click.echo(f"They read answers that may tell of danger for {department}: name somebody else.")


@staff_group.command("list")
def list_command() -> None:
    """List everybody who may sign in, or could."""
    rows = [
        (one.email, one.role, one.department, "yes" if one.is_active else "no")
        for one in run_with_database(lambda _: list_staff())
    ]
    tell_table(("address", "role", "department", "may sign in"), rows)
