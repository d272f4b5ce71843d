"""The real server in a real browser: every view draws, nothing is fetched from elsewhere, choices survive.

REPORT_SCREENSHOTS=<folder> stores a picture of every view in both languages there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, expect

from app.frame import VIEWS
from app.words import WORDS
from tests.app.accessibility import serious_violations
from tests.app.serving import NEEDS_CHROMIUM, PATIENCE_MS, Visit, free_port, served

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def link(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published link that the server serves; tests may move it."""
    path = tmp_path_factory.mktemp("served") / "published" / "current.duckdb"
    path.parent.mkdir()
    path.symlink_to(full_file)
    return path


@pytest.fixture(scope="module")
def address(link: Path) -> Iterator[str]:
    """A running report without login."""
    with served({"AFTERSALES_WAREHOUSE": str(link)}, free_port()) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A visitor of this test alone, who must not have met an error."""
    visitor = Visit(browser, address)
    yield visitor
    visitor.close()


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
    # Overview, indicators and early warning have one or none.
    if view not in ("overview", "health", "desk", "indicators", "early_warning"):
        page.locator('[data-testid="stVegaLiteChart"] :is(canvas, svg)').nth(1).wait_for(state="attached")
    if language == "en":
        assert serious_violations(page) == []
    if folder := os.environ.get("REPORT_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{view}_{language}.png")


@pytest.mark.parametrize("view", ["overview", "response", "network", "health", "desk"])
def test_a_view_is_read_on_a_dark_page(view: str, browser: Browser, address: str) -> None:
    visitor = Visit(browser, address, scheme="dark")
    visitor.open(f"{address}/{'' if view == 'overview' else view}")
    expect(visitor.page.locator('[data-testid="stApp"]')).to_have_css("background-color", "rgb(16, 23, 31)")
    assert serious_violations(visitor.page) == []
    visitor.close()


def test_the_first_page_is_found_under_its_name(visit: Visit, address: str) -> None:
    visit.open(f"{address}/overview?site=s2")
    expect(visit.page.locator("h1")).to_have_text("Overview")
    assert visit.parameters() == {"site": ["s2"]}


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


def test_a_saved_view_is_there_after_a_reload_and_opens_with_a_click(visit: Visit, address: str) -> None:
    visit.open(f"{address}/response?site=s2&period=2026-03")
    page = visit.page
    page.get_by_text("Save, rename, remove").click()
    page.get_by_role("textbox", name="Name of this page with its filters").fill("Haidian, March")
    page.get_by_role("button", name="Save this view").click()
    saved = page.locator(".st-key-saved_views").get_by_role("button", name="Haidian, March")
    expect(saved).to_be_visible()
    visit.open(f"{address}/cost?site=s4")
    saved.click()
    expect(page.locator("h1")).to_have_text(WORDS["page.response"][0])
    visit.settle()
    assert visit.parameters() == {"site": ["s2"], "period": ["2026-03"]}
    expect(page.get_by_role("combobox", name="Which")).to_have_value("Mar 2026")


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
