"""The ingest file: its tables, made from the feed contract, and what they tell about the feeds."""

# ruff: noqa: S608 - names come from the contract, all through sql_text
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.engine import connect
from orchestration.extract.contract import Feed
from orchestration.extract.errors import IngestError
from orchestration.extract.shown import without_value
from orchestration.extract.sql_text import literal, quote

# Readable by DuckDB 1.5 and 2.0, and the first format that refuses another file's write-ahead log.
STORAGE_VERSION = "v1.5.0"

# Where a row came from, and what else was delivered with it (JSON); in every feed's table, behind its own columns.
TECHNICAL_COLUMNS = {
    "_source": "varchar",
    "_file": "varchar",
    "_line": "bigint",
    "_batch_id": "varchar",
    "_overflow": "varchar",
}

# The outcomes of a delivered row. Every delivered row has exactly one.
OUTCOMES = ("inserted", "replaced", "unchanged", "superseded", "filtered", "rejected")

# The tables beside the feeds' own, with their columns and types. A file made before a column gains it at its end.
LEDGER: Mapping[str, Mapping[str, str]] = {
    "rejects": {
        "reject_id": "varchar",
        "feed": "varchar",
        "source": "varchar",
        "file": "varchar",
        "line": "bigint",
        "row_json": "varchar",
        "row_key": "varchar",
        "reasons": "varchar[]",
        "reason_kinds": "varchar[]",
        "column_names": "varchar[]",
        "batch_id": "varchar",
        "rejected_at": "timestamp",
    },
    "batches": {
        "batch_id": "varchar",
        "feed": "varchar",
        "source": "varchar",
        "landed_at": "timestamp",
        "delivered": "bigint",
        **dict.fromkeys(OUTCOMES, "bigint"),
        "deleted": "bigint",
        # The part of the archive that holds this row; empty until one does.
        "archive_sequence": "bigint",
        # Of the delivered rows, those that lost what they say of a forgotten person; whatever else became of them.
        "suppressed": "bigint",
    },
    "files": {
        "feed": "varchar",
        "source": "varchar",
        "path": "varchar",
        "sha256": "varchar",
        "fingerprint": "varchar",
        "byte_count": "bigint",
        "tag": "varchar",
        "batch_id": "varchar",
        "landed_at": "timestamp",
    },
    "cursors": {
        "feed": "varchar",
        "source": "varchar",
        "fingerprint": "varchar",
        "value": "varchar",
        "value_type": "varchar",
        "batch_id": "varchar",
        "landed_at": "timestamp",
    },
    # Keys that are deleted in their source, with the version at which (as text): an earlier one that comes late is old.
    "tombstones": {
        "feed": "varchar",
        "source": "varchar",
        "file": "varchar",
        "row_key": "varchar",
        "version": "varchar[]",
        "batch_id": "varchar",
        "landed_at": "timestamp",
    },
    # What a reader of the feed should know of its deliveries.
    "notices": {
        "feed": "varchar",
        "source": "varchar",
        "kind": "varchar",
        "message": "varchar",
        "place": "varchar",
        "column_name": "varchar",
        "batch_id": "varchar",
        "noticed_at": "timestamp",
    },
    # The columns that each place of a source delivers, to tell what appears, goes missing or changes its type.
    "columns": {
        "feed": "varchar",
        "source": "varchar",
        "place": "varchar",
        "column_name": "varchar",
        "type": "varchar",
        "is_missing": "boolean",
        "first_batch_id": "varchar",
        "last_batch_id": "varchar",
    },
    # The parts of the archive, as they were written; see orchestration/archive.
    "archive": {
        "sequence": "bigint",
        "kind": "varchar",
        "feed": "varchar",
        "batch_id": "varchar",
        "landed_at": "timestamp",
        "path": "varchar",
        "row_count": "bigint",
        "byte_count": "bigint",
    },
}


@dataclass(frozen=True)
class FeedState:
    """A feed as it stands in the ingest file: its rows, and what became of all rows ever delivered to it.

    delivered_count = inserted + replaced + unchanged + superseded + filtered + rejected, and
    row_count = inserted − deleted. `last_landed_at` is naive UTC, None before the first delivery.
    """

    feed: str
    schema: str
    row_count: int
    delivered_count: int
    inserted_count: int
    replaced_count: int
    unchanged_count: int
    superseded_count: int
    filtered_count: int
    rejected_count: int
    deleted_count: int
    last_landed_at: datetime | None


