"""Starts the report's server: `aftersales app` runs this file.

The secrets of the login go from the environment straight into Streamlit's store: no file holds them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access import AccessError, read_access
from app.settings import START_PAGE, Login, Settings, SettingsError, is_this_machine, read_settings

EXIT_MISUSED = 2
_SCRIPT = Path(__file__).with_name("main.py")
# A page in which another one frames the report could lead clicks astray; nothing of the report is for other sites.
_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class SafeHeaders:
    """Adds the headers that keep browsers careful, and keeps cookies off unencrypted lines where `is_https`."""

    def __init__(self, app: ASGIApp, is_https: bool) -> None:
        self.app = app
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the headers."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*map(self._secured, message.get("headers", [])), *_HEADERS]
            await send(message)

        await self.app(scope, receive, send_safely)

    def _secured(self, header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        name, value = header
        is_bare = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
        return (name, value + b"; Secure") if is_bare and self.is_https else header


def go_to_start(request: Request) -> RedirectResponse:
    """From the first page's name, which people type and bookmark, to the bare address, which is its only one."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")


def main() -> None:
    """Read the settings and serve until stopped; exit code 2 and what is wrong where they cannot be used."""
    parser = argparse.ArgumentParser(prog="aftersales app", description="Serve the report.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", default="127.0.0.1", help="address of this machine to listen on")
    arguments = parser.parse_args()
    try:
        settings = read_settings()
        _check(settings, arguments.address)
    except (SettingsError, AccessError) as error:
        print(f"aftersales: {error}", file=sys.stderr)  # noqa: T201 - what a command says
        sys.exit(EXIT_MISUSED)
    login = settings.login
    if login is None:
        print(  # noqa: T201
            "no login is configured: whoever can open a browser on this machine sees everything "
            "(docs/report_access.md says how to set one up)"
        )
    hosts = ["localhost", "127.0.0.1", "::1"] if login is None else [login.host]
    app = st.App(
        _SCRIPT,
        secrets=None if login is None else {"auth": _auth(login)},
        routes=[Route(f"/{START_PAGE}", go_to_start)],
        middleware=[Middleware(SafeHeaders, is_https=login is not None and login.report_url.startswith("https:"))],
    )
    app.run(
        config={
            "server.address": arguments.address,
            "server.port": arguments.port,
            "server.allowedHosts": hosts,
        }
    )


def _check(settings: Settings, address: str) -> None:
    if settings.login is not None:
        read_access(settings.login.access)
    elif not is_this_machine(address):
        raise SettingsError(
            f"asked to listen on {address}, which other machines reach, but no login is configured: "
            "set one up (docs/report_access.md), or listen on 127.0.0.1"
        )


def _auth(login: Login) -> dict[str, Any]:
    """Streamlit's own settings of a login."""
    return {
        "redirect_uri": f"{login.report_url}/oauth2callback",
        "cookie_secret": login.cookie_secret,
        "client_id": login.client_id,
        "client_secret": login.client_secret,
        "server_metadata_url": login.metadata_url,
    }


if __name__ == "__main__":
    main()
