"""What a version remembers for the next one: its inputs, how their values spread, and why its numbers may differ.

meta.feed_history  one row per build and feed or policy table: rows, rejects, content
meta.feed_values   of this build alone: how often each value of a column with allowed values stands in a feed
meta.causes        what changed from the version served before to this build, besides the data
"""

# ruff: noqa: S608 - names come from the contract and are quoted; values are parameters
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach, quote_identifier, quote_literal
from orchestration.engine import connect
from orchestration.extract.contract import Feed

_TABLES = """
create or replace table build.meta.feed_history (
    build_id varchar not null, feed varchar not null, row_count bigint not null, rejected_count bigint not null,
    content_hash varchar not null
);
create or replace table build.meta.feed_values (
    feed varchar not null, column_name varchar not null, value varchar, row_count bigint not null
);
create or replace table build.meta.causes (
    build_id varchar not null, kind varchar not null, subject varchar not null, message varchar not null
);
"""
_CARRIED = ("feed_history", "causes")

# Policy tables that move no value of a KPI. A definition that changes says so in its own version.
_WITHOUT_EFFECT = frozenset(
    {"gate_limits", "improvement_actions", "kpi_events", "kpi_registry", "reference_values", "scorecard_weights"}
)


@dataclass(frozen=True)
class FeedContent:
    """One feed or policy table as this build reads it. The hash says nothing across versions of DuckDB."""

    feed: str
    row_count: int
    rejected_count: int
    content_hash: str


@dataclass(frozen=True)
class Cause:
    """Why numbers of this build may differ from those before, besides new data."""

    kind: str
    subject: str
    message: str


def write_history(
    build_file: Path,
    ingest_file: Path,
    build_id: str,
    contents: Sequence[FeedContent],
    contract: Mapping[str, Feed],
    previous: Path | None,
    causes: Iterable[Cause] = (),
) -> None:
    """Write the three tables of the build file. History is carried over from `previous`, the version served, and what
    changed since then is added to the `causes` that only the caller knows."""
    with connect() as con:
        attach(con, build_file, "build")
        attach(con, ingest_file, "ingest", read_only=True)
        con.begin()
        con.execute(_TABLES)
        if previous is not None:
            attach(con, previous, "previous", read_only=True)
            for table in _tables(con, "previous") & set(_CARRIED):
                con.execute(f"insert into build.meta.{table} by name from previous.meta.{table}")
        con.executemany(
            "insert into build.meta.feed_history values (?, ?, ?, ?, ?)",
            [(build_id, each.feed, each.row_count, each.rejected_count, each.content_hash) for each in contents],
        )
        for query in _value_counts(contract):
            con.execute(f"insert into build.meta.feed_values {query}")
        found = [*causes, *(_changes(con, build_id) if previous is not None else [])]
        if found:
            con.executemany(
                "insert into build.meta.causes values (?, ?, ?, ?)",
                [(build_id, cause.kind, cause.subject, cause.message) for cause in found],
            )
        con.commit()
        con.execute("checkpoint build")


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    found = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'meta'", [database]
    ).fetchall()
    return {name for (name,) in found}


def _value_counts(contract: Mapping[str, Feed]) -> Iterable[str]:
    for feed in contract.values():
        if feed.schema != "raw":
            continue
        table = f"ingest.{quote_identifier(feed.schema)}.{quote_identifier(feed.name)}"
        for column in feed.columns:
            if column.allowed_values:
                yield (
                    f"select {quote_literal(feed.name)}, {quote_literal(column.name)}, "
                    f"{quote_identifier(column.name)} as value, count(*) from {table} group by value order by value"
                )


def _changes(con: duckdb.DuckDBPyConnection, build_id: str) -> list[Cause]:
    """Compare this build's row of meta.builds, and its policies, with those of the version served."""
    columns = "code_version, profile_hash, duckdb_version, as_of_at"
    now = con.execute(f"select {columns} from build.meta.builds where build_id = ?", [build_id]).fetchone()
    before = con.execute(
        f"select {columns}, build_id from previous.meta.builds order by started_at desc, build_id desc limit 1"
    ).fetchone()
    if now is None or before is None:
        return []
    causes = []
    for kind, old, new in zip(("code", "profile", "engine"), before, now, strict=False):
        if old != new:
            causes.append(Cause(kind, kind, f"{kind} changed from {old} to {new}"))
    if now[3] < before[3]:
        causes.append(Cause("as_of", "as_of", f"as-of went back from {before[3]} to {now[3]}"))
    changed = con.execute(
        """
        select feed
        from build.meta.feed_history
        where list_contains($feeds, feed) and build_id in ($now, $before)
        group by feed
        having count(distinct content_hash) > 1
        order by feed
        """,
        {"feeds": _policies(con), "now": build_id, "before": before[4]},
    ).fetchall()
    causes += [Cause("policy", feed, f"the policy table {feed} changed") for (feed,) in changed]
    return causes


def _policies(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = con.execute(
        "select table_name from duckdb_tables() where database_name = 'ingest' and schema_name = 'policy'"
    ).fetchall()
    return sorted({name for (name,) in found} - _WITHOUT_EFFECT)
