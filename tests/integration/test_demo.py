"""The demonstration does the whole main job through the real server, and a second run repeats nothing."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from survey_service.settings import Settings

ROOT = Path(__file__).parents[2]


def run_demo(settings: Settings, folder: Path) -> dict[str, object]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")} | {
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_DATA_DIR": str(settings.data_dir),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "survey_service", "demo", "--no-serve", "--json"],
        env=environment, cwd=folder, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def used_seconds() -> float:
    """Of processors, by the processes that ended: how long it took depends on what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_demonstration_does_the_main_job_and_only_once(settings: Settings, tmp_path: Path) -> None:
    before = used_seconds()
    first = run_demo(settings, tmp_path)
    assert used_seconds() - before < 120
    assert (first["contacts"], first["drawn"], first["invitations"]) == (6409, 2567, 2567)
    assert first["max_invitations_per_contact"] == 1
    assert set(first["languages"]) == {"en", "fr", "bn", "ar"}
    # 15 % of 2,567 by dice: 375 give or take four standard deviations of 18.
    assert 303 <= first["responses"] <= 447
    assert first["response_rate"] == round(first["responses"] / 2567, 4)
    strata = first["by_stratum"]
    assert {name: one["N"] for name, one in strata.items()} == {
        "business": 3741, "worker": 2264, "resident": 308, "visitor": 96,
    }  # fmt: skip
    assert sum(one["drawn"] for one in strata.values()) == 2567
    assert sum(one["answered"] for one in strata.values()) == first["responses"]
    assert min(one["drawn"] for one in strata.values()) >= 30
    assert first["open_link_responses"] > 0
    # 60 % of those with an e-mail address take Skyline; about half of the drawn can be asked inside it.
    assert 3_400 < first["newsletter_subscribers"] < 4_000
    assert 90 <= first["newsletter_links"] <= 180
    before = used_seconds()
    second = run_demo(settings, tmp_path)
    assert used_seconds() - before < 30
    assert {**second, "seconds": 0} == {**first, "seconds": 0}
