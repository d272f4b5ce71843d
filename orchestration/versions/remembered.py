"""What took long to work out and depends on nothing but what it was given: kept in a folder, found again by its hash.

Reading the SQL of all models takes seconds, and says the same in every build until somebody changes a model.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# Companies that build with one installation take turns; each has SQL of its own.
_KEPT = 16

Row = list[str | None]


def remembered(folder: Path, name: str, given: object, make: Callable[[], list[Row]]) -> list[Row]:
    """The rows that `make` gives for `given`: those of the last time, where they are in `folder`.

    given: all that the rows depend on, as JSON has it, the code that makes them included. A folder that cannot be
    written, or a file that cannot be read, costs time and nothing else.
    """
    key = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    file = folder / f"{name}_{key[:32]}.json"
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads(file.read_text("utf-8"))
        if kept["key"] == key:
            rows: list[Row] = kept["rows"]
            return rows
    rows = make()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.write_text(json.dumps({"key": key, "rows": rows}), "utf-8")
        draft.rename(file)
        for old in sorted(folder.glob(f"{name}_*.json"), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            old.unlink()
    return rows


def code_hash(*files: Path) -> str:
    """A hash of source files: what they work out is remembered until one of them changes."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
