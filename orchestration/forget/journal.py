"""The switch from what knows a person to what does not: a list of steps, on disk before the first of them is done.

Everything new is finished in a folder of its own first. A kill before the list is there leaves all as it was; after it
`finish` does what is left, however often it is called: by the command itself, or by whoever holds the lock next.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orchestration.duckdb_files import fsync_directory
from orchestration.versions.store import fsync_file, hold_folder, serve

STAGING = "forgetting"
_JOURNAL = "journal.json"


@dataclass(frozen=True)
class Step:
    """move `source` to `target`; delete `target`; serve the version `target`. Paths are below the company's folder."""

    kind: Literal["move", "delete", "serve"]
    target: str
    source: str = ""


def begin(root: Path) -> Path:
    """Give the empty folder in which what is new is made."""
    staging = root / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    return staging


def commit(root: Path, steps: Sequence[Step]) -> None:
    """Decide: from here on the steps will be done."""
    draft = root / STAGING / f".{_JOURNAL}"
    draft.write_text(json.dumps([[step.kind, step.target, step.source] for step in steps]), encoding="utf-8")
    fsync_file(draft)
    draft.rename(root / STAGING / _JOURNAL)
    fsync_directory(root / STAGING)


def is_decided(root: Path) -> bool:
    """Whether steps were decided that are not all done."""
    return (root / STAGING / _JOURNAL).exists()


def finish(root: Path, published_dir: Path) -> bool:
    """Do the steps that were decided; return whether there were any. Call it under the build lock.

    What was being made when nothing was decided yet is deleted.
    """
    staging = root / STAGING
    journal = staging / _JOURNAL
    has_steps = is_decided(root)
    if has_steps:
        steps = [Step(*step) for step in json.loads(journal.read_text(encoding="utf-8"))]
        with hold_folder(published_dir) if published_dir.exists() else nullcontext():
            for step in steps:
                _do(root, step)
        journal.unlink()
        fsync_directory(staging)
    shutil.rmtree(staging, ignore_errors=True)
    return has_steps


def _do(root: Path, step: Step) -> None:
    """Do one step, or find that it was done before."""
    target = root / step.target
    if step.kind == "serve":
        serve(target.parent, target)
    elif step.kind == "move":
        source = root / step.source
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            fsync_directory(target.parent)
    elif target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
        fsync_directory(target.parent)
    elif target.exists():
        target.unlink()
        fsync_directory(target.parent)
