"""One build at a time; a dead holder does not block the next one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.lock import BuildLockedError, hold_build_lock

_HOLDER = """
import sys, time
from pathlib import Path
from orchestration.lock import hold_build_lock
with hold_build_lock(Path(sys.argv[1]), {"build": "first"}):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_build_is_told_who_holds_the_lock_and_a_killed_holder_frees_it(tmp_path: Path) -> None:
    lock = tmp_path / "build.lock"
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, str(lock)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(BuildLockedError, match=rf'"pid": "{holder.pid}", "build": "first"'),
            hold_build_lock(lock, {"build": "second"}),
        ):
            pass
    finally:
        holder.kill()
        holder.wait()
    with hold_build_lock(lock, {"build": "third"}):
        assert '"build": "third"' in lock.read_text()
    assert lock.read_text() == ""
