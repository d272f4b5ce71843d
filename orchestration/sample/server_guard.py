"""Ends a throw-away server and removes its files when the process that started it is gone, however it went.

Runs as a process of its own (`python server_guard.py FOLDER`). Its standard input says, line by line, which process id
the server has (0: none); the input's end means that the starter has finished or was killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

_PATIENCE_SECONDS = 10.0


def guard(folder: Path, announced: Iterable[str]) -> None:
    """Follow the announced process ids to their end, then end the last one and remove `folder`."""
    pid = 0
    for line in announced:
        pid = int(line)
    if pid:
        _end(pid)
    shutil.rmtree(folder, ignore_errors=True)


def _end(pid: int) -> None:
    # Both servers take SIGQUIT as "stop at once".
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGQUIT)
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            os.kill(pid, 0)
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    guard(Path(sys.argv[1]), sys.stdin)
