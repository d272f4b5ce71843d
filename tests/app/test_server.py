"""The report is not started in a way that would let the wrong people in, and says what is wrong."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message
from streamlit.testing.v1 import AppTest

from app.server import SafeHeaders, go_to_start
from app.settings import SettingsError, is_this_machine, read_settings
from tests.app.serving import ROOT

LOGIN = {
    "AFTERSALES_REPORT_URL": "https://report.example.com/",
    "AFTERSALES_LOGIN_METADATA_URL": "https://login.example.com/.well-known/openid-configuration",
    "AFTERSALES_LOGIN_CLIENT_ID": "report",
    "AFTERSALES_LOGIN_CLIENT_SECRET": "hush-client",
    "AFTERSALES_LOGIN_COOKIE_SECRET": "hush-cookie-" * 4,
    "AFTERSALES_ACCESS": "access.yml",
}


def start(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and words of a server that does not get as far as serving."""
    ended = subprocess.run(
        [sys.executable, str(ROOT / "app" / "server.py"), *arguments],
        env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "report.example.com"])  # noqa: S104
def test_without_login_only_this_machine_is_served(address: str) -> None:
    code, said = start({}, "--address", address)
    assert code == 2
    assert f"listen on {address}" in said
    assert "no login is configured" in said
    assert "Traceback" not in said


def test_a_mistake_in_the_access_file_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "access.yml"
    file.write_text("grants:\n  - role: boss\n    emails: [a@example.com]\n", encoding="utf-8")
    code, said = start(LOGIN | {"AFTERSALES_ACCESS": str(file)})
    assert code == 2
    assert said.startswith("aftersales: access.yml:2: grants[0].role")


def test_a_complete_login_is_read() -> None:
    login = read_settings(LOGIN).login
    assert login is not None
    assert login.report_url == "https://report.example.com"
    assert login.host == "report.example.com"
    assert "hush" not in repr(login)
    assert read_settings({}).login is None


@pytest.mark.parametrize("name", LOGIN)
def test_half_a_login_is_none(name: str) -> None:
    """A forgotten variable must not open the report to everybody."""
    with pytest.raises(SettingsError, match=f"not set: {name}") as error:
        read_settings({key: value for key, value in LOGIN.items() if key != name})
    assert "hush" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AFTERSALES_REPORT_URL", "http://report.example.com", "expected https"),
        ("AFTERSALES_REPORT_URL", "report.example.com", "expected an address"),
        ("AFTERSALES_REPORT_URL", "https://example.com/report", "without a path"),
        ("AFTERSALES_LOGIN_METADATA_URL", "http://login.example.com/x", "expected https"),
        ("AFTERSALES_LOGIN_METADATA_URL", "file:///etc/passwd", "expected an address"),
        ("AFTERSALES_LOGIN_COOKIE_SECRET", "hush", "has 4 characters, expected 32 or more"),
    ],
)
def test_a_login_that_would_not_protect_is_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as error:
        read_settings(LOGIN | {name: value})
    assert name in str(error.value)
    assert "'hush" not in str(error.value)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1"])
def test_addresses_of_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", [None, "", "0.0.0.0", "::", "10.0.0.1", "localhost.example.com"])  # noqa: S104
def test_addresses_that_others_reach(host: str | None) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize(
    ("is_https", "expected"), [(True, "a=1; HttpOnly; Secure"), (False, "a=1; HttpOnly")], ids=["https", "http"]
)
def test_a_cookie_stays_off_unencrypted_lines(is_https: bool, expected: str) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    answering = SafeHeaders(Response(headers={"set-cookie": "a=1; HttpOnly"}), is_https)
    asyncio.run(answering({"type": "http"}, receive, send))
    headers = dict(sent[0]["headers"])
    assert headers[b"set-cookie"] == expected.encode()
    assert headers[b"x-frame-options"] == b"DENY"


@pytest.mark.parametrize("address", [None, "0.0.0.0"])  # noqa: S104
def test_the_script_itself_refuses_others_without_login(
    address: str | None, full_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`streamlit run app/main.py --server.address=0.0.0.0` passes by app/server.py."""
    monkeypatch.setenv("AFTERSALES_WAREHOUSE", str(full_file))
    monkeypatch.setattr("streamlit.get_option", {"server.address": address}.get)
    test = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60).run()
    assert "no login is configured" in test.exception[0].message
    assert not test.metric


@pytest.mark.parametrize(("query", "address"), [("", "/"), ("lang=zh&site=s2", "/?lang=zh&site=s2")])
def test_the_name_of_the_first_page_leads_to_it_with_its_choices(query: str, address: str) -> None:
    typed = {"type": "http", "method": "GET", "path": "/overview", "headers": [], "query_string": query.encode()}
    answer = go_to_start(Request(typed))
    assert (answer.status_code, answer.headers["location"]) == (307, address)
