"""End a build at a moment of its life that the test recognises from outside."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from tests.company import Company
from tests.faults.companies import log_of


def kill_build_when(company: Company, is_time: Callable[[], bool]) -> None:
    """Start a build, and SIGKILL it (not its children) as soon as `is_time`."""
    build = _start_and_wait(company, is_time)
    build.kill()
    build.wait()


def stop_build_when(company: Company, is_time: Callable[[], bool]) -> int:
    """Start a build, ask it to end (SIGTERM) as soon as `is_time`, and return its exit code."""
    build = _start_and_wait(company, is_time)
    build.terminate()
    return build.wait(timeout=60)


def _start_and_wait(company: Company, is_time: Callable[[], bool]) -> subprocess.Popen[str]:
    build = company.start("build", "--force")
    deadline = time.monotonic() + 300
    while not is_time():
        assert build.poll() is None, f"the build ended before it could be killed:\n{log_of(company)}"
        assert time.monotonic() < deadline, f"the moment to kill never came:\n{log_of(company)}"
        time.sleep(0.001)
    return build
