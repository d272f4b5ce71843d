"""The whole login in a real browser, against a real provider: in, out, refused, forged.

REPORT_SCREENSHOTS=<folder> stores pictures of the pages there.
"""

from __future__ import annotations

import base64
import csv
import http.client
import io
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app.frame import VIEWS
from app.words import WORDS
from tests.app.published import SITES, write_full
from tests.app.serving import NEEDS_CHROMIUM, PATIENCE_MS, ROOT, Visit, free_port, served

pytestmark = NEEDS_CHROMIUM
expect.set_options(timeout=PATIENCE_MS)

CLIENT_SECRET = "client-secret-that-nobody-may-read"  # noqa: S105
COOKIE_SECRET = "cookie-secret-that-nobody-may-read-either"  # noqa: S105
PEOPLE = {
    "manager": {"email": "li@example.com", "email_verified": True},
    "analyst": {"email": "wang@example.com", "email_verified": True},
    "board": {"email": "chen@example.com", "groups": ["board"]},
    "leaver": {"email": "leaver@example.com", "email_verified": True},
    "stranger": {"email": "stranger@example.com", "email_verified": True},
    "impostor": {"email": "li@example.com", "email_verified": False},
}
ACCESS = """
grants:
  - role: analyst
    emails: [wang@example.com, leaver@example.com]
  - role: executive
    claim: groups
    values: [board]
  - role: site_manager
    emails: [li@example.com]
    sites: [s2]
"""


@dataclass(frozen=True)
class Report:
    """A running report with login."""

    address: str
    provider: str
    access: Path
    log: Path


@pytest.fixture(scope="module")
def report(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """The report with login, and its provider."""
    folder = tmp_path_factory.mktemp("login")
    access, log, port = folder / "access.yml", folder / "server.log", free_port()
    access.write_text(ACCESS, encoding="utf-8")
    address = f"http://127.0.0.1:{port}"
    provider = subprocess.Popen(
        [sys.executable, "-m", "tests.app.oidc_provider", "report", CLIENT_SECRET, f"{address}/oauth2callback"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert provider.stdin
        assert provider.stdout
        provider.stdin.write(json.dumps(PEOPLE))
        provider.stdin.close()
        issuer = provider.stdout.readline().strip()
        environment = {
            "AFTERSALES_WAREHOUSE": str(full_file),
            "AFTERSALES_REPORT_URL": address,
            "AFTERSALES_LOGIN_METADATA_URL": f"{issuer}/.well-known/openid-configuration",
            "AFTERSALES_LOGIN_CLIENT_ID": "report",
            "AFTERSALES_LOGIN_CLIENT_SECRET": CLIENT_SECRET,
            "AFTERSALES_LOGIN_COOKIE_SECRET": COOKIE_SECRET,
            "AFTERSALES_ACCESS": str(access),
        }
        with served(environment, port, log) as running:
            yield Report(running, issuer, access, log)
    finally:
        provider.terminate()
        provider.wait(timeout=20)


@pytest.fixture
def visit(browser: Browser, report: Report) -> Iterator[Visit]:
    """A visitor of this test alone, not logged in, who must not have met an error."""
    visitor = Visit(browser, report.address, report.provider)
    yield visitor
    visitor.close()


def sign_in(visit: Visit, report: Report, person: str, title: str) -> None:
    """Go through the provider as `person`, and wait for the page called `title`."""
    visit.open(report.address)
    visit.page.get_by_role("button", name="Sign in").click()
    visit.page.get_by_role("link", name=person).click()
    expect(visit.page.locator("h1")).to_have_text(title)
    visit.settle()


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("REPORT_SCREENSHOTS"):
        page.wait_for_timeout(3000)
        page.screenshot(path=Path(folder) / f"{name}.png")


def shows_no_row(page: Page) -> None:
    text = page.locator("body").inner_text()
    assert not [name for name in [*SITES.values(), "Test & Co"] if name in text]
    expect(page.locator('[data-testid="stMetric"]')).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_address_asks_for_the_login(language: str, visit: Visit, report: Report) -> None:
    word = {"en": 0, "zh": 1}[language]
    for path in ("", "technicians", "health"):
        visit.open(f"{report.address}/{path}?lang={language}&site=s1")
        expect(visit.page.locator("h1")).to_have_text(WORDS["door.signed_out_title"][word])
        shows_no_row(visit.page)
    picture(visit.page, f"login_{language}")


def test_a_site_manager_sees_the_site_alone_and_logs_out(visit: Visit, report: Report) -> None:
    sign_in(visit, report, "manager", "Overview")
    others = [name for site, name in SITES.items() if site != "s2"]
    page = visit.page
    expect(page.get_by_text("li@example.com")).to_be_visible()
    picture(page, "manager_en")
    for view in ("response", "satisfaction", "technicians"):  # tests/app/test_roles.py asks all of them
        # By the address.
        visit.open(f"{report.address}/{view}?site=s1&person=t00")
        expect(page.locator("h1")).to_have_text(WORDS[f"page.{view}"][0])
        assert "site" not in visit.parameters()
        text = page.locator("body").inner_text()
        assert not [name for name in others if name in text]
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    # By the filter.
    # A list closes when the sidebar moves, as it does to bring the filter into sight.
    page.get_by_role("combobox", name="Site").scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    page.get_by_role("combobox", name="Site").click()
    expect(page.get_by_role("option")).to_have_text([SITES["s2"]])
    page.keyboard.press("Escape")
    # By a saved file.
    visit.open(f"{report.address}/technicians?site=s1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (CSV)").first.click()
    saved = download.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(saved)))
    assert {row["Site"] for row in rows} == {SITES["s2"]}
    assert len(rows) == 4
    # The table's own export, which would not neutralise formulas, is not offered.
    page.locator('[data-testid="stDataFrame"]').first.hover()
    expect(page.get_by_role("button", name="Fullscreen").first).to_be_visible()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)
    visit.open(f"{report.address}/?lang=zh")
    picture(page, "manager_zh")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    visit.open(f"{report.address}/technicians")
    expect(page.locator("h1")).to_have_text("Sign in")
    shows_no_row(page)
    assert not [cookie for cookie in page.context.cookies() if cookie.get("name") == "_streamlit_user"]


