"""Style sheets and scripts: small, ours alone, and right for both writing directions."""

import gzip
import json
import re
from pathlib import Path

import html5lib
import pytest

from survey_service.domain.errors import SettingsError
from survey_service.resources import package_dir, static_dir
from survey_service.web.brand_files import brand_css
from survey_service.web.respondent.form_page import render_form
from survey_service.web.static_assets import load_static_assets
from survey_service.web.templating import respondent_environment
from tests.support.make import make_questionnaire
from tests.support.respondent_pages import NONCE, make_brand, whole_form

STYLES = sorted((package_dir / "web/assets/scss").glob("*.scss"))
PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset|scroll)[a-z-]*-(?:left|right)[a-z-]*\s*:"
    r"|(?:^|[;{\s])(?:left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)


def built(name: str) -> str:
    return (static_dir() / Path(load_static_assets().url(name)).name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_our_styles_know_start_and_end_but_not_left_and_right(path: Path) -> None:
    code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    assert PHYSICAL.findall(code) == []


def test_the_search_for_left_and_right_would_find_them() -> None:
    assert all(
        PHYSICAL.search(code) for code in ("margin-left: 1px", "{right:0", "text-align: left", "float:right")
    )
    assert not PHYSICAL.search("margin-inline-start: 1px; inset-inline-end: 0; text-align: start")


@pytest.mark.parametrize("name", ["respondent.css", "staff.css"])
def test_the_built_styles_turn_round_with_the_writing_direction(name: str) -> None:
    assert PHYSICAL.findall(built(name)) == []
    assert "margin-inline-start:" in built(name)


@pytest.mark.parametrize("name", ["respondent.css", "staff.css"])
def test_the_built_styles_load_nothing_and_wear_no_crown(name: str) -> None:
    css = built(name)
    assert "url(" not in css
    assert "@import" not in css
    assert "GDS Transport" not in css
    assert "crown" not in css


def test_the_built_styles_read_the_brands_colours() -> None:
    for name in re.findall(r"(--[a-z-]+):", brand_css(make_brand())):
        assert f"var({name}" in built("respondent.css") + built("staff.css"), name


def test_a_respondents_first_visit_is_four_requests_and_thirty_kilobytes() -> None:
    brand, assets = make_brand(), load_static_assets()
    questionnaire = make_questionnaire()
    html = render_form(
        respondent_environment(brand, assets),
        questionnaire,
        whole_form(questionnaire),
        "bn",
        action="/s/abc/bn",
        served_at="0",
        nonce=NONCE,
    )
    page = html5lib.parse(html, namespaceHTMLElements=False)
    addresses = [e.get("href") for e in page.iter("link")] + [e.get("src") for e in page.iter("script")]
    requested = {address for address in addresses if address and not address.startswith("data:")}
    assert len(requested) == 3, "with the page itself four requests"
    parts = [html, brand_css(brand), built("respondent.css"), built("respondent.js")]
    assert sum(len(gzip.compress(part.encode())) for part in parts) <= 30_000
    assert page.findall(".//img") == []


def test_every_name_carries_the_hash_of_its_content() -> None:
    names = load_static_assets().names
    scripts = {"respondent.js", "proof.js", "staff.js", "tablet.js", "tablet-worker.js"}
    assert set(names) == {"respondent.css", "staff.css", *scripts}
    for name, hashed in names.items():
        assert re.fullmatch(re.escape(name).replace(r"\.", r"\.[0-9a-f]{10}\."), hashed)
    assert {path.name for path in static_dir().iterdir()} == {*names.values(), "manifest.json"}


def test_what_was_not_built_is_said_with_the_command_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="npm ci && npm run build"):
        load_static_assets(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"a.css": "a.1.css"}))
    assert load_static_assets(tmp_path).url("a.css") == "/static/a.1.css"


def test_the_lock_file_names_no_place_to_fetch_from() -> None:
    lock = json.loads((package_dir.parent / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
