"""The survey tool's HTTP service: JSON in pages, behind a token, rate-limited, now and then failing, as real ones do.

Runs as a process of its own (`python survey_service.py CONFIG`), on the standard library alone. CONFIG is a JSON file:
port, store, client_id, client_secret.

    POST /oauth/token                          client credentials → a token for TOKEN_SECONDS
    GET  /v1/invitations?since&offset&limit    {"total": …, "items": […]}
    GET  /v1/answers?since&cursor&limit        {"data": {"answers": […]}, "paging": {"next": …}}
    GET  /v1/reviews?since&limit               {"reviews": […], "next": URL or null}
    POST /v1/KIND                              takes a list of records
    GET  /status                               how the data requests were answered, by what happened

Every record has `updatedAt`, when the tool received it; `since` asks for those received from then on. Which data
requests fail depends on their count alone: an error, a response that breaks off half way. More than RATE requests a
second are answered 429 with Retry-After.
"""

from __future__ import annotations

import base64
import json
import secrets
import sqlite3
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

KINDS = ("invitations", "answers", "reviews")
TOKEN_SECONDS = 60
LARGEST_PAGE = 100
DEFAULT_PAGE = 50
RATE = 5
BURST = 5
FAILS_EVERY = 7
BREAKS_OFF_EVERY = 11

Records = list[dict[str, Any]]


class Store:
    """The records of the survey tool, in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(self._connect()) as con, con:
            con.execute(
                "create table if not exists record "
                "(seq integer primary key, kind text not null, updated_at text not null, body text not null)"
            )
            con.execute("create index if not exists record_by_time on record (kind, updated_at, seq)")

    def add(self, kind: str, records: Records) -> None:
        """Take records; each says in `updatedAt` when it was received."""
        rows = [(kind, utc_text(record["updatedAt"]), json.dumps(record, ensure_ascii=False)) for record in records]
        with closing(self._connect()) as con, con:
            con.executemany("insert into record (kind, updated_at, body) values (?, ?, ?)", rows)

    def count(self, kind: str, since: str) -> int:
        """Count the records received from `since` on."""
        with closing(self._connect()) as con:
            found = con.execute("select count(*) from record where kind = ? and updated_at >= ?", (kind, since))
            return int(found.fetchone()[0])

    def page(self, kind: str, since: str, offset: int, limit: int) -> Records:
        """Read records received from `since` on, oldest first."""
        with closing(self._connect()) as con:
            rows = con.execute(
                "select body from record where kind = ? and updated_at >= ? order by updated_at, seq limit ? offset ?",
                (kind, since, limit, offset),
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)


class Service(ThreadingHTTPServer):
    """The service: its store, its tokens, its allowance of requests, and its count of what happened."""

    daemon_threads = True

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", config["port"]), _Handler)
        self.store = Store(Path(config["store"]))
        self.client = (str(config["client_id"]), str(config["client_secret"]))
        self.url = f"http://127.0.0.1:{config['port']}"
        self.happened: Counter[str] = Counter()
        self._tokens: dict[str, float] = {}
        self._allowance, self._allowed_at = float(BURST), time.monotonic()
        self._asked = 0
        self._lock = threading.Lock()

    def new_token(self) -> str:
        """Issue a token."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = time.monotonic() + TOKEN_SECONDS
        return token

    def knows(self, token: str) -> bool:
        """Whether `token` was issued and has not expired."""
        with self._lock:
            return self._tokens.get(token, 0.0) > time.monotonic()

    def fate(self) -> str:
        """Decide what happens to the next data request: throttled, failed, broken_off or answered."""
        with self._lock:
            now = time.monotonic()
            self._allowance = min(BURST, self._allowance + (now - self._allowed_at) * RATE)
            self._allowed_at = now
            if self._allowance < 1:
                return "throttled"
            self._allowance -= 1
            self._asked += 1
            if self._asked % FAILS_EVERY == 0:
                return "failed"
            return "broken_off" if self._asked % BREAKS_OFF_EVERY == 0 else "answered"

    def note(self, what: str) -> None:
        """Count something that happened."""
        with self._lock:
            self.happened[what] += 1


class _Handler(BaseHTTPRequestHandler):
    server: Service
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if url.path == "/status":
            self._answer(200, dict(self.server.happened))
            return
        kind = url.path.removeprefix("/v1/")
        if not self._may_go_on(kind):
            return
        try:
            body = self._page(kind, asked)
        except ValueError as error:
            self._answer(400, {"error": str(error)})
            return
        fate = self.server.fate()
        self.server.note(fate)
        if fate == "throttled":
            self._answer(429, {"error": "too many requests"}, {"Retry-After": "1"})
        elif fate == "failed":
            self._answer(500, {"error": "internal error"})
        else:
            self._answer(200, body, breaks_off=fate == "broken_off")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/oauth/token":
            self._token({name: values[-1] for name, values in parse_qs(body).items()})
            return
        kind = self.path.removeprefix("/v1/")
        if self._may_go_on(kind):
            records = json.loads(body)
            self.server.store.add(kind, records)
            self._answer(201, {"taken": len(records)})

    def log_message(self, format: str, *args: object) -> None:
        sys.stderr.write(f"{self.log_date_time_string()} {format % args}\n")

    def _token(self, form: dict[str, str]) -> None:
        client = (form.get("client_id", ""), form.get("client_secret", ""))
        scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            user, _, password = base64.b64decode(encoded).decode().partition(":")
            client = (user, password)
        if form.get("grant_type") != "client_credentials" or client != self.server.client:
            self._answer(401, {"error": "invalid_client"})
            return
        self.server.note("token")
        token = {"access_token": self.server.new_token(), "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        self._answer(200, token)

    def _may_go_on(self, kind: str) -> bool:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not self.server.knows(token):
            self._answer(401, {"error": "the token is missing, unknown or expired"})
        elif kind not in KINDS:
            self._answer(404, {"error": f"there is no {self.path}"})
        else:
            return True
        return False

    def _page(self, kind: str, asked: dict[str, str]) -> dict[str, Any]:
        since = utc_text(asked["since"]) if "since" in asked else ""
        limit = min(int(asked.get("limit", DEFAULT_PAGE)), LARGEST_PAGE)
        offset = int(asked.get("cursor") or asked.get("offset") or 0)
        store = self.server.store
        records, total = store.page(kind, since, offset, limit), store.count(kind, since)
        following = offset + limit if offset + limit < total else None
        if kind == "invitations":
            return {"total": total, "items": records}
        if kind == "answers":
            return {"data": {"answers": records}, "paging": {"next": None if following is None else str(following)}}
        query = urlencode({**asked, "offset": following})
        return {"reviews": records, "next": None if following is None else f"{self.server.url}/v1/{kind}?{query}"}

    def _answer(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None, *, breaks_off: bool = False
    ) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if breaks_off:
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        else:
            self.wfile.write(content)


def utc_text(text: str) -> str:
    """An ISO instant with offset as UTC text, which sorts as it passes; ValueError names what is none."""
    try:
        # In a query an unescaped + reads as a space.
        instant = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValueError(f"expected an ISO instant with offset, found {text!r}")
    return instant.astimezone(UTC).isoformat(timespec="seconds")


if __name__ == "__main__":
    Service(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))).serve_forever()
