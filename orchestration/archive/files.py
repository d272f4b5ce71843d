"""One Parquet file of the archive: rows of several tables, each in a struct column named after its table.

`table_name` says which column holds the row, `is_gone` whether the row was taken away; of a feed's own row that is
gone only the key is kept, in `_gone`. What the file is, and how many rows it has of what, stands in its metadata.
"""

# ruff: noqa: S608 - names are quoted by duckdb_files
from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.archive.errors import ArchiveError
from orchestration.duckdb_files import fsync_directory, quote_identifier, quote_literal

GONE_COLUMN = "_gone"
_METADATA = "aftersales"
_FORMAT = 1


@dataclass(frozen=True)
class Rows:
    """Rows to write: of which table, taken away or there, how many, and from which relation, whose alias is `kept`."""

    table: str
    is_gone: bool
    relation: str
    count: int
    is_key: bool = False

    @property
    def query(self) -> str:
        """Select the rows in the form of the file."""
        column = GONE_COLUMN if self.is_key else self.table
        gone = "true" if self.is_gone else "false"
        return (
            f"select {quote_literal(self.table)} as table_name, {gone} as is_gone, "
            f"kept as {quote_identifier(column)} from {self.relation}"
        )


@dataclass(frozen=True)
class Header:
    """What a file says of itself. `landed_at` is an ISO instant in UTC without zone; `counts` are [there, gone].

    kind: batch (what a landing of `feed` changed), run (landings that changed nothing), base (all that stood).
    """

    kind: str
    sequence: int
    feed: str
    schema: str
    key: tuple[str, ...]
    batch_id: str
    landed_at: str
    counts: dict[str, list[int]]

    @property
    def row_count(self) -> int:
        """All rows of the file."""
        return sum(sum(each) for each in self.counts.values())

    @property
    def instant(self) -> datetime:
        """`landed_at`, naive UTC."""
        return datetime.fromisoformat(self.landed_at)


def count_rows(rows: Sequence[Rows]) -> dict[str, list[int]]:
    """Count by table the rows that are there and those that are gone."""
    counts: dict[str, list[int]] = {}
    for each in rows:
        counts.setdefault(each.table, [0, 0])[each.is_gone] += each.count
    return counts


def write_file(con: duckdb.DuckDBPyConnection, rows: Sequence[Rows], header: Header, path: Path) -> None:
    """Write a file and bring it to the disk; `path` is a draft's, which nobody reads."""
    write_query(con, " union all by name ".join(each.query for each in rows), header, path)


def write_query(con: duckdb.DuckDBPyConnection, query: str, header: Header, path: Path) -> None:
    """Write the rows of a query, which are in the form of the file, as `write_file` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # of a landing that failed; over a file the engine would write by way of another name
    text = json.dumps({"format": _FORMAT, **asdict(header)}, ensure_ascii=False)
    con.execute(
        f"copy ({query}) to {quote_literal(str(path))} "
        f"(format parquet, compression zstd, kv_metadata {{{_METADATA}: {quote_literal(text)}}})"
    )
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fsync_directory(path.parent)


def read_header(con: duckdb.DuckDBPyConnection, path: Path) -> Header:
    """Read what a file says of itself; ArchiveError where it says nothing, or is no Parquet file."""
    try:
        row = con.execute(
            "select decode(value) from parquet_kv_metadata(?) where decode(key) = ?", [str(path), _METADATA]
        ).fetchone()
    except duckdb.Error as error:
        raise ArchiveError(f"{path} cannot be read: {_first_line(error)}") from error
    if row is None:
        raise ArchiveError(f"{path} is a Parquet file, but not one of an archive")
    said = json.loads(row[0])
    if said.pop("format") != _FORMAT:
        raise ArchiveError(f"{path} was written by a later version of aftersales; use that one")
    return Header(**{**said, "key": tuple(said["key"])})


def count_found(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, list[int]]:
    """Count the rows that a file really has, reading every value of it; ArchiveError where it cannot be read."""
    try:
        found = con.execute(
            "select table_name, count(*) filter (not is_gone), count(*) filter (is_gone), sum(hash(kept)) "
            "from read_parquet(?) as kept group by table_name",
            [str(path)],
        ).fetchall()
    except duckdb.Error as error:
        raise ArchiveError(f"{path} cannot be read: {_first_line(error)}") from error
    return {table: [there, gone] for table, there, gone, _ in found}


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
