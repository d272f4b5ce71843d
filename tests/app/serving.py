"""The report's real server, and visitors with a real browser."""

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
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
# A busy machine draws a view of many charts slowly.
PATIENCE_MS = 60_000
NEEDS_CHROMIUM = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine: apt-get install chromium fonts-noto-cjk"
)
_ALL_CHARTS_DRAWN = """() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
    .every(chart => chart.querySelector('canvas, svg'))"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(environment: dict[str, str], port: int, log: Path | None = None) -> Iterator[str]:
    """A running report, as `aftersales app` starts it; its address."""
    with (log or Path(os.devnull)).open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, str(ROOT / "app" / "server.py"), "--port", str(port)],
            env=os.environ | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
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


class Visit:
    """A visitor with a fresh session, and what the pages asked for and stumbled over."""

    def __init__(self, browser: Browser, *addresses: str, scheme: Literal["light", "dark"] = "light") -> None:
        self.page: Page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US", color_scheme=scheme)
        self.page.set_default_timeout(PATIENCE_MS)
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self._own = tuple(own for address in addresses for own in (address, address.replace("http", "ws")))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, url: str) -> None:
        if not url.startswith((*self._own, "data:", "blob:")):
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
        # What a run has not drawn anew yet is pale, and reads worse than the page does.
        self.page.wait_for_selector('[data-stale="true"]', state="detached")
        self.page.wait_for_timeout(300)

    def parameters(self) -> dict[str, list[str]]:
        """The query parameters of the address now."""
        return parse_qs(urlsplit(self.page.url).query)

    def close(self) -> None:
        """End the visit, which must not have met an error."""
        assert self.errors == []
        assert self.foreign == []
        self.page.close()
