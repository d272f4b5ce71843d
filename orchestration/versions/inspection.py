"""Whether a published file is what its name says: a look that is cheap, and a verification that reads every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duckdb_files import attach, content_of
from orchestration.engine import connect

PUBLISHED_SCHEMAS = ("marts", "meta")

# What other modules read of a version: a file without them cannot be served.
_NEEDED = {"meta": ("builds", "settings", "tables")}


@dataclass(frozen=True)
class Look:
    """What a version says of itself. `damage` is None for a sound one; then the rest is known.

    byte_count: size of the file; 0 where there is none. row_count: rows of all marts. Instants are naive UTC.
    """

    damage: str | None
    byte_count: int
    as_of: datetime | None = None
    published_at: datetime | None = None
    duration_seconds: float | None = None
    row_count: int | None = None
    duckdb_version: str | None = None


def look_at(path: Path, build_id: str) -> Look:
    """Open the version of `build_id` and read what it says of itself; damage is told, never raised.

    Rows are not read: whether they are those that were published is what `verify` finds out.
    """
    try:
        byte_count = path.stat().st_size
    except OSError as error:
        return Look(f"the file cannot be read: {error.strerror}", 0)
    try:
        with connect() as con:
            attach(con, path, "version", read_only=True)
            damage = _missing_parts(con)
            if damage:
                return Look(damage, byte_count)
            # The history comes first, the version's own build last.
            own = con.execute(
                "select build_id, as_of_at, published_at, duration_seconds, duckdb_version from version.meta.builds "
                "order by rowid desc limit 1"
            ).fetchone()
            counted = con.execute("select cast(sum(row_count) as bigint) from version.meta.tables").fetchone()
    except duckdb.Error as error:
        return Look(_first_line(error), byte_count)
    if own is None or own[0] != build_id or own[2] is None:
        return Look(_misnomer(own, build_id), byte_count)
    return Look(None, byte_count, own[1], own[2], own[3], counted[0] if counted else None, own[4])


def _misnomer(own: tuple[Any, ...] | None, build_id: str) -> str:
    if own is None:
        return "meta.builds is empty"
    if own[0] != build_id:
        return f"it holds build {own[0]}, not the {build_id} of its name"
    return "its build says that it was never published"


def verify(path: Path, build_id: str, tell: Callable[[str], None] = lambda _: None) -> list[str]:
    """All that is wrong with the version of `build_id`: each mart is read and compared with meta.tables.

    Row counts are always compared; content hashes only where the running engine is the one that wrote them. `tell` is
    given a sentence where hashes cannot be compared. An empty list means the version is whole.
    """
    look = look_at(path, build_id)
    if look.damage:
        return [look.damage]
    try:
        with connect() as con:
            attach(con, path, "version", read_only=True)
            con.execute("set enable_progress_bar = false")
            engine = con.execute("select version()").fetchone()
            assert engine is not None
            is_comparable = look.duckdb_version == engine[0]
            if not is_comparable:
                tell(f"written by DuckDB {look.duckdb_version}, read by {engine[0]}: rows are counted, not hashed")
            return _differences(con, is_comparable=is_comparable)
    except duckdb.Error as error:
        return [_first_line(error)]


def contents_of_marts(con: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str, int, str]]:
    """Schema, name, row count and content hash of every mart of an attached file, by name."""
    tables = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts' order by table_name",
        [database],
    ).fetchall()
    return [("marts", table, *content_of(con, database, "marts", table)) for (table,) in tables]


def _missing_parts(con: duckdb.DuckDBPyConnection) -> str | None:
    found = con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'version' order by all"
    ).fetchall()
    for schema in PUBLISHED_SCHEMAS:
        if not any(each == schema for each, _ in found):
            return f"schema {schema} is missing"
    missing = [f"{schema}.{table}" for schema, tables in _NEEDED.items() for table in tables]
    missing = [name for name in missing if name not in {f"{schema}.{table}" for schema, table in found}]
    return f"table {missing[0]} is missing" if missing else None


def _differences(con: duckdb.DuckDBPyConnection, *, is_comparable: bool) -> list[str]:
    rows = con.execute("select table_name, row_count, content_hash from version.meta.tables").fetchall()
    written = {table: (count, content) for table, count, content in rows}
    found = {table: (count, content) for _, table, count, content in contents_of_marts(con, "version")}
    problems = [f"marts.{table} is missing" for table in sorted(written.keys() - found.keys())]
    problems += [f"marts.{table} was not published with it" for table in sorted(found.keys() - written.keys())]
    for table in sorted(written.keys() & found.keys()):
        if written[table][0] != found[table][0]:
            problems.append(f"marts.{table}: {written[table][0]} rows were published, {found[table][0]} are there")
        elif is_comparable and written[table][1] != found[table][1]:
            problems.append(
                f"marts.{table}: content {written[table][1]} was published, {found[table][1]} is there "
                f"({found[table][0]} rows)"
            )
    return problems


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().splitlines()[0]
