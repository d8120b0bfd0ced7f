"""The plan of the house holds: who may import whom, small rooms, plain names, nothing printed in passing."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
PACKAGES = ("survey_service", "models", "sampling")
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MOST_LINES = 300
LARGE_FILES = {
    "tests/integration/test_budget.py": "one rule of the budget after another on the same register",
    "tests/integration/test_respondent_pages.py": "one walk after another through the same pages",
    "tests/integration/test_results.py": "one kind of result after another on the same rows",
}
"""Rooms over the limit, each with its reason."""

MOST_FUNCTION_LINES = 40
LARGE_FUNCTIONS: dict[str, str] = {}
"""Functions over the limit, as file:name, each with its reason."""

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "base", "lib"}
"""Names that say nothing about what is inside."""


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_keep_to_the_contracts(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert code == 0, f"{capsys.readouterr().out}\nSee all of it with: .venv/bin/lint-imports"


def test_the_contracts_know_every_package() -> None:
    contracts = CONFIGURATION["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["type"] == "layers")["layers"]
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    folders = {
        f"survey_service.{path.parent.name}" for path in (ROOT / "survey_service").glob("*/__init__.py")
    }
    # Used by every layer, and itself using none of them.
    free = {"survey_service.i18n"}
    assert folders - placed - free == set(), "Give each a layer in pyproject.toml, [tool.importlinter]."


def test_files_are_small_rooms() -> None:
    large = {
        relative(path)
        for path in python_files(*PACKAGES, "tests", "benchmarks")
        if "migrations" not in path.parts  # Piccolo writes them from the tables
        and len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }
    assert large - set(LARGE_FILES) == set(), f"Over {MOST_LINES} lines: split them or give a reason here."
    assert set(LARGE_FILES) - large == set(), "These are small by now, or gone: take them off the list."


def test_functions_are_small() -> None:
    large = {
        f"{relative(path)}:{node.name}": _lines_of_code(node)
        for path in python_files(*PACKAGES)
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and _lines_of_code(node) > MOST_FUNCTION_LINES
    }
    unlisted = {name: lines for name, lines in large.items() if name not in LARGE_FUNCTIONS}
    assert unlisted == {}, f"Over {MOST_FUNCTION_LINES} lines: split them or give a reason here."


def _lines_of_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not body:
        return 0
    assert node.end_lineno is not None
    return node.end_lineno - body[0].lineno + 1


def test_names_say_what_is_inside() -> None:
    nameless = {
        relative(path)
        for path in python_files(*PACKAGES, "tests", "benchmarks")
        if EMPTY_NAMES & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    }
    assert nameless == set()


def test_no_process_loads_what_only_models_and_documents_need() -> None:
    code = "import sys, survey_service.app, survey_service.cli.worker; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    slow = {"sklearn", "skops", "scipy.optimize", "scipy.stats", "weasyprint"}
    assert slow & set(loaded.stdout.split()) == set(), "They take longer to load than the service itself."


def test_nothing_is_printed_but_by_the_command_line() -> None:
    printing = {
        f"{relative(path)}:{node.lineno}"
        for path in python_files(*PACKAGES)
        if "cli" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing == set(), "Log by fields, or return what the command line shall print."


def test_modules_say_what_they_are_for() -> None:
    silent = {
        relative(path)
        for path in python_files(*PACKAGES)
        if "migrations" not in path.parts
        and path.stat().st_size
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert silent == set()


def test_only_the_gate_gives_receipts_and_only_the_outbox_takes_messages() -> None:
    """No other path sends: a message needs a receipt (the schema holds that), and one place gives them."""
    writes = re.compile(r'(?:copy_records_to_table\(\s*"|INSERT INTO )(message|receipt)\b')
    gives = re.compile(r"\bgive_receipts\(")
    found = set()
    for path in python_files("survey_service"):
        text = path.read_text(encoding="utf-8")
        found |= {(table, relative(path)) for table in writes.findall(text)}
        found |= {("gives", relative(path)) for _ in gives.findall(text)}
    assert found == {
        ("message", "survey_service/db/message.py"),
        ("receipt", "survey_service/db/receipt.py"),
        ("gives", "survey_service/db/receipt.py"),
        ("gives", "survey_service/services/gate/contact_gate.py"),
    }
