"""The ledger of a landing: what was landed before, and what is remembered of this one, beside the feed's rows."""

# ruff: noqa: S608 - names are our own; values are parameters
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import UTC
from pathlib import Path

import duckdb

from orchestration.extract.batch import Batch, Bound
from orchestration.extract.connectors.delivery import CursorState, Delivery, LandedFile, Notice, Request
from orchestration.extract.drift import Drift, read_known
from orchestration.extract.ingest_file import LEDGER, OUTCOMES
from orchestration.extract.mapping import row_key
from orchestration.extract.source_models import FilesSource


def make_request(con: duckdb.DuckDBPyConnection, batch: Batch, each: Bound, scratch: Path) -> Request:
    """Ask for what the source `each` has beside what the ledger knows of it."""
    place = [batch.feed.name, each.source.name]
    files = con.execute(
        "select path, sha256, fingerprint, byte_count, coalesce(tag, '') from raw.files where feed = ? and source = ?",
        place,
    ).fetchall()
    cursors = con.execute(
        "select fingerprint, value, value_type from raw.cursors where feed = ? and source = ?", place
    ).fetchall()
    return Request(
        feed=batch.feed.name,
        bindings=each.bindings,
        fingerprints=each.fingerprints,
        zone=each.zone,
        landed_at=batch.landed_at.replace(tzinfo=UTC),
        scratch=scratch,
        landed_files={row[0]: LandedFile(*row) for row in files},
        cursors={row[0]: CursorState(*row) for row in cursors},
    )


