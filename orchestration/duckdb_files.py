"""Small rules for DuckDB files that all of orchestration keeps: format, quoting, content hashes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

# Readable by 1.5 and 2.0, and the oldest format that refuses a write-ahead log that belongs to another file.
STORAGE_VERSION = "v1.5.0"


def quote_identifier(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    """`text` as an SQL string literal, for statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def scratch_of(build_file: Path) -> Path:
    """The scratch file of a build, with the schemas staging and intermediate: what is not published."""
    return build_file.with_name("scratch.duckdb")


def attach(con: duckdb.DuckDBPyConnection, path: Path, alias: str, *, read_only: bool = False) -> None:
    """Attach the file `path` as database `alias`; a new file gets our storage version."""
    con.execute(f"attach {_attached(path, alias, read_only)}")


def attach_if_absent(con: duckdb.DuckDBPyConnection, path: Path, alias: str, *, read_only: bool = False) -> None:
    """As `attach`, where another connection to the same instance may have done it."""
    con.execute(f"attach if not exists {_attached(path, alias, read_only)}")


def _attached(path: Path, alias: str, read_only: bool) -> str:
    option = "read_only" if read_only else f"storage_version {quote_literal(STORAGE_VERSION)}"
    return f"{quote_literal(str(path))} as {quote_identifier(alias)} ({option})"


def content_of(
    con: duckdb.DuckDBPyConnection, database: str, schema: str, table: str, *, without: tuple[str, ...] = ()
) -> tuple[int, str]:
    """Row count and content hash of a table; rows may stand in any order.

    The hash is the sum of the engine's row hashes: equal tables of one DuckDB version have equal hashes; across
    versions it says nothing. Columns named in `without` do not count.
    """
    columns = con.execute(
        "select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ? "
        "order by column_index",
        [database, schema, table],
    ).fetchall()
    names = ", ".join(quote_identifier(name) for (name,) in columns if name not in without)
    qualified = ".".join(quote_identifier(part) for part in (database, schema, table))
    row = con.execute(f"select count(*), coalesce(sum(hash({names})), 0) from {qualified}").fetchone()  # noqa: S608
    assert row is not None  # an aggregate without grouping always returns one row
    return row[0], f"{int(row[1]):x}"


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows of all columns into `table`, a name in our own SQL, by one statement: row by row is slow."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        con.execute(f"insert into {table} select {', '.join('unnest(?)' for _ in columns)}", columns)


def fsync_directory(path: Path) -> None:
    """Make renames and deletions in `path` durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
