"""dbt processes that outlive their killed parent: they hold the landed feeds open, so the next build ends them."""

from __future__ import annotations

from pathlib import Path

import psutil

_GRACE_SECONDS = 10


def end_orphans(builds_dir: Path) -> list[int]:
    """End every process that was started for a build below `builds_dir`; return their process ids.

    Such a process is known by the build file in its environment. Call it only while holding the build lock: then no
    build of this company runs, and what is left is an orphan.
    """
    marker = str(builds_dir.resolve()) + "/"
    orphans = [process for process in psutil.process_iter() if _serves(process, marker)]
    for process in orphans:
        process.terminate()
    _, alive = psutil.wait_procs(orphans, timeout=_GRACE_SECONDS)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=_GRACE_SECONDS)
    return [process.pid for process in orphans]


def _serves(process: psutil.Process, marker: str) -> bool:
    try:
        return process.environ().get("AFTERSALES_BUILD_FILE", "").startswith(marker)
    except psutil.Error:
        return False  # another user's process, or one that has just ended
