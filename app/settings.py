"""Settings of the report: the only module of this package that reads the environment."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LANGUAGES = ("en", "zh")
# The page that the bare address opens.
START_PAGE = "overview"
DEFAULT_WAREHOUSE = Path("data/sample/published/current.duckdb")
_LOGIN_VARIABLES = (
    "AFTERSALES_REPORT_URL",
    "AFTERSALES_LOGIN_METADATA_URL",
    "AFTERSALES_LOGIN_CLIENT_ID",
    "AFTERSALES_LOGIN_CLIENT_SECRET",
    "AFTERSALES_LOGIN_COOKIE_SECRET",
    "AFTERSALES_ACCESS",
)
_SHORTEST_COOKIE_SECRET = 32


class SettingsError(ValueError):
    """A variable of the environment has a value that cannot be used."""


@dataclass(frozen=True)
class Login:
    """How visitors prove who they are: the report's registration at an OpenID Connect provider.

    report_url: address of the report as browsers see it, without a path.
    metadata_url: address of the provider's discovery document.
    cookie_secret: what signs the cookie that keeps a visitor logged in.
    access: the file that says who sees what.
    """

    report_url: str
    metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)
    access: Path

    @property
    def host(self) -> str:
        """The report's host name as browsers see it."""
        return urlsplit(self.report_url).hostname or ""


@dataclass(frozen=True)
class Settings:
    """What the report takes from the environment.

    warehouse: the published file, normally the link `current.duckdb` that each publication moves.
    language: language of a first visit; None leaves it to the visitor's browser.
    login: None where the report is open to whoever reaches it.
    """

    warehouse: Path
    language: str | None
    login: Login | None = None


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environment` (default: the process's); SettingsError names what is wrong."""
    env = os.environ if environment is None else environment
    language = env.get("AFTERSALES_LANGUAGE", "") or None
    if language is not None and language not in LANGUAGES:
        raise SettingsError(
            f"AFTERSALES_LANGUAGE is '{language}', expected one of {', '.join(LANGUAGES)}: correct it or leave it unset"
        )
    warehouse = Path(env.get("AFTERSALES_WAREHOUSE", "") or DEFAULT_WAREHOUSE)
    return Settings(warehouse=warehouse, language=language, login=_read_login(env))


def is_this_machine(host: str | None) -> bool:
    """Whether only programs of this machine reach `host`; None stands for every address of it."""
    if host is None or host.lower() == "localhost":
        return host is not None
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_login(env: Mapping[str, str]) -> Login | None:
    """The login; None where none of its variables is set. Values are not repeated in errors: some are secret."""
    given = {name: env.get(name, "") for name in _LOGIN_VARIABLES}
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return None
    if missing:
        raise SettingsError(
            f"a login needs all of {', '.join(_LOGIN_VARIABLES)}; not set: {', '.join(missing)}. "
            "Set them, or unset the others for a report without login on this machine alone"
        )
    for name in ("AFTERSALES_REPORT_URL", "AFTERSALES_LOGIN_METADATA_URL"):
        _check_url(name, given[name])
    report_url = given["AFTERSALES_REPORT_URL"].rstrip("/")
    if urlsplit(report_url).path or urlsplit(report_url).query:
        raise SettingsError(
            f"AFTERSALES_REPORT_URL is '{report_url}', expected an address without a path, "
            "such as https://report.example.com"
        )
    length = len(given["AFTERSALES_LOGIN_COOKIE_SECRET"])
    if length < _SHORTEST_COOKIE_SECRET:
        raise SettingsError(
            f"AFTERSALES_LOGIN_COOKIE_SECRET has {length} characters, expected {_SHORTEST_COOKIE_SECRET} or more: "
            "make one with python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return Login(
        report_url=report_url,
        metadata_url=given["AFTERSALES_LOGIN_METADATA_URL"],
        client_id=given["AFTERSALES_LOGIN_CLIENT_ID"],
        client_secret=given["AFTERSALES_LOGIN_CLIENT_SECRET"],
        cookie_secret=given["AFTERSALES_LOGIN_COOKIE_SECRET"],
        access=Path(given["AFTERSALES_ACCESS"]),
    )


def _check_url(name: str, value: str) -> None:
    """What a login carries may cross a network only encrypted."""
    parts = urlsplit(value)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise SettingsError(f"{name} is '{value}', expected an address such as https://report.example.com")
    if parts.scheme == "http" and not is_this_machine(parts.hostname):
        raise SettingsError(f"{name} is '{value}', expected https: over http anybody on the way could read along")
