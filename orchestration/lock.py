"""One build at a time: a lock that says who holds it and that the system lets go when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BuildLockedError(RuntimeError):
    """Another build of the same company is running."""


@contextmanager
def hold_build_lock(path: Path, holder: dict[str, str]) -> Iterator[None]:
    """Hold the lock file `path` for the block, writing `holder` into it; BuildLockedError names the other holder.

    The kernel drops the lock with the process, however it ends, so a killed build never blocks the next one. Child
    processes do not inherit the descriptor.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise BuildLockedError(
                f"another build holds {path}: {file.read().strip() or 'no word of who'}. "
                "Wait until it ends, or stop that process; the lock then frees itself"
            ) from None
        file.truncate(0)
        file.write(json.dumps({"pid": str(os.getpid()), **holder}))
        file.flush()
        yield
        file.truncate(0)
