"""The real server in a real browser: every view draws, nothing is fetched from elsewhere, choices survive.

REPORT_SCREENSHOTS=<folder> stores a picture of every view in both languages there.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.frame import VIEWS
from app.words import WORDS

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
# A busy machine draws a view of many charts slowly.
PATIENCE_MS = 60_000
_ALL_CHARTS_DRAWN = """() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
    .every(chart => chart.querySelector('canvas, svg'))"""

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine: apt-get install chromium fonts-noto-cjk"
)


@pytest.fixture(scope="module")
def link(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published link that the server serves; tests may move it."""
    path = tmp_path_factory.mktemp("served") / "current.duckdb"
    path.symlink_to(full_file)
    return path


@pytest.fixture(scope="module")
def address(link: Path) -> Iterator[str]:
    """A running report, as `make app` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py", "--server.address=127.0.0.1"]
    server = subprocess.Popen(
        [*command, f"--server.port={port}"],
        cwd=ROOT,
        env=os.environ | {"AFTERSALES_WAREHOUSE": str(link)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_up(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail("the server did not answer within 60 s")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


class Visit:
    """A visitor with a fresh session, and what the pages asked for and stumbled over."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US")
        self.page.set_default_timeout(PATIENCE_MS)
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self._note(request.url, address))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, url: str, address: str) -> None:
        if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(url)

    def open(self, url: str) -> None:
        """Go to `url` and wait until the view stands."""
        self.page.goto(url)
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run and the charts are drawn."""
        self.page.wait_for_selector("h1")
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        self.page.wait_for_function(_ALL_CHARTS_DRAWN)
        self.page.wait_for_timeout(300)

    def parameters(self) -> dict[str, list[str]]:
        """The query parameters of the address now."""
        return parse_qs(urlsplit(self.page.url).query)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A visitor of this test alone, who must not have met an error."""
    visitor = Visit(browser, address)
    yield visitor
    assert visitor.errors == []
    assert visitor.foreign == []
    visitor.page.close()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_a_view_is_drawn(view: str, language: str, visit: Visit, address: str) -> None:
    visit.open(f"{address}/{'' if view == 'overview' else view}?lang={language}")
    page = visit.page
    expect(page.locator("h1")).to_have_text(WORDS[f"page.{view}"][{"en": 0, "zh": 1}[language]])
    # The default is not named.
    assert visit.parameters() == ({} if language == "en" else {"lang": ["zh"]})
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    # A script that stopped half-way shows one of these instead.
    expect(page.get_by_text("Oh no.")).to_have_count(0)
    if view not in ("overview", "health"):
        page.locator('[data-testid="stVegaLiteChart"] :is(canvas, svg)').nth(1).wait_for(state="attached")
    if folder := os.environ.get("REPORT_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{view}_{language}.png")


def test_a_comment_stays_text(visit: Visit, address: str) -> None:
    visit.open(f"{address}/satisfaction")
    expect(visit.page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_attached()
    expect(visit.page.locator('img[src="x"]')).to_have_count(0)


def test_choices_survive_a_change_of_view_and_language(visit: Visit, address: str) -> None:
    visit.open(f"{address}/?site=s2&period=2026-03")
    expect(visit.page.get_by_role("combobox", name="Which")).to_have_value("Mar 2026")
    visit.page.get_by_role("link", name="Cost").click()
    expect(visit.page.locator("h1")).to_have_text("Cost")
    visit.settle()
    assert visit.parameters() == {"site": ["s2"], "period": ["2026-03"]}
    visit.page.get_by_role("radio", name="简体中文").click()
    expect(visit.page.locator("h1")).to_have_text("服务成本")
    visit.settle()
    assert visit.parameters() == {"lang": ["zh"], "site": ["s2"], "period": ["2026-03"]}
    expect(visit.page.get_by_role("combobox", name="时段")).to_have_value("2026年3月")
    expect(visit.page.get_by_role("combobox", name="产品类别")).to_have_value("全部产品类别")
    expect(visit.page).to_have_title("售后服务报告")
    visit.page.reload()
    visit.settle()
    expect(visit.page.locator("h1")).to_have_text("服务成本")
    assert visit.parameters() == {"lang": ["zh"], "site": ["s2"], "period": ["2026-03"]}


def test_an_open_page_shows_a_new_version_by_itself(visit: Visit, address: str, link: Path, tmp_path: Path) -> None:
    visit.open(address)
    expect(visit.page.get_by_text("Test & Co").first).to_be_visible()
    first, second = link.resolve(), tmp_path / "warehouse_second.duckdb"
    shutil.copy(first, second)
    with duckdb.connect(str(second)) as con:
        con.execute("update meta.settings set company_name_en = 'Second Version'")
    _move(link, second, tmp_path)
    try:
        expect(visit.page.get_by_text("Second Version").first).to_be_visible(timeout=PATIENCE_MS)
        expect(visit.page.locator('[data-testid="stException"]')).to_have_count(0)
    finally:
        _move(link, first, tmp_path)


def _move(link: Path, target: Path, scratch: Path) -> None:
    new = scratch / "new_link"
    new.symlink_to(target)
    new.replace(link)
