"""The typed form of a profile's `alerts`: what is told, in which language, and by which routes."""

from __future__ import annotations

from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from orchestration.extract.source_models import Strict

Event = Literal["failed_gate", "failed_build", "late_feed", "kpi_signal", "recovered"]
EVENTS: tuple[Event, ...] = get_args(Event)

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class BaseRoute(Strict):
    """What every route may say: `events` that it is told, and how many seconds each answer may take."""

    events: Annotated[tuple[Event, ...], Field(min_length=1)] = EVENTS
    timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10


class EmailRoute(BaseRoute):
    """E-mail by SMTP. tls: `starttls` (port 587), `tls` from the first byte (465), or `none` (25)."""

    kind: Literal["email"]
    host: str
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    sender: str
    to: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def port_number(self) -> int:
        """The port: what is written, or that of the kind of encryption."""
        return self.port or _PORTS[self.tls]

    @field_validator("sender", "to")
    @classmethod
    def _addresses(cls, found: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for address in (found,) if isinstance(found, str) else found:
            name, at, host = address.partition("@")
            if not (name and at and host) or not address.isprintable() or any(sign in address for sign in " ,;<>"):
                raise ValueError("expected an address such as service@example.com")
        return found

    @model_validator(mode="after")
    def _login(self) -> EmailRoute:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password belong together: write both or none")
        if self.password is not None and self.tls == "none":
            raise ValueError("a password would travel in the clear: write tls: starttls or tls: tls")
        return self


class WebhookRoute(BaseRoute):
    """A JSON object by HTTP POST. With `secret`, X-Aftersales-Signature is its sha256 HMAC of the body."""

    kind: Literal["webhook"]
    url: SecretStr
    headers: dict[str, SecretStr] = {}
    secret: SecretStr | None = None

    @field_validator("url")
    @classmethod
    def _http(cls, url: SecretStr) -> SecretStr:
        try:
            parts = urlsplit(url.get_secret_value())
            is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_one = False
        if not is_one:
            raise ValueError("expected an http or https URL such as https://chat.example.com/hooks/42")
        return url

    @field_validator("headers")
    @classmethod
    def _sendable(cls, headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in headers.items():
            if not f"{name}{value.get_secret_value()}".isascii() or not value.get_secret_value().isprintable():
                raise ValueError(f"the header {name} holds a line break or letters that no header may hold")
        return headers


Route = Annotated[EmailRoute | WebhookRoute, Field(discriminator="kind")]


class Alerts(Strict):
    """Whom to tell what. Without routes nobody is told anything.

    language: default the profile's first. kpis: those to watch; default those for executives. restated_beyond: share by
    which a finished period's value must differ from what was published before, to be a signal.
    """

    language: Literal["en", "zh"] | None = None
    kpis: tuple[str, ...] = ()
    restated_beyond: Annotated[float, Field(ge=0)] = 0.05
    routes: dict[str, Route] = {}