def prepare_ingest(ingest_file: Path, contract: Mapping[str, Feed]) -> None:
    """Make the ingest file with a table for every feed; add the columns that the contract gained since.

    IngestError if a table has a column of another type than the contract.
    """
    ingest_file.parent.mkdir(parents=True, exist_ok=True)
    with connect() as con:
        con.execute(f"attach {literal(str(ingest_file))} as prepared (storage_version {literal(STORAGE_VERSION)})")
        con.execute("begin")
        for schema in ("raw", "policy"):
            con.execute(f"create schema if not exists prepared.{schema}")
        for name, types in LEDGER.items():
            _prepare_table(con, ingest_file, ("raw", name), types, "the ledger")
        for feed in contract.values():
            types = {column.name: column.type for column in feed.columns} | TECHNICAL_COLUMNS
            _prepare_table(con, ingest_file, (feed.schema, feed.name), types, "the contract")
        con.execute("commit")
        con.execute("detach prepared")


def _prepare_table(
    con: duckdb.DuckDBPyConnection, ingest_file: Path, name: tuple[str, str], types: Mapping[str, str], whose: str
) -> None:
    """Make a table, or add the columns that it lacks; IngestError if one has another type than `whose`."""
    schema, table = name
    path = f"prepared.{quote(schema)}.{quote(table)}"
    declared = ", ".join(f"{quote(column)} {type_}" for column, type_ in types.items())
    con.execute(f"create table if not exists {path} ({declared})")
    present = {row[0]: row[1].lower() for row in con.execute(f"describe {path}").fetchall()}
    for column, type_ in types.items():
        if column not in present:
            con.execute(f"alter table {path} add column {quote(column)} {type_}")
        elif present[column] != type_:
            raise IngestError(
                f"{ingest_file}: {schema}.{table}.{column} is {present[column]}, {whose} says {type_}; "
                "set the file aside: `aftersales archive rebuild --replace` does it, and casts what was landed; where "
                "there is no archive, run again to land everything anew"
            )


def read_feed_states(ingest_file: Path) -> list[FeedState]:
    """Read the state of every feed and policy table, in order of name. Counts are sums over all batches."""
    with connect(ingest_file, read_only=True) as con:
        tables = con.execute(
            """
            select table_name, schema_name
            from duckdb_tables()
            where database_name = current_database()
                and (schema_name = 'policy' or (schema_name = 'raw' and not list_contains(?, table_name)))
            order by table_name
            """,
            [list(LEDGER)],
        ).fetchall()
        sums = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in ("delivered", *OUTCOMES, "deleted"))
        states = []
        for feed, schema in tables:
            row = con.execute(
                f"""
                select (select count(*) from {quote(schema)}.{quote(feed)}), {sums},
                    max(landed_at) filter (where delivered > 0)
                from raw.batches
                where feed = ?
                """,
                [feed],
            ).fetchone()
            assert row is not None  # an aggregate without grouping always returns one row
            states.append(FeedState(feed, schema, *row))
        return states


def read_rejects_summary(ingest_file: Path) -> list[tuple[str, str, str | None, str, int, str | None]]:
    """Count the rows that are rejected now: (feed, source, column_name, reason_kind, row_count, example reason).

    The example shows the shape of what was found, because it is published; the values are in raw.rejects. A row with
    several reasons counts in each of its groups. `column_name` is None for lines that are no rows.
    """
    with connect(ingest_file, read_only=True) as con:
        found = con.execute(
            """
            with reasons as (
                select
                    reject_id,
                    feed,
                    source,
                    unnest(column_names) as column_name,
                    unnest(reason_kinds) as reason_kind,
                    unnest(reasons) as reason
                from raw.rejects
            )
            select feed, source, column_name, reason_kind, count(distinct reject_id), min(reason)
            from reasons
            group by feed, source, column_name, reason_kind
            order by feed, source, column_name nulls first, reason_kind
            """
        ).fetchall()
    return [(*group, example and without_value(example)) for *group, example in found]


def read_notices(ingest_file: Path) -> list[tuple[str, str, str, str, str, str, str, datetime]]:
    """Read what was noticed about deliveries, the latest first.

    (feed, source, kind, place, column_name, message, batch_id, noticed_at); the instant is naive UTC.
    """
    with connect(ingest_file, read_only=True) as con:
        return con.execute(
            """
            select feed, source, kind, place, column_name, message, batch_id, noticed_at
            from raw.notices
            order by noticed_at desc, feed, source, place, column_name, kind, message
            """
        ).fetchall()
