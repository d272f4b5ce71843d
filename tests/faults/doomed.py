"""`aftersales` in a process that meets its fate at a chosen point: it is killed there, or its build file is cut short.

    python -m tests.faults.doomed FATE POINT ARGUMENTS OF AFTERSALES…

FATE is kill, truncate (the build file, to half) or record: then POINT is a file to which every point is written, a line
each, and nothing happens. The command line, the job and the files are the real ones. Points are

    before STEP, after STEP     the step's start is about to be, its end has just been written to Dagster's log
    N OPERATION PATH            the N-th operation that changes what a folder of the company holds is about to happen
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagster import EventLogEntry

from orchestration.cli import main
from orchestration.event_storage import OpenEventLogStorage

_OPERATIONS = {"os.rename", "os.remove", "os.mkdir", "os.symlink", "os.truncate", "shutil.copyfile"}
# Of the ingest folder Python only makes and removes scratch; Dagster's own storage is not ours to be consistent with.
_WATCHED = ("published", "archive", "build")


def watch_steps(meet: Callable[[str], None]) -> None:
    """Call `meet` before each step's start is stored and after its end is."""
    store = OpenEventLogStorage.store_event

    def store_event(self: OpenEventLogStorage, event: EventLogEntry) -> None:
        kind = event.dagster_event.event_type_value if event.dagster_event else ""
        if kind == "STEP_START":
            meet(f"before {event.step_key}")
        store(self, event)
        if kind == "STEP_SUCCESS":
            meet(f"after {event.step_key}")

    OpenEventLogStorage.store_event = store_event


def watch_files(root: Path, meet: Callable[[str], None]) -> None:
    """Call `meet` before each operation on the folders of the company in `root`."""
    folders = tuple(f"{root / name}/" for name in _WATCHED)
    count = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event not in _OPERATIONS:
            return
        paths = [str(argument) for argument in arguments if str(argument).startswith(folders)]
        if paths:
            count += 1
            # A build's id and digests are new each time; the number tells which one is meant.
            meet(f"{count} {event} {Path(paths[0]).relative_to(root).parts[0]}")

    sys.addaudithook(hook)


def run(fate: str, point: str) -> None:
    """Set the process up to meet its fate, and run the command line."""
    data_dir = Path(os.environ["AFTERSALES_DATA_DIR"])
    root = data_dir / Path(os.environ["AFTERSALES_PROFILE"]).stem

    def meet(here: str) -> None:
        if fate == "record":
            with Path(point).open("a", encoding="utf-8") as file:
                file.write(f"{here}\n")
        elif here == point and fate == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif here == point and fate == "truncate":
            (file_,) = (root / "build").glob("*/build.duckdb")
            os.truncate(file_, file_.stat().st_size // 2)

    watch_steps(meet)
    watch_files(root, meet)
    main()


if __name__ == "__main__":
    _, fate_, point_, *arguments_ = sys.argv
    sys.argv = ["aftersales", *arguments_]
    run(fate_, point_)
