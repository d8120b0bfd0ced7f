"""The table of settings in docs/operations.md is the settings: every variable, default and meaning."""

import ast
import inspect
import os
import re
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest

from survey_service import settings as settings_module
from survey_service.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "operations.md"
ROW = re.compile(r"^\| `(SURVEY_[A-Z_]+)` \|.*\|$", re.MULTILINE)


def shown_default(value: object) -> str:
    """A default as the table writes it."""
    if value in ("", None):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"`{value}`"


def meanings() -> dict[str, str]:
    """The docstring under each field."""
    tree = ast.parse(inspect.getsource(settings_module))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings").body
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


def table_rows() -> dict[str, str]:
    """The rows the page should have, by variable."""
    meaning = meanings()
    return {
        field.metadata["variable"]: (
            f"| `{field.metadata['variable']}` | {shown_default(field.default)} | {meaning[field.name]} |"
        )
        for field in fields(Settings)
    }


def test_every_setting_stands_in_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    wanted = table_rows()
    written = {match[1]: match[0] for match in ROW.finditer(page)}
    if os.environ.get("WRITE") and wanted != written:
        PAGE.write_text(_with_table(page, list(wanted.values())), encoding="utf-8")
        pytest.fail("docs/operations.md is written anew: look at the difference and commit it.")
    assert written == wanted, "Mend it with: WRITE=1 .venv/bin/pytest tests/test_settings_documented.py"


def _with_table(page: str, rows: list[str]) -> str:
    """The page with these rows in the place of its own."""
    lines = page.splitlines()
    places = [at for at, line in enumerate(lines) if ROW.match(line)]
    first = places[0] if places else next(at for at, line in enumerate(lines) if line.startswith("|---")) + 1
    kept = [line for at, line in enumerate(lines) if at not in places]
    return "\n".join([*kept[:first], *rows, *kept[first:]]) + "\n"


def test_a_setting_nobody_knows_is_refused_by_name() -> None:
    from survey_service.domain.errors import SettingsError

    with pytest.raises(SettingsError, match="SURVEY_PUBLC_URL") as refused:
        Settings.from_env({"SURVEY_PUBLC_URL": "https://example.org"})
    assert "SURVEY_PUBLIC_URL" in str(refused.value)
