"""A real JSON service over HTTP for the tests: it pages in every way, wants to know who asks, and fails on request."""

from __future__ import annotations

import gzip
import json
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request that the service saw."""

    method: str
    path: str
    params: dict[str, str]
    headers: Mapping[str, str]
    body: dict[str, str]
    at: float


# Answers a request in place of the service.
Fault = Callable[["Handler"], None]


@dataclass
class HttpService:
    """Serves `records` below /api. `paging` is a kind of pagination, `bare` leaves out what stands around the list.

    `faults` answer the next requests in its place, one each; `always` every one. `knows` says whether it is told who
    asks. Records that are text are served as they are.
    """

    records: dict[str, list[Any]] = field(default_factory=dict)
    paging: str = "none"
    size: int = 2
    bare: bool = False
    zipped: bool = False
    faults: deque[Fault] = field(default_factory=deque)
    always: Fault | None = None
    knows: Callable[[Asked], bool] = lambda _: True
    tokens: list[str] = field(default_factory=list)
    token_answer: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    root: str = ""

    @property
    def url(self) -> str:
        return f"{self.root}/api"

    def params(self) -> list[dict[str, str]]:
        """The parameters of all requests for records."""
        return [each.params for each in self.asked if each.path.startswith("/api")]

    def reset(self) -> None:
        """Become a new service at the same address."""
        self.__init__(root=self.root)  # type: ignore[misc]


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    # Answers are written in several pieces: without this the client's delayed acknowledgement costs 40 ms each.
    disable_nagle_algorithm = True
    service: HttpService
    asked: Asked

    def do_GET(self) -> None:
        self._see()
        fault = self.service.faults.popleft() if self.service.faults else self.service.always
        if fault:
            fault(self)
        elif not self.service.knows(self.asked):
            self.answer(401, '{"error": "who are you?"}')
        else:
            self._records()

    def do_POST(self) -> None:
        self._see()
        if self.service.faults:
            self.service.faults.popleft()(self)
            return
        token = f"token{len(self.service.tokens) + 1}"
        self.service.tokens.append(token)
        self.answer(200, json.dumps({"access_token": token, "token_type": "Bearer", **self.service.token_answer}))

    def _see(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = dict(parse_qsl(self.rfile.read(length).decode()))
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.asked = Asked(self.command, parts.path, params, self.headers, body, time.monotonic())
        self.service.asked.append(self.asked)

    def answer(self, status: int, body: str | bytes, **headers: str) -> None:
        """Send an answer; `headers` are written with _ for -."""
        content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        fields = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _records(self) -> None:
        service, params = self.service, self.asked.params
        collection = self.asked.path.removeprefix("/api/")
        if collection not in service.records:
            self.answer(404, '{"error": "no such collection"}')
            return
        rows = [row for row in service.records[collection] if _is_asked(row, params)]
        rest = {name: value for name, value in params.items() if name in {"since", "until"}}
        around: dict[str, Any] = {"total": len(rows), "pages": -(-len(rows) // service.size)}
        headers = {}
        first, last = 0, len(rows)
        if service.paging != "none":
            first, last = self._limits(service, params)
        following = str(last) if last < len(rows) else None
        if service.paging == "cursor":
            around["meta"] = {"next": following}
        elif following and service.paging in {"next_url", "link_header"}:
            target = f"{service.url}/{collection}?{urlencode({**rest, 'from': following})}"
            if service.paging == "next_url":
                around["next"] = target
            else:
                headers["Link"] = f'<{service.url}/{collection}>; rel="first", <{target}>; rel="next"'
        listed = f"[{','.join(row if isinstance(row, str) else json.dumps(row) for row in rows[first:last])}]"
        body = listed if service.bare else f'{{"data":{{"items":{listed}}},{json.dumps(around)[1:]}'
        if service.zipped:
            self.answer(200, gzip.compress(body.encode()), Content_Encoding="gzip", **headers)
        else:
            self.answer(200, body, **headers)

    @staticmethod
    def _limits(service: HttpService, params: dict[str, str]) -> tuple[int, int]:
        if service.paging == "page":
            size = min(int(params.get("size", service.size)), service.size)
            first = (int(params["page"]) - 1) * size
            return first, first + size
        if service.paging == "offset":
            return int(params["offset"]), int(params["offset"]) + min(int(params["limit"]), service.size)
        first = int(params.get("cursor", params.get("from", 0)))
        return first, first + service.size

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def _is_asked(row: Any, params: dict[str, str]) -> bool:
    if "since" not in params and "until" not in params:
        return True
    changed = str(row["changed"])
    return params.get("since", "") <= changed and ("until" not in params or changed < params["until"])


def answers(status: int, body: str | bytes = "", **headers: str) -> Fault:
    """Answer with `status`, `body` and `headers`."""
    return lambda handler: handler.answer(status, body, **headers)


def breaks_off(body: str, declared: int) -> Fault:
    """Send `body` of `declared` bytes, and close the connection."""

    def fault(handler: Handler) -> None:
        handler.answer(200, body, Content_Length=str(declared), Connection="close")
        handler.close_connection = True

    return fault


def closes(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def keeps_silent(seconds: float) -> Fault:
    """Say nothing for so long, and close the connection."""

    def fault(handler: Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return fault


@contextmanager
def serve(tls: ssl.SSLContext | None = None) -> Iterator[HttpService]:
    """Run a service on a free port of this machine."""
    service = HttpService()
    handler = type("ServiceHandler", (Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        service.root = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield service
        server.shutdown()