def apply_rejects(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Keep the rows that are rejected now: a reject goes when its place is read again, or its key delivered again."""
    feed = batch.feed
    unnumbered = [each.source.name for each in batch.bound if not isinstance(each.source, FilesSource)]
    # A line number says where a row stands in a file; in a database or a service it is only the order of this reading.
    con.execute(
        """
        create temp table refused as
        select distinct on (reject_id)
            md5(to_json([
                source, file, case when list_contains(?, source) then '' else cast(line as varchar) end,
                row_json, cast(reasons as varchar)
            ])) as reject_id,
            *
        from bad
        order by source, file, line, reject_id
        """,
        [unnumbered],
    )
    con.execute(
        f"""
        delete from raw.rejects
        where feed = ? and reject_id not in (select reject_id from refused) and (
            ?
            or not list_contains(?, source)
            or (source, file) in (select (source, file) from whole)
            or (source, row_key) in (
                select (_source, {row_key(feed)}) from incoming
                union all
                select (_source, {row_key(feed)}) from losers
                union all
                select (source, row_key) from bad where row_key is not null
            )
        )
        """,
        [feed.name, batch.is_policy, batch.sources],
    )
    # What was refused before, there and for the same reasons, stays: it says since when.
    con.execute(
        """
        delete from raw.rejects as known
        using refused
        where known.feed = ? and known.reject_id = refused.reject_id and known.line is distinct from refused.line
        """,
        [feed.name],
    )
    con.execute(
        """
        insert into raw.rejects (
            reject_id, feed, source, file, line, row_json, row_key, reasons, reason_kinds, column_names, batch_id,
            rejected_at
        )
        select
            reject_id, $feed, source, file, line, row_json, row_key, reasons, reason_kinds, column_names, $batch, $at
        from refused
        where reject_id not in (select reject_id from raw.rejects where feed = $feed)
        order by source, file, line, reject_id
        """,
        {"feed": feed.name, "batch": batch.batch_id, "at": batch.landed_at},
    )


def remember(
    con: duckdb.DuckDBPyConnection, batch: Batch, deliveries: Mapping[str, Delivery], *, is_window: bool
) -> None:
    """Write the ledger of files and the cursors; a window of a source's history leaves the cursors as they are."""
    feed = batch.feed.name
    for table in ("files", "cursors"):
        con.execute(f"delete from raw.{table} where feed = ? and not list_contains(?, source)", [feed, batch.sources])
    if batch.is_policy:
        return
    end = [batch.batch_id, batch.landed_at]
    for source, delivery in deliveries.items():
        paths = [*(file.path for file in delivery.files), *delivery.forgotten]
        con.execute(
            "delete from raw.files where feed = ? and source = ? and list_contains(?, path)", [feed, source, paths]
        )
        _insert(con, "files", [[feed, source, *astuple(file), *end] for file in delivery.files])
        if not is_window:
            _replace(con, "cursors", [feed, source], [astuple(cursor) for cursor in delivery.cursors], end)


def remember_columns(con: duckdb.DuckDBPyConnection, batch: Batch, drifts: Mapping[str, Drift]) -> None:
    """Write which columns each place of each source delivers now, and forget places that are bound no longer."""
    feed = batch.feed.name
    con.execute("delete from raw.columns where feed = ? and not list_contains(?, source)", [feed, batch.sources])
    for source, drift in drifts.items():
        seen = {column.place for column in drift.columns}
        facts = [
            astuple(replace(column, first_batch_id=column.first_batch_id or batch.batch_id)) for column in drift.columns
        ]
        facts += [
            astuple(column)
            for column in read_known(con, feed, source)
            if column.place in drift.bound_places and column.place not in seen
        ]
        _replace(con, "columns", [feed, source], facts, [batch.batch_id])


def write_notices(
    con: duckdb.DuckDBPyConnection, batch: Batch, source: str, changes: Iterable[Notice], states: Iterable[Notice]
) -> None:
    """Keep what was noticed: `changes` happened now; `states` last, so the same one noticed before is replaced."""
    end = [batch.batch_id, batch.landed_at]
    states = list(dict.fromkeys(states))
    for notice in states:
        con.execute(
            """
            delete from raw.notices
            where feed = ? and source = ? and kind = ? and message = ? and place = ? and column_name = ?
            """,
            [batch.feed.name, source, *astuple(notice)],
        )
    rows = [[batch.feed.name, source, *astuple(notice), *end] for notice in (*changes, *states)]
    _insert(con, "notices", rows)


def record(
    con: duckdb.DuckDBPyConnection,
    batch: Batch,
    outcomes: Mapping[str, Mapping[str, int]],
    suppressed: Mapping[str, int],
) -> None:
    """Write what became of the rows of each source, and how many of them lost a forgotten person."""
    rows = [
        [
            batch.batch_id,
            batch.feed.name,
            source,
            batch.landed_at,
            sum(counts[name] for name in OUTCOMES),
            *(counts[name] for name in (*OUTCOMES, "deleted")),
            None,
            suppressed.get(source, 0),
        ]
        for source, counts in outcomes.items()
    ]
    _insert(con, "batches", rows)


def _replace(
    con: duckdb.DuckDBPyConnection,
    table: str,
    place: Sequence[str],
    facts: Sequence[tuple[object, ...]],
    end: Sequence[object],
) -> None:
    """Let the table say `facts` of a feed's source, and `end` behind each; a fact that it says already stays as it is.

    So a landing that finds nothing new changes nothing.
    """
    names = list(LEDGER[table])[2 : -len(end)]
    listed = ", ".join(names)
    known = set(con.execute(f"select {listed} from raw.{table} where feed = ? and source = ?", place).fetchall())
    gone = " and ".join(f"{name} is not distinct from ?" for name in names)
    for fact in known - set(facts):
        con.execute(f"delete from raw.{table} where feed = ? and source = ? and {gone}", [*place, *fact])
    _insert(con, table, [[*place, *fact, *end] for fact in facts if fact not in known])


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows whose values are in the order in which the ledger declares its columns."""
    if rows:
        names = ", ".join(LEDGER[table])
        con.executemany(f"insert into raw.{table} ({names}) values ({', '.join('?' * len(rows[0]))})", rows)
