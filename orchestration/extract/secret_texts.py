"""The secrets of a run, to keep them out of what people read: messages, logs, metadata."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote, quote_plus, unquote, urlsplit

from pydantic import BaseModel, SecretStr

from orchestration.extract.pseudonyms import SALT_VARIABLE

HIDDEN = "***"
# Shorter ones are words that messages need; whoever chooses such a password has none.
_SHORTEST = 6
_TELLING_NAME = re.compile(r"PASSW|SECRET|TOKEN|SALT|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIAL", re.IGNORECASE)


class SecretTexts:
    """Texts that must not be shown, in every way in which URLs and JSON write them."""

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def add(self, secret: str) -> None:
        """Keep `secret` out too."""
        self._texts |= {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
        self._texts.discard("")

    def hide(self, text: str) -> str:
        """Return `text` without the secrets."""
        for secret in sorted(self._texts, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    @contextmanager
    def kept_out_of(self, logger: logging.Logger) -> Iterator[None]:
        """While this lasts, no record of `logger` shows a secret, whoever handles it."""

        def hide(record: logging.LogRecord) -> bool:
            record.msg, record.args = self.hide(record.getMessage()), ()
            return True

        logger.addFilter(hide)
        try:
            yield
        finally:
            logger.removeFilter(hide)


def secrets_of(profile: BaseModel, environment: Mapping[str, str]) -> SecretTexts:
    """The secrets that a run can see: those of the profile, and variables whose names say that they hold one."""
    texts = SecretTexts()
    found = [secret.get_secret_value() for secret in _secrets_in(profile)]
    found += [value for name, value in environment.items() if name == SALT_VARIABLE or _TELLING_NAME.search(name)]
    for secret in found:
        for part in (secret, *_password_in(secret)):
            if len(part) >= _SHORTEST:
                texts.add(part)
    return texts


def _secrets_in(value: object) -> Iterator[SecretStr]:
    if isinstance(value, SecretStr):
        yield value
    elif isinstance(value, BaseModel):
        for _, inner in value:
            yield from _secrets_in(inner)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _secrets_in(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _secrets_in(inner)


def _password_in(secret: str) -> tuple[str, ...]:
    """The password of a URL, as it is written there and as it is meant."""
    try:
        password = urlsplit(secret).password
    except ValueError:
        return ()
    return (password, unquote(password)) if password else ()
