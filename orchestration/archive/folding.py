"""Folding: old parts become one base. Nothing is dropped; what changes is how far back an instant can be told."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from orchestration.archive.bases import write_base
from orchestration.archive.files import read_header
from orchestration.archive.layout import Part, list_parts, plan, rename_durably
from orchestration.archive.recording import last_landing
from orchestration.archive.replay import rebuild
from orchestration.archive.settling import adopt
from orchestration.engine import connect
from orchestration.extract.contract import Feed
from orchestration.instants import stored


def fold(
    ingest_file: Path,
    folder: Path,
    contract: dict[str, Feed],
    before: datetime,
    tell: Callable[[str], None] = lambda _: None,
) -> Part | None:
    """Fold all that was landed before the aware instant `before` into one base; None where there is nothing to fold.

    The base is made from the archive alone, read back and verified before a part that it stands for is removed. Call
    it under the build lock, on a settled archive.
    """
    parts = plan(folder)
    until = None
    with connect() as con:
        for part in parts:
            if read_header(con, part.files[0]).instant >= stored(before):
                break
            until = part
    if until is None or until.is_base:
        return None
    tell(f"folding {parts.index(until) + 1:,} of {len(parts):,} parts")
    with tempfile.TemporaryDirectory(prefix=".folding-", dir=folder) as place:
        made = Path(place) / "ingest.duckdb"
        rebuild(folder, made, contract, until=until.sequence, tell=tell)
        with connect(made) as con:
            last = last_landing(con)
            assert last is not None  # a part is of a landing
            batch_id, landed_at = last
            draft, final, _ = write_base(
                con, folder, contract, sequence=until.sequence, batch_id=batch_id, landed_at=landed_at
            )
        rename_durably(draft, final)
    (base,) = [part for part in list_parts(folder) if part.path == final]
    with connect(ingest_file) as con:
        adopt(con, folder, base)
    return base
