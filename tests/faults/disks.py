"""Small, full and read-only disks; mounting needs root and Linux."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own, which vanishes with all that is on it."""
    place.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place))
    try:
        yield place
    finally:
        _run("umount", "--lazy", str(place))


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Nobody writes below `place`; files that are open for reading stay so."""
    _run("mount", "--bind", str(place), str(place))
    try:
        _run("mount", "-o", "remount,ro,bind", str(place))
        yield
    finally:
        _run("umount", "--lazy", str(place))


def fill(disk: Path) -> Path:
    """Take all the space that is left on the disk by one file."""
    balloon = disk / "balloon"
    with balloon.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return balloon


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
