"""`survey-service staff`: who may sign in."""

import sys

import click

from survey_service.cli.database import run_with_database
from survey_service.domain.passwords import make_pass_phrase
from survey_service.domain.roles import roles
from survey_service.services.administration.add_staff import add_staff, change_role

_ROLE = click.Choice(roles)


@click.group("staff")
def staff_group() -> None:
    """Add members of staff and change their role."""


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
