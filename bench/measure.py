"""Runs a piece of work in a process of its own and measures it: wall time, processor time, peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measured:
    """What one run took; `said` is the JSON that it printed last, without the peak that it told of itself."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float
    said: dict[str, int]


def measure(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Run `python -m MODULE ARGUMENTS` and measure the process, its start and imports included.

    RuntimeError with what it printed if it fails.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None  # it is a pipe
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} exited {process.returncode}: {printed}")
    said = json.loads(printed.splitlines()[-1])
    peak = said.pop("peak_kilobytes")
    return Measured(wall, usage.ru_utime + usage.ru_stime, peak / 1024, said)


def peak_kilobytes() -> int:
    """Return this process's highest resident memory so far.

    Linux counts it from the program's start; what the system tells of an ended child includes its parent's memory.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])