def test_nothing_of_another_site_reaches_the_browser_of_a_site_manager(
    visit: Visit, report: Report, tmp_path: Path
) -> None:
    """Every page, asked for by an address that names another site; every table saved; all that the server sends."""
    received: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        received.append(frame.encode() if isinstance(frame, str) else frame)

    visit.page.on("websocket", lambda stream: stream.on("framereceived", keep))
    # A file of its own: tests of the same process may hold the report's with the report's configuration.
    with duckdb.connect(str(write_full(tmp_path / "names.duckdb")), read_only=True) as con:
        people = con.execute("select technician_name from marts.dim_technicians where site_id <> 's2'").fetchall()
    others = [*(name for site, name in SITES.items() if site != "s2"), *(name for (name,) in people)]
    assert len(others) > 15
    sign_in(visit, report, "manager", "Overview")
    page, saved = visit.page, 0
    for view in VIEWS:
        path = "" if view.name == "overview" else view.name
        for language in ("en", "zh"):
            visit.open(f"{report.address}/{path}?lang={language}&site=s1&person=t00&segment=site&ticket=T1")
            expect(page.locator("h1")).to_have_text(WORDS[f"page.{view.name}"][{"en": 0, "zh": 1}[language]])
            assert "site" not in visit.parameters()
        for button in page.get_by_role("button", name=WORDS["export.csv"][1]).all():
            if not button.is_visible():
                continue
            with page.expect_download() as download:
                button.click()
            received.append(download.value.path().read_bytes())
            saved += 1
    assert saved >= 3
    sent = b"\n".join(received)
    assert SITES["s2"].encode() in sent  # what is sent can be read
    assert [name for name in others if name.encode() in sent] == []


