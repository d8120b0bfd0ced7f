"""`survey-service …`: one file per command group, each loaded only when it is called."""

import importlib
import sys
from typing import Any

import click

from survey_service import __version__
from survey_service.domain.errors import FileRefused, SurveyServiceError

SHOWN_ROWS = 100

COMMANDS = {
    "budget": ("budget", "budget_group"),
    "cancel": ("send", "cancel_command"),
    "check": ("database", "check_command"),
    "contacts": ("contacts", "contacts_group"),
    "demo": ("demo", "demo_command"),
    "draw": ("draw", "draw_command"),
    "fatigue": ("fatigue", "fatigue_command"),
    "fieldwork": ("fieldwork", "fieldwork_group"),
    "forecast": ("draw", "forecast_command"),
    "freeze": ("send", "freeze_command"),
    "limit": ("limit", "limit_group"),
    "likelihood": ("likelihood", "likelihood_group"),
    "mail": ("mail", "mail_group"),
    "mailchimp": ("mailchimp", "mailchimp_group"),
    "migrate": ("database", "migrate_command"),
    "replay": ("draw", "replay_command"),
    "results": ("results", "results_command"),
    "rotate": ("rotate", "rotate_command"),
    "send": ("send", "send_command"),
    "serve": ("serve", "serve_command"),
    "simulate": ("simulate", "simulate_command"),
    "skyline": ("send", "skyline_group"),
    "staff": ("staff", "staff_group"),
    "strata": ("strata", "strata_group"),
    "survey": ("survey", "survey_group"),
    "thaw": ("send", "thaw_command"),
    "worker": ("worker", "worker_command"),
}
"""Command to the module in this folder and the command's name in it."""


class Commands(click.Group):
    """A group that imports a command's module at its first use: numpy and the server take their time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them all."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"survey_service.cli.{module}"), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a refusal is a sentence on standard error and exit code 1."""
        try:
            return super().invoke(ctx)
        except FileRefused as refused:
            click.echo(f"{refused}", err=True)
            for row in refused.rows[:SHOWN_ROWS]:
                click.echo(f"  {row}", err=True)
            if len(refused.rows) > SHOWN_ROWS:
                click.echo(f"  … and {len(refused.rows) - SHOWN_ROWS} more.", err=True)
        except SurveyServiceError as refused:
            click.echo(f"{refused}", err=True)
        sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="survey-service")
def main() -> None:
    """A survey platform that wears people out less."""
