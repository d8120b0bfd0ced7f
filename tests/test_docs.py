"""What the documentation names exists: commands, make targets, files, headings."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from survey_service.cli import main

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"survey-service((?: [a-z][a-z-]+)+)")
TARGET = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.MULTILINE)
FILE = re.compile(r"`((?:survey_service|sampling|models|tests|templates|docs|benchmarks)/[\w./-]+)`")

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get: lower case, no punctuation, hyphens for blanks."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pages
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pages
def test_commands_exist(page: Path) -> None:
    for words in COMMAND.findall(page.read_text(encoding="utf-8")):
        command: click.Command = main
        context = click.Context(main)
        for word in words.split():
            if not isinstance(command, click.Group):
                break  # what follows is an argument
            found = command.get_command(context, word)
            assert found is not None, f"survey-service{words}"
            command = found


@pages
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in TARGET.findall(page.read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


@pages
def test_files_named_exist(page: Path) -> None:
    built = {"survey_service/web/static/"}
    for name in FILE.findall(page.read_text(encoding="utf-8")):
        assert name in built or (ROOT / name).exists(), name


def test_the_commands_of_the_design_are_all_in_the_readme_or_behind_help() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for words in ("make demo", "make test", "survey-service demo", "survey-service --help"):
        assert words in readme


def test_make_alone_prints_help() -> None:
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "check", "translations", "migration", "benchmarks", "lock", "clean"):
        assert re.search(rf"^  {target} ", printed, re.MULTILINE), target
