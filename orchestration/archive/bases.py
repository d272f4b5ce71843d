"""A base: all that stands in an ingest file, as a folder with a Parquet file for each feed."""

# ruff: noqa: S608 - names are quoted by duckdb_files
from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.archive.files import Header, Rows, count_rows, write_file
from orchestration.archive.layout import BASES, base_name, digest_of, digest_of_names, draft_of
from orchestration.archive.recording import WATCHED, count
from orchestration.duckdb_files import fsync_directory, quote_identifier, quote_literal
from orchestration.extract.contract import Feed
from orchestration.extract.ingest_file import LEDGER


def write_base(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    contract: dict[str, Feed],
    *,
    sequence: int,
    batch_id: str,
    landed_at: datetime,
) -> tuple[Path, Path, Header]:
    """Write a finished draft of all that the ingest file on `con` holds; return it, its final path, and its header.

    `landed_at` (naive UTC) is the instant of the last landing in it. The header's counts are those of all its files.
    """
    draft = draft_of(folder / BASES, sequence)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    total: dict[str, list[int]] = {}
    for feed, (schema, rows) in _feeds(con).items():
        key = contract[feed].key if feed in contract else ()
        counts = count_rows(rows)
        header = Header("base", sequence, feed, schema, key, batch_id, landed_at.isoformat(), counts)
        written = draft / f"{feed}.parquet"
        write_file(con, rows, header, written)
        written.rename(draft / f"{feed}-{digest_of(written)}.parquet")
        for table, (there, _) in counts.items():
            total.setdefault(table, [0, 0])[0] += there
    fsync_directory(draft)
    fsync_directory(draft.parent)
    digest = digest_of_names(path.name for path in draft.iterdir())
    final = folder / BASES / base_name(sequence, digest)
    return draft, final, Header("base", sequence, "", "", (), batch_id, landed_at.isoformat(), total)


def _feeds(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, list[Rows]]]:
    """Every feed that has rows, or of which the ledger says something: its schema, and all that is kept of it."""
    schemas = dict(
        con.execute(
            "select table_name, schema_name from duckdb_tables() where database_name = current_database() "
            "and (schema_name = 'policy' or (schema_name = 'raw' and not list_contains(?, table_name)))",
            [list(LEDGER)],
        ).fetchall()
    )
    # The ledger may still tell of a feed that the contract has no longer, and that has no table.
    named = {feed for (feed,) in con.execute("select distinct feed from raw.batches").fetchall()}
    found = {feed: (schemas.get(feed, "raw"), _rows(con, feed, schemas.get(feed))) for feed in {*schemas, *named}}
    return {feed: kept for feed, kept in sorted(found.items()) if kept[1]}


def _rows(con: duckdb.DuckDBPyConnection, feed: str, schema: str | None) -> list[Rows]:
    relations = {}
    if schema is not None:
        relations[feed] = f"{quote_identifier(schema)}.{quote_identifier(feed)} as kept"
    for table in (*WATCHED, "batches"):
        relations[table] = f"(select * from raw.{table} where feed = {quote_literal(feed)}) as kept"
    counts = {table: count(con, relation) for table, relation in relations.items()}
    return [Rows(table, False, relation, counts[table]) for table, relation in relations.items() if counts[table]]
