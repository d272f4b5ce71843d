"""Verifying: is every part there, whole, and what it says it is?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.archive.errors import ArchiveError
from orchestration.archive.files import count_found, read_header
from orchestration.archive.layout import Part, draft_of, list_parts, plan
from orchestration.engine import connect


@dataclass(frozen=True)
class Listed:
    """A part as it says it is; `landed_at` is naive UTC."""

    part: Part
    kind: str
    feed: str
    batch_id: str
    landed_at: datetime
    row_count: int
    byte_count: int


def describe(folder: Path) -> Iterator[Listed]:
    """Describe every part of the archive, in order; ArchiveError where one cannot be read."""
    with connect() as con:
        for part in list_parts(folder):
            headers = [read_header(con, path) for path in part.files]
            first = headers[0]
            yield Listed(
                part,
                first.kind,
                first.feed if first.kind == "batch" else "",
                first.batch_id,
                first.instant,
                sum(header.row_count for header in headers),
                sum(path.stat().st_size for path in part.files),
            )


def verify(folder: Path, ingest_file: Path | None) -> list[str]:
    """Read every value of every part; return what is wrong, each with the file's name, nothing if all is well.

    With an `ingest_file` that can be read, its list of parts is held against the archive: only it knows whether the
    last ones are there.
    """
    problems = []
    try:
        plan(folder)
    except ArchiveError as error:
        problems.append(str(error))
    with connect() as con:
        for part in list_parts(folder):
            damage = part.damage()
            problems += [damage] if damage else _contents(con, part)
    if ingest_file is not None:
        problems += _against(folder, ingest_file)
    return problems


def _contents(con: duckdb.DuckDBPyConnection, part: Part) -> list[str]:
    problems = []
    for path in part.files:
        try:
            header, found = read_header(con, path), count_found(con, path)
        except ArchiveError as error:
            problems.append(str(error))
            continue
        if header.sequence != part.sequence:
            problems.append(f"{path} says that it is part {header.sequence}")
        if header.counts != found:
            problems.append(f"{path} says it has {header.counts} ([there, gone] by table), found {found}")
    return problems


def _against(folder: Path, ingest_file: Path) -> list[str]:
    with connect(ingest_file, read_only=True) as con:
        if not con.execute("select 1 from duckdb_tables() where table_name = 'archive'").fetchall():
            return [f"{ingest_file} is of a version without archive, and knows nothing of {folder}"]
        noted = con.execute("select path, sequence from raw.archive order by sequence").fetchall()
    there = {part.path.relative_to(folder).as_posix() for part in list_parts(folder)}
    missing = [(folder / path, sequence) for path, sequence in noted if path not in there]
    return [
        f"{path} is missing; {ingest_file} has noted it"
        for path, sequence in missing
        # A run that was killed has not named it yet; the next one does.
        if not Part(sequence, path).is_draft_of(draft_of(path.parent, sequence))
    ]
