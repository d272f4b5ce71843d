"""The structured log of a build: data/<profile>/logs/<build_id>.jsonl, one JSON object per line.

Each line has at (UTC, ms), level, build_id, step, event (a name that does not change), message and fields (numbers
and names). A line is on disk when its call returns, so the log of a killed build ends where it died.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.extract.secret_texts import SecretTexts

LOGGER = "aftersales"
ENDED = "build_ended"
# What a message is that says no event of its own: the progress of a feed, for instance.
_PLAIN = "said"
_TAIL_BYTES = 65536


def said(event: str, **fields: object) -> dict[str, object]:
    """What a log call hands on as `extra`: the event's name, and what the message says as fields."""
    return {"event": event, "fields": fields}


@dataclass(frozen=True)
class DeadBuild:
    """A build whose log does not end as that of a build that could end: its last line says when and where."""

    build_id: str
    last_at: str
    step: str | None


class BuildLog(logging.Handler):
    """Writes records as lines of JSON; `step` is what runs now. What is written has no secret."""

    def __init__(self, path: Path, build_id: str, secrets: SecretTexts) -> None:
        super().__init__(logging.INFO)
        self.path = path
        self.step: str | None = None
        self._build_id = build_id
        self._secrets = secrets
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._is_cut = False

    def note(self, event: str, message: str, /, *, level: int = logging.INFO, **fields: object) -> None:
        """Write a line that is for machines only: the console does not show it."""
        record = logging.LogRecord(LOGGER, level, __file__, 0, message, (), None)
        record.event, record.fields = event, fields
        self.handle(record)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; what cannot be written stops nobody: a full disk is told once, the rest as logging tells it."""
        if self._is_cut:
            return
        try:
            self._file.write(self.format(record) + "\n")
        except OSError as error:
            self._is_cut = True
            logging.getLogger(LOGGER).warning("the log of this build ends here, %s: %s", self.path, error)
        except Exception:
            self.handleError(record)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "build_id": self._build_id,
            "step": self.step,
            "event": getattr(record, "event", _PLAIN),
            # What follows the first line are details, which may quote rows: meta.gates has them.
            "message": self._secrets.hide(record.getMessage().partition("\n")[0]),
            "fields": {name: self._shown(value) for name, value in getattr(record, "fields", {}).items()},
        }
        return json.dumps(line, ensure_ascii=False)

    def close(self) -> None:
        """Close the file."""
        # What a full disk did not take would be tried again.
        with suppress(OSError):
            self._file.close()
        super().close()

    def _shown(self, value: object) -> object:
        if isinstance(value, float):
            return round(value, 3)
        if value is None or isinstance(value, int):
            return value
        if isinstance(value, list | tuple):
            return [self._shown(each) for each in value]
        return self._secrets.hide(value.isoformat() if isinstance(value, datetime) else str(value))


@contextmanager
def write_build_log(folder: Path, build_id: str, secrets: SecretTexts, *, keep: int) -> Iterator[BuildLog]:
    """Write what the logger says into the build's own file; the newest `keep` files stay, this one included.

    Call it while holding the build lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in _logs(folder)[: -keep + 1 or None]:
        old.unlink()
    handler = BuildLog(folder / f"{build_id}.jsonl", build_id, secrets)
    logger = logging.getLogger(LOGGER)
    level = logger.level
    # First of all: Dagster's handler rewrites the message of a record that it has seen.
    logger.handlers.insert(0, handler)
    # Only the command line sets a level; a run that Dagster's daemon starts says as much.
    logger.setLevel(min(logging.INFO, logger.getEffectiveLevel()))
    try:
        yield handler
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
        handler.close()


def find_dead_build(folder: Path) -> DeadBuild | None:
    """Find out whether the newest build of `folder` was killed. Call it while holding the lock, before a new log."""
    logs = _logs(folder)
    if not logs:
        return None
    last: dict[str, str] = {}
    for line in _tail(logs[-1]):
        try:
            last = json.loads(line)
        except ValueError:
            continue  # cut by the kill
    if last.get("event") == ENDED:
        return None
    return DeadBuild(logs[-1].stem, last.get("at", "its start"), last.get("step"))


def _logs(folder: Path) -> list[Path]:
    """The logs, oldest first: a build id begins with its instant."""
    return sorted(folder.glob("*.jsonl"))


def _tail(path: Path) -> list[str]:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return file.read().decode("utf-8", "replace").splitlines()