@pytest.mark.parametrize(
    "path",
    [
        "/media/warehouse.duckdb",
        "/media/%2e%2e/%2e%2e/current.duckdb",
        "/app/static/current.duckdb",
        "/current.duckdb",
        "/_stcore/media/x.csv",
    ],
)
def test_no_address_gives_the_file(path: str, report: Report) -> None:
    """Nor does one give a saved file of somebody else; what is not known leads to the page that asks for the login."""
    connection = http.client.HTTPConnection(urlsplit(report.address).netloc, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status in (400, 403, 404) or (answer.status == 200 and b"<!doctype html>" in content.lower())
    assert b"DUCK" not in content[:32]


@pytest.mark.parametrize("person", ["stranger", "impostor"])
def test_somebody_without_a_role_is_refused(person: str, visit: Visit, report: Report) -> None:
    sign_in(visit, report, person, "No access")
    shows_no_row(visit.page)
    picture(visit.page, f"refused_{person}_en")
    visit.open(f"{report.address}/technicians?lang=zh")
    expect(visit.page.locator("h1")).to_have_text("没有访问权限")
    shows_no_row(visit.page)
    picture(visit.page, f"refused_{person}_zh")


def test_a_role_may_come_from_a_claim(visit: Visit, report: Report) -> None:
    sign_in(visit, report, "board", "Overview")
    visit.open(f"{report.address}/technicians")
    expect(visit.page.get_by_text(WORDS["door.no_people"][0])).to_be_visible()


def saved_view(page: Page) -> Locator:
    return page.locator(".st-key-saved_views").get_by_role("button", name="Haidian quarter")


def test_a_saved_view_is_there_at_the_next_login_and_for_nobody_else(browser: Browser, report: Report) -> None:
    visits = [Visit(browser, report.address, report.provider) for _ in range(3)]
    try:
        first, again, other = visits
        sign_in(first, report, "analyst", "Overview")
        first.open(f"{report.address}/response?period=2026-Q1&site=s2")
        first.page.get_by_text(WORDS["saved.manage"][0]).click()
        first.page.get_by_role("textbox", name=WORDS["saved.name"][0]).fill("Haidian quarter")
        first.page.get_by_role("button", name=WORDS["saved.keep"][0], exact=True).click()
        expect(saved_view(first.page)).to_be_visible()
        sign_in(again, report, "analyst", "Overview")
        saved_view(again.page).click()
        expect(again.page.locator("h1")).to_have_text(WORDS["page.response"][0])
        again.settle()
        assert {"period": ["2026-Q1"], "site": ["s2"]}.items() <= again.parameters().items()
        sign_in(other, report, "board", "Overview")
        expect(other.page.get_by_text(WORDS["saved.none"][0])).to_be_visible()
        expect(saved_view(other.page)).to_have_count(0)
    finally:
        for each in visits:
            each.close()


def _forged(cookie: str) -> str:
    """The signed cookie with another's address in its claims, and the old signature."""
    payload, _, signature = cookie.lstrip(".").partition(".")
    claims = zlib.decompress(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert b"stranger@example.com" in claims
    other = zlib.compress(claims.replace(b"stranger@example.com", b"wang@example.com"))
    return f".{base64.urlsafe_b64encode(other).decode().rstrip('=')}.{signature}"


def test_a_forged_cookie_is_refused(visit: Visit, report: Report) -> None:
    sign_in(visit, report, "stranger", "No access")
    context = visit.page.context
    (cookie,) = [cookie for cookie in context.cookies() if cookie.get("name") == "_streamlit_user"]
    assert cookie.get("httpOnly")
    kept = {"name": "_streamlit_user", "url": report.address, "httpOnly": True}
    # Undamaged it is still the stranger's.
    context.add_cookies([{**kept, "value": cookie["value"]}])
    visit.open(report.address)
    expect(visit.page.locator("h1")).to_have_text("No access")
    # Its signature is spoilt at the first character: of the last one, two bits say nothing.
    signed, _, signature = cookie["value"].rpartition(".")
    spoilt = f"{signed}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    for value in (_forged(cookie["value"]), spoilt, "e30.e30.e30", ""):
        context.add_cookies([{**kept, "value": value}])
        visit.open(report.address)
        expect(visit.page.locator("h1")).to_have_text("Sign in")
        shows_no_row(visit.page)


def test_a_role_that_is_taken_away_ends_an_open_page(visit: Visit, report: Report) -> None:
    sign_in(visit, report, "leaver", "Overview")
    report.access.write_text(ACCESS.replace(", leaver@example.com", ""), encoding="utf-8")
    try:
        # Without a click.
        expect(visit.page.locator("h1")).to_have_text("No access", timeout=PATIENCE_MS)
        shows_no_row(visit.page)
    finally:
        report.access.write_text(ACCESS, encoding="utf-8")


def test_answers_carry_careful_headers(report: Report) -> None:
    with urllib.request.urlopen(report.address, timeout=10) as answer:  # noqa: S310 - our own server
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers.get("Access-Control-Allow-Origin") is None
    with urllib.request.urlopen(f"{report.address}/_stcore/host-config", timeout=10) as answer:  # noqa: S310
        assert json.load(answer)["allowedOrigins"] == []


@pytest.mark.parametrize(("method", "path"), [("PUT", "/_stcore/upload_file/a/b"), ("POST", "/_stcore/agent/interact")])
def test_what_the_report_does_not_need_is_refused(method: str, path: str, report: Report) -> None:
    request = urllib.request.Request(f"{report.address}{path}", data=b"{}", method=method)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310
    assert error.value.code in (403, 404)


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}], ids=["host", "origin"]
)
def test_another_sites_page_cannot_open_the_stream(headers: dict[str, str], report: Report) -> None:
    """Also not by a name of its own that leads to this machine (DNS rebinding)."""
    stream = f"{report.address.replace('http', 'ws')}/_stcore/stream"
    with connect(stream, additional_headers={"Origin": report.address}):
        pass
    origin = headers.get("Origin", "http://evil.example")
    given = {name: value for name, value in headers.items() if name != "Origin"}
    with pytest.raises(Exception) as error, connect(stream, origin=origin, additional_headers=given) as open_stream:  # noqa: PT011
        open_stream.recv(timeout=10)
    assert isinstance(error.value, ConnectionClosed) or "403" in str(error.value)


def test_a_secret_is_in_no_log_and_no_command_line(report: Report) -> None:
    log = report.log.read_text("utf-8", errors="replace")
    assert "You can now view" in log
    for secret in (CLIENT_SECRET, COOKIE_SECRET):
        assert secret not in log
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if b"app/server.py" in command:
            assert CLIENT_SECRET.encode() not in command
