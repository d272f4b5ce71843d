"""How long a visitor waits: first view, and each switch of view, period, site and language, in a real browser.

    python -m bench.report PUBLISHED_FILE [REPEATS]

Starts the report on the file and opens it in headless Chromium. A wait begins with the click (or the address) and ends
with the last change that the page makes of itself: then the script has run, every chart is drawn, and nothing has moved
for half a second, which is not counted. What is in a canvas is never seen: a table writes its cells there, for screen
readers, a third of a second after it is drawn. Told apart are the very first view, with nothing in any cache, and the
first visit to each view, which nobody had opened since the start.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, Page, sync_playwright

from app.frame import LANGUAGE_NAMES, VIEWS
from app.words import WORDS
from tests.app.serving import ARGUMENTS, CHROMIUM, free_port, served

REPEATS = 30
ANOTHER_VIEW, ANOTHER_PERIOD = "another view", "another length of period"
ANOTHER_SITE, ANOTHER_LANGUAGE = "another site", "another language"
# Notes when the page last changed; performance.now() begins with the page itself.
_WATCH = """
window.lastChange = 0;
const isSeen = record => record.target.nodeName !== 'CANVAS' && !record.target.parentElement?.closest('canvas');
new MutationObserver(records => { if (records.some(isSeen)) window.lastChange = performance.now(); })
    .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""
_IS_SETTLED = """since => {
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')];
    return document.querySelector('h1') && app.getAttribute('data-test-script-state') === 'notRunning'
        && charts.every(chart => chart.querySelector('canvas, svg'))
        && window.lastChange > since && performance.now() - window.lastChange > 500;
}"""


def settle(page: Page, since: float) -> float:
    """Wait until the page rests; seconds from `since` (the page's own milliseconds) to its last change."""
    page.wait_for_function(_IS_SETTLED, arg=since, timeout=120_000, polling=50)
    return (float(page.evaluate("window.lastChange")) - since) / 1000


def clicked(page: Page, click: Callable[[], None]) -> float:
    """Seconds from a click to the page that it leads to."""
    since = float(page.evaluate("performance.now()"))
    click()
    return settle(page, since)


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, float]]:
    """A visitor who never was here: the page, and the seconds until it stood."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US")
    page.add_init_script(_WATCH)
    try:
        page.goto(address)
        yield page, settle(page, 0.0)
    finally:
        page.close()


def switches(page: Page, kind: str) -> Iterator[Callable[[], None]]:
    """Endless clicks of one kind; each changes what is shown."""
    sidebar = page.get_by_test_id("stSidebar")
    if kind == ANOTHER_VIEW:
        links = sidebar.get_by_test_id("stSidebarNavLink")
        views = [links.filter(has_text=WORDS[f"page.{view.name}"][0]).first for view in VIEWS]
        return cycle([view.click for view in [*views[1:], views[0]]])
    if kind == ANOTHER_SITE:
        # A list of choices closes when the sidebar moves, as it would to bring it into sight.
        sites = sidebar.get_by_test_id("stSelectbox").nth(1)
        sites.scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
        options = page.get_by_test_id("stSelectboxVirtualDropdown").get_by_role("option")

        def pick(place: int) -> None:
            sites.click()
            options.nth(place).click()

        return cycle([partial(pick, place) for place in (2, 3, 1, 0)])
    names = ("Quarter", "Year", "Month") if kind == ANOTHER_PERIOD else tuple(LANGUAGE_NAMES.values())[::-1]
    return cycle([sidebar.get_by_role("radio", name=name, exact=True).click for name in names])


def line(name: str, waits: list[float]) -> str:
    """One row of the table."""
    p95 = statistics.quantiles(waits, n=20, method="inclusive")[-1]
    return f"| {name} | {len(waits)} | {statistics.median(waits):.2f} | {p95:.2f} | {max(waits):.2f} |"


def main(published: Path, repeats: int) -> None:
    """Print the table."""
    with duckdb.connect(str(published), read_only=True) as con:
        ((tickets,),) = con.execute("select count(*) from marts.fct_tickets").fetchall()
    print(f"{tickets:,} tickets, {published.stat().st_size / 1e6:,.0f} MB published, {os.cpu_count()} cores\n")
    print("| what | repeats | p50 s | p95 s | longest s |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        environment = {"AFTERSALES_WAREHOUSE": str(published), "HOME": folder}
        with served(environment, free_port()) as address:
            with opened(browser, address) as (_, cold):
                print(line("first view of a server just started", [cold, cold]).replace("| 2 |", "| 1 |"), flush=True)
            first = []
            for _ in range(repeats):
                with opened(browser, address) as (_, seconds):
                    first.append(seconds)
            print(line("first view", first), flush=True)
            for view in VIEWS:
                # The first one stands at the address itself.
                own = address if view is VIEWS[0] else f"{address}/{view.name}"
                kinds = [ANOTHER_PERIOD, ANOTHER_SITE]
                if view is VIEWS[0]:
                    kinds = [ANOTHER_VIEW, *kinds, ANOTHER_LANGUAGE]
                for kind in kinds:
                    with opened(browser, own) as (page, _):
                        clicks = switches(page, kind)
                        if kind == ANOTHER_VIEW:
                            new = [clicked(page, next(clicks)) for _ in VIEWS]
                            print(line("a view that nobody had opened", new), flush=True)
                        waits = [clicked(page, next(clicks)) for _ in range(repeats)]
                    print(line(f"{kind}, {view.name}" if kind != ANOTHER_VIEW else kind, waits), flush=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else REPEATS)
