"""Rebuilding: a new ingest file from the archive alone, by replaying its parts in order."""

# ruff: noqa: S608 - names are quoted by duckdb_files
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.archive.errors import ArchiveError
from orchestration.archive.files import GONE_COLUMN, Header, read_header
from orchestration.archive.layout import Part, plan, rename_durably
from orchestration.archive.recording import note
from orchestration.duckdb_files import quote_identifier, quote_literal
from orchestration.engine import connect
from orchestration.extract.contract import Feed
from orchestration.extract.ingest_file import LEDGER, prepare_ingest
from orchestration.instants import stored


def rebuild(
    folder: Path,
    target: Path,
    contract: Mapping[str, Feed],
    *,
    known_at: datetime | None = None,
    until: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> int:
    """Make the ingest file `target`, which must not exist, from the archive in `folder`; return the parts replayed.

    With an aware instant `known_at`, stop before the first landing after it; with `until`, after that sequence.
    ArchiveError names a part that is damaged or missing, or says from when on the archive can tell; nothing is made.
    """
    if target.exists():
        raise ArchiveError(f"{target} exists already; a rebuilt file replaces none")
    parts = [part for part in plan(folder) if until is None or part.sequence <= until]
    if not parts:
        raise ArchiveError(f"{folder} holds nothing to rebuild from")
    draft = target.with_name(f"{target.name}.rebuilding")
    for left in (draft, draft.with_name(f"{draft.name}.wal")):
        left.unlink(missing_ok=True)
    prepare_ingest(draft, contract)
    replayed = 0
    with connect(draft) as con:
        con.execute("set TimeZone = 'UTC'")
        for number, part in enumerate(parts, 1):
            if known_at is not None and _instant(con, part) > stored(known_at):
                break
            apply_part(con, folder, part)
            replayed += 1
            if number % 200 == 0:
                tell(f"replayed {number:,} of {len(parts):,} parts")
        first = _instant(con, parts[0])
        con.execute("checkpoint")
    if not replayed:
        draft.unlink()
        raise ArchiveError(f"{folder} begins at {first:%Y-%m-%d %H:%M:%S} UTC and cannot tell what was known before")
    rename_durably(draft, target)
    return replayed


def apply_part(con: duckdb.DuckDBPyConnection, folder: Path, part: Part) -> None:
    """Bring the ingest file on `con` from what stood before the part to what stood after it, in one transaction."""
    if damage := part.damage():
        raise ArchiveError(f"{damage}. Put it back from your copy of the archive")
    con.begin()
    for path in part.files:
        header = read_header(con, path)
        if header.sequence != part.sequence:
            raise ArchiveError(f"{path} says that it is part {header.sequence}; it was renamed")
        _apply_file(con, path, header)
    note_part(con, folder, part)
    con.commit()


def note_part(con: duckdb.DuckDBPyConnection, folder: Path, part: Part) -> None:
    """Note a part that lies in the archive in raw.archive."""
    headers = [read_header(con, path) for path in part.files]
    rows = sum(header.row_count for header in headers)
    size = sum(path.stat().st_size for path in part.files)
    note(con, headers[0], part.path.relative_to(folder), size, rows)


def _instant(con: duckdb.DuckDBPyConnection, part: Part) -> datetime:
    if not part.files:
        raise ArchiveError(f"{part.damage()}. Put it back from your copy of the archive")
    return read_header(con, part.files[0]).instant


def _apply_file(con: duckdb.DuckDBPyConnection, path: Path, header: Header) -> None:
    for table, (there, gone) in header.counts.items():
        is_feed = table == header.feed and table not in LEDGER
        schema = header.schema if is_feed else "raw"
        name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
        if there:
            _make_room(con, path, schema, table)
        if is_feed and header.kind != "base":
            if gone:
                _delete(con, name, header.key, _select(path, table, GONE_COLUMN, is_gone=True))
            if there:
                _delete(con, name, header.key, _select(path, table, table, is_gone=False))
        elif gone:
            _take(con, name, header.feed, path, table)
        if there:
            con.execute(f"insert into {name} by name {_select(path, table, table, is_gone=False)}")


def _select(path: Path, table: str, column: str, *, is_gone: bool) -> str:
    return (
        f"select unnest({quote_identifier(column)}) from read_parquet({quote_literal(str(path))}) "
        f"where table_name = {quote_literal(table)} and {'' if is_gone else 'not '}is_gone"
    )


def _delete(con: duckdb.DuckDBPyConnection, name: str, key: Iterable[str], rows: str) -> None:
    same = " and ".join(f"landed.{quote_identifier(column)} = other.{quote_identifier(column)}" for column in key)
    con.execute(f"delete from {name} as landed using ({rows}) as other where {same}")


def _take(con: duckdb.DuckDBPyConnection, name: str, feed: str, path: Path, table: str) -> None:
    """Take away rows of a ledger, each as often as the file has it."""
    columns = ", ".join(quote_identifier(row[0]) for row in con.execute(f"describe {name}").fetchall())
    gone = _select(path, table, table, is_gone=True)
    con.execute("create or replace temp table _gone as " + f"select * from {name} limit 0")
    con.execute(f"insert into _gone by name {gone}")
    con.execute(
        f"create or replace temp table _left as "
        f"select {columns} from {name} where feed = ? except all select {columns} from _gone",
        [feed],
    )
    con.execute(f"delete from {name} where feed = ?", [feed])
    con.execute(f"insert into {name} by name from _left")


def _make_room(con: duckdb.DuckDBPyConnection, path: Path, schema: str, table: str) -> None:
    """Give the table the columns of the file that the contract no longer has, and make it where it has no such feed."""
    name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
    rows = f"select unnest({quote_identifier(table)}) from read_parquet({quote_literal(str(path))})"
    con.execute(f"create schema if not exists {quote_identifier(schema)}")
    con.execute(f"create table if not exists {name} as {rows} limit 0")
    known = {row[0] for row in con.execute(f"describe {name}").fetchall()}
    for column, type_, *_ in con.execute(f"describe {rows}").fetchall():
        if column not in known:
            con.execute(f"alter table {name} add column {quote_identifier(column)} {type_}")
