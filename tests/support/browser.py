"""A real browser: Debian's chromium, axe-core for accessibility, and nothing from outside this machine."""

import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Request, async_playwright, expect

PHONE, DESK = 375, 1280
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE_MILLISECONDS = 60_000
"""A limit, never a measure: a machine may be busy with other things."""
_running: list[Browser] = []
"""The one of this process."""
_copies: dict[Page, Page] = {}
expect.set_options(timeout=PATIENCE_MILLISECONDS)
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)


def find_chromium() -> str:
    """Return the browser's path; without one skip, except under CI, where that is a failure."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    reason = "No chromium here: install it (Debian: apt-get install chromium)."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """A browser that knows no host but this machine."""
    rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    arguments = [rules, "--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        try:
            _running.append(browser)
            yield browser
        finally:
            _running.clear()
            await browser.close()


@asynccontextmanager
async def open_page(base_url: str, *, width: int, has_script: bool = True) -> AsyncIterator[Page]:
    """A fresh page of that width; afterwards no script may have failed and nothing come from elsewhere.

    Nothing is left for the next: cookies, stores and service workers end with the page's context.
    For tests in the event loop of the fixture `browser`.
    """
    [browser] = _running
    context = await browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": 800},
        java_script_enabled=has_script,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = await context.new_page()
    try:
        troubles = _watch(page, base_url)
        yield page
        assert not troubles, troubles
    finally:
        if page in _copies:
            await _copies.pop(page).context.close()
        await context.close()


def _watch(page: Page, base_url: str) -> list[str]:
    """Collect what a reader would not see: script errors, refused by the policy, requests elsewhere."""
    troubles: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith((base_url, "data:", "blob:")):
            troubles.append(f"request to {request.url}")

    def on_console(message: Any) -> None:
        # The browser also writes each answer of 4xx here; those the tests look at themselves.
        if message.type == "error" and "Failed to load resource" not in message.text:
            troubles.append(message.text)

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    return troubles


async def check_accessibility(page: Page) -> None:
    """Assert that axe finds nothing serious or critical and that nothing has to be scrolled sideways."""
    overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, f"{page.url} is {overflow} pixels wider than the window"
    serious = [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {rule['nodes'][0]['html']}"
        for rule in await _run_axe(page)
        if rule["impact"] in {"serious", "critical"}
    ]
    assert not serious, f"{page.url}: {serious}"


async def _run_axe(page: Page) -> list[dict[str, Any]]:
    """Run axe over the page as it stands.

    Axe is a script itself and waits for ever where scripts are off: there it looks at the same page,
    drawn without its scripts in a window that lets axe run.
    """
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    audit = f"axe.run(document, {json.dumps(options)})"
    source = AXE.read_text(encoding="utf-8")
    if await _lets_scripts_run(page):
        await page.evaluate(source)
        return (await page.evaluate(audit))["violations"]
    html = SCRIPT.sub("", await page.content())
    copy = await _copy_of(page)
    await copy.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html"))
    await copy.goto(page.url)
    await copy.evaluate(source)
    violations: list[dict[str, Any]] = (await copy.evaluate(audit))["violations"]
    # An address that differs from the last one in its fragment alone would not be loaded again.
    await copy.goto("about:blank")
    await copy.unroute_all()
    return violations


async def _copy_of(page: Page) -> Page:
    """The window beside a page without scripts; it closes with the page."""
    if page not in _copies:
        [browser] = _running
        context = await browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        _copies[page] = await context.new_page()
    if page.viewport_size is not None:
        await _copies[page].set_viewport_size(page.viewport_size)
    return _copies[page]


async def _lets_scripts_run(page: Page) -> bool:
    """Every page of ours marks its body from a script of its own."""
    return bool(await page.evaluate("document.body.classList.contains('js-enabled')"))
