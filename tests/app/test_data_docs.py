"""The pages of a build's checks and their history, in the report and as files, for those who may see them."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, expect

from app import data_docs
from app.words import WORDS
from orchestration.data_docs import write_data_docs
from tests.app.conftest import OpenView
from tests.app.serving import NEEDS_CHROMIUM, Visit, free_port, served
from tests.app.test_roles import ACCESS, everything_on, user

BUILD = "20260620T160000Z_test"
CANARY = "CANARY-7f3a"
CHECK = "expect_column_values_to_be_in_set #17"


@pytest.fixture(scope="module")
def version(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published version that remembers two builds more, with an example row, and its pages."""
    root = tmp_path_factory.mktemp("documented")
    path = root / "published" / f"warehouse_{BUILD}.duckdb"
    path.parent.mkdir()
    shutil.copy(full_file, path)
    with duckdb.connect(str(path)) as con:
        example = f'[{{"ticket_id": "{CANARY}", "phone": "***"}}]'
        con.execute("update meta.gates set example_rows = case when not is_success then ? end", [example])
        # Not on the first page, so that a page is chosen for what is on it.
        con.execute("update meta.gates set gate = 'gate_2' where not is_success")
        con.execute(
            "insert into meta.gates by name select * replace ('20260618T160000Z_a' as build_id, true as is_success, "
            "'0 of 990 rows' as observed, null as example_rows) from meta.gates"
        )
        con.execute(
            "insert into meta.gates by name select * replace ('20260619T160000Z_b' as build_id, 'stop' as severity) "
            "from meta.gates where build_id = ? and expectation = ?",
            [BUILD, CHECK],
        )
    assert write_data_docs(path, BUILD, root / "data_docs")
    return path


@pytest.fixture
def access(tmp_path: Path) -> Path:
    path = tmp_path / "access.yml"
    path.write_text(ACCESS, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_data_health_shows_the_last_builds_of_each_check(language: str, version: Path, open_view: OpenView) -> None:
    test = open_view("health", version, language)
    assert not test.exception
    position = {"en": 0, "zh": 1}[language]
    checks = test.dataframe[0].value.set_index(WORDS["column.expectation"][position])
    trend = WORDS["column.trend"][position]
    assert checks.loc[CHECK, trend] == "✓✕!"
    assert set(checks.drop(index=CHECK)[trend]) == {"✓·✓"}
    history = test.dataframe[1].value
    assert history[WORDS["column.build"][position]].tolist() == [BUILD, "20260619T160000Z_b", "20260618T160000Z_a"]
    assert [result[0] for result in history[WORDS["column.result"][position]]] == ["!", "✕", "✓"]
    assert history[WORDS["column.observed"][position]].tolist() == ["3", "3", "0 of 990 rows"]
    assert CANARY in history[WORDS["column.example"][position]].iloc[0]


def test_another_check_is_chosen(version: Path, open_view: OpenView) -> None:
    test = open_view("health", version)
    test.selectbox(key=f"pick_check_{BUILD}_en").select_index(4).run()
    assert not test.exception
    assert test.dataframe[1].value["Result"].tolist() == ["✓ Passed", "✓ Passed"]
    assert "Example" not in test.dataframe[1].value.columns


def test_an_analyst_reads_the_pages(version: Path, access: Path, open_view: OpenView) -> None:
    test = open_view("health", version, access=access, user=user("wang@example.com"))
    (frame,) = test.get("iframe")
    assert CANARY in frame.proto.srcdoc
    assert "index.html" not in frame.proto.srcdoc
    assert test.selectbox(key=f"pick_page_{BUILD}_en").value == "gate_2/raw.tickets"
    assert len(test.get("download_button")) > 1


@pytest.mark.parametrize(
    ("email", "reason"), [("chen@example.com", "door.no_pages"), ("li@example.com", "door.no_site_health")]
)
def test_nobody_else_sees_a_row_of_them(
    email: str, reason: str, version: Path, access: Path, open_view: OpenView
) -> None:
    test = open_view("health", version, access=access, user=user(email))
    assert not test.exception
    assert test.get("iframe") == []
    assert WORDS[reason][0] in [info.value for info in test.info]
    assert CANARY not in everything_on(test)
    assert "download_data_docs" not in everything_on(test)


def test_a_version_without_pages_says_how_to_get_them(full_file: Path, open_view: OpenView) -> None:
    test = open_view("health", full_file)
    assert test.get("iframe") == []
    assert any(f"aftersales data-docs {BUILD}" in info.value for info in test.info)


def test_a_name_that_leaves_the_folder_finds_nothing(version: Path) -> None:
    assert data_docs.site_of(version, BUILD) == version.parent.parent / "data_docs" / BUILD
    assert data_docs.site_of(version, f"../data_docs/{BUILD}") is None


def test_the_zip_is_the_site_and_always_the_same(version: Path) -> None:
    site = data_docs.site_of(version, BUILD)
    assert site is not None
    packed = data_docs.write_zip(site)
    assert packed == data_docs.write_zip(site)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert found == {
        f"data_docs_{BUILD}/{page.relative_to(site).as_posix()}": page.read_bytes() for page in site.rglob("*.html")
    }
    assert len(found) == 3


@NEEDS_CHROMIUM
def test_the_pages_are_read_without_a_network(version: Path, browser: Browser) -> None:
    """From the disk, styled, without one request beyond the page itself."""
    site = data_docs.site_of(version, BUILD)
    assert site is not None
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    index = (site / "index.html").as_uri()
    page.goto(index)
    row = page.locator("tr", has_text="warned").first
    row.get_by_role("link", name="gate_2 · raw.tickets").click()
    expect(page).to_have_url((site / "gate_2" / "raw.tickets.html").as_uri())
    expect(page.get_by_text(CANARY)).to_be_visible()
    mark = page.locator(".fa-exclamation-triangle").first
    assert mark.evaluate("mark => getComputedStyle(mark, '::before').content") == '"!"'
    assert mark.evaluate("mark => getComputedStyle(mark).color") != page.locator("body").evaluate(
        "body => getComputedStyle(body).color"
    )
    assert page.locator("table").first.evaluate("table => getComputedStyle(table).borderCollapse") == "collapse"
    passed = page.locator("tr:visible", has_text="passed")
    assert passed.count() == 10
    page.get_by_label("Only what did not pass").check()
    expect(passed).to_have_count(0)
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.get_by_role("link", name="All tables").click()
    expect(page).to_have_url(index)
    assert {url.partition(":")[0] for url in asked} == {"file"}
    assert all(url.endswith(".html") for url in asked)
    assert said == []
    context.close()


@NEEDS_CHROMIUM
def test_the_report_shows_a_page_and_saves_them_all(version: Path, browser: Browser, tmp_path: Path) -> None:
    with served({"AFTERSALES_WAREHOUSE": str(version)}, free_port()) as address:
        visit = Visit(browser, address)
        visit.open(f"{address}/health")
        frame = visit.page.frame_locator("iframe").first
        expect(frame.get_by_text(CANARY)).to_be_visible()
        frame.get_by_label("Only what did not pass").check()
        expect(frame.locator("tr:visible", has_text="passed")).to_have_count(0)
        expect(frame.get_by_role("link")).to_have_count(0)
        with visit.page.expect_download() as download:
            visit.page.get_by_role("button", name=WORDS["health.pages_download"][0]).click()
        download.value.save_as(tmp_path / "site.zip")
        site = data_docs.site_of(version, BUILD)
        assert site is not None
        assert (tmp_path / "site.zip").read_bytes() == data_docs.write_zip(site)
        visit.close()
