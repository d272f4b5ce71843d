"""The report on published files made by hand, opened view by view without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser, sync_playwright
from streamlit.testing.v1 import AppTest

from tests.app.published import write_empty, write_full
from tests.app.serving import ARGUMENTS, CHROMIUM

OpenView = Callable[..., AppTest]


@pytest.fixture(scope="session")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file with 18 months of rows. Read only."""
    return write_full(tmp_path_factory.mktemp("full") / "warehouse_full.duckdb")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file of a company without any feed. Read only."""
    return write_empty(tmp_path_factory.mktemp("empty") / "warehouse_empty.duckdb")


# Not for the session: while Playwright is open, nothing else of the process can run an event loop, as asyncmy does.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_view() -> Iterator[OpenView]:
    """Opens a view on a file: open_view(name, path, language="en", **query parameters); the run's AppTest.

    access, user: an access file and the claims of who is logged in, for a report with login.
    """

    def opened(
        view: str,
        path: Path,
        language: str | None = "en",
        access: Path | None = None,
        user: dict[str, object] | None = None,
        **parameters: str,
    ) -> AppTest:
        arguments = (str(path), language, view, access and str(access))
        test = AppTest.from_function(_script, default_timeout=60, args=arguments)
        test.user = user or {}
        for name, value in parameters.items():
            test.query_params[name] = value
        return test.run()

    _forget()
    yield opened
    _forget()


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_open() -> Iterator[None]:
    """The next file of tests may open the same published file."""
    yield
    _forget()


def _forget() -> None:
    # Connections too: while the report has a file open in this process, nobody opens it there with other settings.
    st.cache_resource.clear()
    st.cache_data.clear()


def _script(warehouse: str, language: str | None, start: str, access: str | None) -> None:
    # Runs as a script of its own, so that it imports what it needs.
    from pathlib import Path  # noqa: PLC0415

    from app import frame  # noqa: PLC0415
    from app.settings import Login, Settings  # noqa: PLC0415

    address = "http://127.0.0.1:1"
    login = Login(address, address, "report", "-", "-", Path(access)) if access else None
    frame.show(Settings(Path(warehouse), language, login), start)
