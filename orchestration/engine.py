"""Opens DuckDB: how much of the machine it may take, and where it puts what does not fit into memory."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import psutil


@dataclass(frozen=True)
class EngineLimits:
    """memory: the most that one instance holds, as DuckDB writes it. spill_dir: the folder for the rest, on a disk with
    room."""

    memory: str
    threads: int
    spill_dir: Path

    def as_variables(self) -> dict[str, str]:
        """The limits for another process of the same build, which reads its environment as settings are read."""
        return {"AFTERSALES_MEMORY": self.memory, "AFTERSALES_THREADS": str(self.threads)}


# Of the process, as its memory is: all modules that open DuckDB share them.
_limits: EngineLimits | None = None
_spills = count()


def limit_engine(limits: EngineLimits) -> None:
    """Let every connection that is opened from now on keep to `limits`. Without it, DuckDB's own defaults hold."""
    global _limits  # noqa: PLW0603 - see above
    _limits = limits


def engine_config(path: Path | None = None) -> dict[str, str | bool | int | float | list[str]]:
    """The settings for opening `path`, or a database in memory."""
    if _limits is None:
        return {}
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _limits.memory,
        "threads": _limits.threads,
    }
    if path is None:
        # Beside a file DuckDB makes a folder by the file's name; in memory there is no name, and two would share one.
        _limits.spill_dir.mkdir(parents=True, exist_ok=True)
        config["temp_directory"] = str(_limits.spill_dir / f"{os.getpid()}_{next(_spills)}")
    return config


def connect(path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the DuckDB file `path`, or a database in memory, within the limits of this process."""
    name = ":memory:" if path is None else str(path)
    return duckdb.connect(name, read_only=read_only, config=engine_config(path))


def clear_spills(folder: Path) -> None:
    """Remove from a spill folder what processes left that were killed."""
    for left in folder.glob("*_*"):
        if not psutil.pid_exists(int(left.name.partition("_")[0])):
            shutil.rmtree(left, ignore_errors=True)
