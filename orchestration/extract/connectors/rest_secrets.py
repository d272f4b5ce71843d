"""Keeps the secrets of a service out of what people read: messages, quoted answers, and logs."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote_plus

from dlt.sources.helpers.rest_client.redaction import SENSITIVE_PARAMS, sanitize_url

from orchestration.extract.secret_texts import HIDDEN, SecretTexts
from orchestration.extract.source_models import ApiKeyAuth, BasicAuth, BearerAuth, OAuth2Auth, RestSource

# It writes the target of every request, a key among the parameters too, where somebody asks for debug messages.
_TALKATIVE = "urllib3.connectionpool"


class Secrets(SecretTexts):
    """The secrets of `source`; those that it hands out later are added."""

    def __init__(self, source: RestSource) -> None:
        super().__init__()
        self._names = set(SENSITIVE_PARAMS)
        for header in source.headers.values():
            self.add(header.get_secret_value())
        match source.auth:
            case BearerAuth(token=secret) | OAuth2Auth(client_secret=secret):
                self.add(secret.get_secret_value())
            case BasicAuth(user=user, password=secret):
                self.add(secret.get_secret_value())
                self.add(b64encode(f"{user}:{secret.get_secret_value()}".encode()).decode())
            case ApiKeyAuth(key=secret, name=name):
                self.add(secret.get_secret_value())
                self._names.add(name)

    def hide_url(self, url: str) -> str:
        """Return `url` without the secrets, and without the values of parameters whose names say that they are."""
        hidden = self.hide(url)
        plain = unquote_plus(hidden)
        if self.hide(plain) != plain:
            # Written as only a service that makes its URLs by hand would: what is left of it could be told apart.
            return f"{hidden.split('?')[0]}?{HIDDEN}" if "?" in hidden else HIDDEN
        return sanitize_url(hidden, self._names)

    @contextmanager
    def kept_out_of_logs(self) -> Iterator[None]:
        """While this lasts, the HTTP library's own log shows no secret."""
        with self.kept_out_of(logging.getLogger(_TALKATIVE)):
            yield
