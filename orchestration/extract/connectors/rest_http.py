"""Asks an HTTP service gently: at its pace, again where a failure may pass, and never another host than its own.

Retries, Retry-After and timeouts are dlt's and tenacity's; this adds that waits are told and spread, that an answer is
read to its end before it counts, and that no request (a next page, a redirect) leaves the service's origin.
"""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable
from email.message import Message
from functools import cached_property
from http.client import responses as status_names
from typing import Any
from urllib.parse import urlsplit

from dlt.sources.helpers.requests.retry import DEFAULT_RETRY_STATUS, retry_if_status, wait_exponential_retry_after
from dlt.sources.helpers.requests.session import Session
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import (
    ChunkedEncodingError,
    ContentDecodingError,
    RequestException,
    Timeout,
)
from requests.exceptions import ConnectionError as ConnectionFailure
from tenacity import RetryCallState, Retrying, retry_any, retry_if_exception, stop_after_attempt, wait_random

from orchestration.extract.connectors.rest_json import Json, parse
from orchestration.extract.connectors.rest_secrets import Secrets
from orchestration.extract.errors import SourceError, TransientError
from orchestration.extract.source_models import RestSource

# A larger answer is refused: its pages should be smaller, or it never ends.
MAX_BODY_BYTES = 1 << 29
_CHUNK_BYTES = 1 << 20
_QUOTED_CHARACTERS = 300
# Searched for secrets before it is cut to what is quoted.
_LOOKED_AT_BYTES = 100_000

_RETRIED_STATUS = (408, *DEFAULT_RETRY_STATUS)
_MAY_PASS = (ConnectionFailure, Timeout, ChunkedEncodingError, ContentDecodingError)
_ADVICE = {
    400: "it does not understand the request: check `endpoint`, `params` and `cursor`",
    401: "it does not know us: check `auth` of the source",
    403: "we may not read this: check `auth` of the source, and what it is allowed to read",
    404: "there is nothing: check `url` of the source and `endpoint`",
}


class Answer(Response):
    """A response that was read to its end; its errors name the request and quote what came."""

    secrets: Secrets

    def read(self) -> None:
        """Read the body; SourceError where it is too large, an exception of requests where it breaks off."""
        chunks, size = [], 0
        for chunk in self.iter_content(_CHUNK_BYTES):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_BODY_BYTES:
                self.close()
                raise SourceError(f"{self.name} is larger than {MAX_BODY_BYTES:,} bytes; ask for smaller pages")
        self._content = b"".join(chunks)

    def forget(self) -> None:
        """Free the memory of the body; what the answer is called stays."""
        self._content = b""
        self.__dict__.pop("_parsed", None)

    @property
    def name(self) -> str:
        """The request and its status, without secrets."""
        reason = status_names.get(self.status_code, "")
        return f"{name_of(self.request, self.secrets)} (status {self.status_code} {reason})".replace(" )", ")")

    @property
    def quoted(self) -> str:
        """The beginning of the body, without secrets."""
        text = self.secrets.hide(self.content[:_LOOKED_AT_BYTES].decode(self._charset or "utf-8", "replace"))
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
        cut = line if len(line) <= _QUOTED_CHARACTERS else f"{line[:_QUOTED_CHARACTERS]}…"
        return f"It said: {cut}" if cut else "It said nothing"

    def json(self, **_: object) -> Json:
        """Return the body with its numbers as they were written; SourceError where it is no JSON."""
        return self._parsed

    @cached_property
    def _parsed(self) -> Json:
        try:
            return parse(self.content, self._charset)
        except ValueError as error:
            problem = f"the answer to {self.name} is not JSON ({error}), but {self._type}"
            # What began well was cut short, or written by a service in trouble: that may pass.
            kind = TransientError if self.content.lstrip()[:1] in {b"{", b"["} else SourceError
            raise kind(f"{problem}; check `url` of the source and `endpoint`. {self.quoted}") from None

    @property
    def _type(self) -> str:
        return f"{len(self.content):,} bytes of {self.headers.get('Content-Type', 'no type')}"

    @property
    def _charset(self) -> str | None:
        """The encoding that the answer declares, where there is one of that name."""
        header = Message()
        header["Content-Type"] = self.headers.get("Content-Type", "")
        charset = header.get_content_charset()
        try:
            return codecs.lookup(charset).name if charset else None
        except LookupError:
            return None


def name_of(request: PreparedRequest, secrets: Secrets) -> str:
    """Name `request` by its method and its URL, without secrets."""
    return f"{request.method} {secrets.hide_url(str(request.url))}"


def check_status(response: Response, *_: object, **__: object) -> None:
    """Raise SourceError for an answer that is neither what was asked for nor a redirect to it."""
    assert isinstance(response, Answer)  # the only kind that our adapter gives
    if response.status_code == 200 or response.is_redirect:
        return
    advice = _ADVICE.get(response.status_code, "check `url` of the source, `endpoint` and `params`")
    raise SourceError(f"{response.name} was refused; {advice}. {response.quoted}")


