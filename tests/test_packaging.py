"""The wheel is the whole service: installed in a bare environment it serves a form from another folder."""

import os
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from survey_service.settings import Settings
from tests.support.live_server import PATIENCE_SECONDS, serving
from tests.support.make import make_invitation

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, which sees the libraries of ours but not the checkout.

    The libraries' folder is named in a path file: that adds the folder itself and not what other path
    files in it name, such as a checkout installed for editing.
    """
    folder = tmp_path_factory.mktemp("bare")
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    (site_packages,) = environment.glob("lib/python3*/site-packages")
    (site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    subprocess.run(
        [*install, "--no-deps", "--no-index", "--ignore-installed", str(wheel)],
        check=True,
        capture_output=True,
    )
    return environment / "bin"


def run(bare: Path, *arguments: str, folder: Path) -> str:
    """Run a program of the bare environment from another folder; return what it prints."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SURVEY_") and name != "PYTHONPATH"
    }
    command = [str(bare / arguments[0]), *arguments[1:]]
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True,
        timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"survey_service", "models", "sampling"}
    for wanted in (
        "survey_service/_templates/respondent/form.html",
        "survey_service/_locales/ar/LC_MESSAGES/messages.mo",
        "survey_service/_locales/fr/LC_MESSAGES/messages.mo",
        "survey_service/web/static/manifest.json",
        "survey_service/demo/alert_users.xlsx",
        "survey_service/english/meanings.txt",
        "survey_service/english/synonyms.txt",
        "survey_service/english/weights.json",
        "survey_service/db/migrations/m0001_first_tables.py",
    ):
        assert wanted in names
    assert any(name.startswith("survey_service/web/static/respondent.") for name in names)


def test_the_installed_package_is_found_and_not_the_checkout(bare: Path, tmp_path: Path) -> None:
    code = (
        "import survey_service, models, sampling, importlib.metadata as metadata\n"
        "from survey_service.resources import locales_dir, templates_dir\n"
        "owners = metadata.packages_distributions()\n"
        "for package in (survey_service, models, sampling):\n"
        "    print(package.__file__, *sorted(set(owners[package.__name__])))\n"
        "print(locales_dir(), templates_dir())\n"
    )
    printed = run(bare, "python", "-c", code, folder=tmp_path).splitlines()
    inside = str(bare.parent)
    assert len(printed) == 4
    for line in printed:
        assert line.startswith(inside), line
    assert {line.split(" ")[-1] for line in printed[:3]} == {"survey-service"}


def test_the_program_is_installed(bare: Path, tmp_path: Path) -> None:
    from survey_service import __version__

    assert __version__ in run(bare, "survey-service", "--version", folder=tmp_path)
    assert "serve" in run(bare, "survey-service", "--help", folder=tmp_path)


async def test_the_installed_service_serves_a_form(
    bare: Path, database: str, settings: Settings, tmp_path: Path
) -> None:
    invitation = await make_invitation()
    program = [str(bare / "survey-service")]
    with serving(settings, tmp_path / "server.log", program=program, PYTHONPATH="") as running:
        form = f"{running.public_url}/s/{invitation.token}/ar"
        with urllib.request.urlopen(form, timeout=PATIENCE_SECONDS) as answer:
            page = answer.read().decode()
        sheet = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
        with urllib.request.urlopen(f"{running.public_url}{sheet}", timeout=PATIENCE_SECONDS) as answer:
            assert answer.headers["content-type"].startswith("text/css")
    assert '<html lang="ar" dir="rtl"' in page
    assert "أرسل" in page or "إرسال" in page
