"""Asking a statement of a visitor's own: in a process that is ended when its time is up, a few at once."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

MOST_ROWS: Final = 10_000
MOST_SECONDS: Final = 30
_MOST_BYTES: Final = 64 * 1024 * 1024
_ROOT: Final = Path(__file__).resolve().parents[2]
# A machine of two cores answers two well, and a third visitor's page must not wait for long ones.
_PLACES: Final = threading.BoundedSemaphore(2)
_PATIENCE: Final = 5.0
# The process needs nothing that the environment says, and least of all its secrets.
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Answer:
    """The first rows of a statement; `is_cut`: there are more than were read."""

    rows: pd.DataFrame
    seconds: float
    is_cut: bool


class DeskError(RuntimeError):
    """No answer. `reason`: empty, several, not_reading, too_long, busy, died, or error with DuckDB's own words."""

    def __init__(self, reason: str, words: str = "") -> None:
        super().__init__(reason if not words else f"{reason}: {words}")
        self.reason = reason
        self.words = words


def ask(path: str, sql: str, *, most_rows: int = MOST_ROWS, most_seconds: float = MOST_SECONDS) -> Answer:
    """The rows of `sql` on the published version in `path`. DeskError where there is no answer.

    The file is read-only, nothing outside of it can be reached, and whatever the statement needs is gone when it ends.
    """
    question = {
        "path": path,
        "sql": sql,
        "most_rows": most_rows,
        "most_bytes": _MOST_BYTES,
        # Should this process die, nobody is left to end the other one by the clock.
        "most_cpu_seconds": math.ceil(4 * most_seconds),
    }
    if not _PLACES.acquire(timeout=_PATIENCE):
        raise DeskError("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.desk.process"],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=most_seconds,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DeskError("too_long") from None
    finally:
        _PLACES.release()
    return _answer(done.stdout)


def _answer(output: bytes) -> Answer:
    head, _, rest = output.partition(b"\n")
    if not head:
        raise DeskError("died")
    said = json.loads(head)
    if "refused" in said:
        raise DeskError(said["refused"])
    if "error" in said:
        raise DeskError("error", said["error"])
    with pa.ipc.open_stream(rest) as stream:
        rows = stream.read_all().to_pandas()
    return Answer(rows, said["seconds"], said["is_cut"])