def open_session(source: RestSource, url: str, secrets: Secrets, progress: Callable[[str], None]) -> Session:
    """Make a session that asks nothing but the origin of `url`, as gently as `source` says; `progress` tells waits."""
    session = Session(timeout=source.timeout_seconds, raise_for_status=False)
    adapter = _Adapter(source, url, secrets, progress)
    session.hooks = {"response": [check_status]}
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of `url`; ValueError where it has none."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    if not parts.hostname or port is None:
        raise ValueError(f"{url!r} is not an http or https URL")
    return parts.scheme, parts.hostname, port


class _Adapter(HTTPAdapter):
    """Sends each request, those of redirects too, until it is answered or was tried often enough."""

    def __init__(self, source: RestSource, url: str, secrets: Secrets, progress: Callable[[str], None]) -> None:
        super().__init__()
        self._source = source
        self._origin = origin(url)
        self._secrets = secrets
        self._progress = progress
        self._next_at = 0.0

    def build_response(self, req: PreparedRequest, resp: object) -> Answer:
        """Make an Answer of what the library received."""
        answer = Answer()
        answer.__dict__.update(super().build_response(req, resp).__dict__)
        answer.secrets = self._secrets
        return answer

    def send(self, request: PreparedRequest, *arguments: Any, **named: Any) -> Answer:  # noqa: ANN401 - handed on
        """Send `request` and read its answer; SourceError says why there is none."""
        name = name_of(request, self._secrets)
        if origin(str(request.url)) != self._origin:
            scheme, host, port = self._origin
            raise SourceError(
                f"a next page or a redirect leads to {self._secrets.hide_url(str(request.url))}, away from "
                f"{scheme}://{host}:{port}; the credentials must not travel there. Correct `url` of the source"
            )

        for header, value in request.headers.items():
            if not _is_sendable(value):
                raise SourceError(
                    f"the header {header} holds a line break or letters that no header may hold; check `auth` and "
                    "`headers` of the source"
                )

        def ask() -> Answer:
            self._keep_pace()
            answer = super(_Adapter, self).send(request, *arguments, **named)
            assert isinstance(answer, Answer)  # made by build_response
            answer.read()
            return answer

        source = self._source
        retrying = Retrying(
            retry=retry_any(retry_if_status(_RETRIED_STATUS), retry_if_exception(_may_pass)),
            # Spread, so that many readers do not come back at the same moment.
            wait=wait_exponential_retry_after(multiplier=source.wait_seconds, max=source.max_wait_seconds)
            + wait_random(0, source.wait_seconds),
            stop=stop_after_attempt(source.request_attempts),
            before_sleep=lambda state: self._before_wait(name, state),
            retry_error_callback=lambda state: self._give_up(name, state),
        )
        try:
            return retrying(ask)
        except RequestException as error:
            raise SourceError(f"{name} failed: {self._cause(error)}") from None

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._next_at:
            time.sleep(self._next_at - now)
        if self._source.requests_per_second:
            self._next_at = max(now, self._next_at) + 1 / self._source.requests_per_second

    def _before_wait(self, name: str, state: RetryCallState) -> None:
        assert state.next_action is not None  # tenacity waits before its next action
        seconds, limit = state.next_action.sleep, self._source.max_wait_seconds
        problem = self._problem(state)
        answer = _answer(state)
        asked = answer.headers.get("Retry-After") if answer is not None else None
        if asked and seconds >= limit:
            raise TransientError(
                f"{name} {problem}, and asks to wait (Retry-After: {asked}) longer than max_wait_seconds, {limit:g}"
            )
        tries = f"attempt {state.attempt_number} of {self._source.request_attempts}"
        self._progress(f"{name} {problem} ({tries}); waiting {seconds:.1f} s")

    def _give_up(self, name: str, state: RetryCallState) -> Answer:
        answer = _answer(state)
        quoted = f". {answer.quoted}" if answer is not None else ""
        raise TransientError(f"{name} {self._problem(state)}, {state.attempt_number} times in a row{quoted}") from None

    def _problem(self, state: RetryCallState) -> str:
        answer = _answer(state)
        if answer is not None:
            return f"answered {answer.status_code} {status_names.get(answer.status_code, '')}".rstrip()
        assert state.outcome is not None  # tenacity asks after an attempt
        return f"failed ({self._cause(state.outcome.exception())})"

    def _cause(self, error: BaseException | None) -> str:
        if isinstance(error, Timeout):
            return f"no answer within {self._source.timeout_seconds:g} s"
        # The library's message of a failed connection has the target; the cause inside has not.
        cause = error.args[0] if error and error.args else error
        return self._secrets.hide(f"{type(error).__name__}: {getattr(cause, 'reason', cause)}")


def _is_sendable(header: str | bytes) -> bool:
    text = header.decode("latin-1") if isinstance(header, bytes) else header
    return text.isprintable() and all(ord(letter) < 256 for letter in text)


def _answer(state: RetryCallState) -> Answer | None:
    assert state.outcome is not None  # tenacity asks after an attempt
    result = None if state.outcome.failed else state.outcome.result()
    return result if isinstance(result, Answer) else None


def _may_pass(error: BaseException) -> bool:
    # A certificate that is not trusted will not be the next time.
    return isinstance(error, _MAY_PASS) and "CERTIFICATE_VERIFY_FAILED" not in str(error)
