"""Runs the survey tool's HTTP service as a throw-away process, filled from the sample company's survey drops."""

from __future__ import annotations

import json
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from orchestration.sample.clock import ZONE
from orchestration.sample.live import survey_service
from orchestration.sample.live.survey_service import KINDS, Records, Store
from orchestration.sample.server_process import Server, file_for, free_port, running, server_home

CLIENT_ID = "aftersales"


@dataclass(frozen=True)
class SurveyServer:
    """The running service, and the secret of the client that may ask it. `loaded`: records by kind at the start."""

    server: Server
    secret: str = field(repr=False)
    loaded: dict[str, int]
    _store: Path = field(repr=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.server.url

    def add(self, kind: str, records: Records) -> None:
        """Send it records, as its own questionnaire pages would."""
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": self.secret}
        token = self._ask("POST", "/oauth/token", urlencode(form), "application/x-www-form-urlencoded")["access_token"]
        self._ask("POST", f"/v1/{kind}", json.dumps(records), "application/json", token)

    def count(self, kind: str, since: str | None = None) -> int:
        """Count the records that it received, from `since` (an ISO instant with offset) on."""
        return Store(self._store).count(kind, survey_service.utc_text(since) if since else "")

    def happened(self) -> dict[str, int]:
        """How it answered the data requests since it was started: answered, throttled, failed, broken_off; tokens."""
        return {name: int(count) for name, count in self._ask("GET", "/status").items()}

    def _ask(self, method: str, path: str, body: str = "", content: str = "", token: str = "") -> dict[str, Any]:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            headers = {"Content-Type": content} | ({"Authorization": f"Bearer {token}"} if token else {})
            connection.request(method, path, body.encode(), headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if response.status >= 400:
            raise RuntimeError(f"the survey service answered {method} {path} with {response.status}: {text[:500]}")
        answer: dict[str, Any] = json.loads(text)
        return answer


@contextmanager
def survey_server(folder: Path, sources: Path) -> Iterator[SurveyServer]:
    """Run the survey service with the records of the drops in `sources`; its log is written to `folder`."""
    with server_home("surveys", folder, {}) as (home, guard, log):
        port, secret, store = free_port(), secrets.token_hex(16), home / "surveys.sqlite"
        loaded = _fill(store, sources)
        known = {"port": port, "store": str(store), "client_id": CLIENT_ID, "client_secret": secret}
        config = file_for(home / "config.json", json.dumps(known), {})
        server = Server(
            kind="The survey service",
            url=f"http://127.0.0.1:{port}",
            port=port,
            log=log,
            _command=[sys.executable, "-I", survey_service.__file__, str(config)],
            _home=home,
            _account={},
            _stop_signal=signal.SIGTERM,
            _answers=lambda: _is_up(port),
            _guard=guard,
        )
        with running(server):
            yield SurveyServer(server, secret, loaded, store)


def _is_up(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    with suppress(OSError, HTTPException):
        connection.request("GET", "/status")
        return connection.getresponse().status == 200
    return False


def _fill(path: Path, sources: Path) -> dict[str, int]:
    """Put the delivered records into the store; each was received when it happened, or with the month of its file."""
    store, loaded = Store(path), dict.fromkeys(KINDS, 0)
    files = [(kind, file) for kind in ("invitations", "answers") for file in sorted(sources.glob(f"surveys/{kind}_*"))]
    for kind, file in [*files, ("reviews", sources / "reviews.ndjson")]:
        records: Records = []
        for line in file.read_text(encoding="utf-8").splitlines():
            # What broke in the transfer of a file was never broken in the tool.
            with suppress(json.JSONDecodeError):
                records.append(json.loads(line))
        month = file.stem.partition("_")[2]
        begins = datetime.fromisoformat(f"{month}-01").replace(tzinfo=ZONE) if month else None
        for record in records:
            record["updatedAt"] = _received(record, begins)
        store.add(kind, records)
        loaded[kind] += len(records)
    return loaded


def _received(record: dict[str, Any], file_begins: datetime | None) -> str:
    times = [] if file_begins is None else [file_begins]
    for name in ("sentAt", "answeredAt", "publishedAt"):
        with suppress(KeyError, ValueError):
            times.append(datetime.fromisoformat(record[name]))
    # Only reviews come without the month of a file, and one of them with a date that is none.
    return max(times, default=datetime(2024, 7, 1, tzinfo=ZONE)).isoformat()
