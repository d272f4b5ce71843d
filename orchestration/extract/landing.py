"""Landing: brings a feed from its sources into the ingest file; rows, rejects, ledger and cursors in one transaction.

A row is known by its feed's key, and the latest version wins, then the latest delivery. Every delivered row has one
outcome: inserted, replaced (an earlier version), unchanged, superseded, filtered or rejected.
"""

# ruff: noqa: S608 - names come from the contract, all through sql_text
from __future__ import annotations

import glob
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.extract.connectors import connector_for
from orchestration.extract.connectors.delivery import (
    CursorState,
    Delivery,
    LandedFile,
    Notice,
    Request,
    Sessions,
    Window,
)
from orchestration.extract.contract import Feed
from orchestration.extract.ingest_file import (
    OUTCOMES,
    FeedState,
    prepare_ingest,
    read_feed_states,
    read_rejects_summary,
)
from orchestration.extract.mapping import Context, Counts, create_targets, map_part, row_key
from orchestration.extract.profile_model import Binding, Profile
from orchestration.extract.source_models import PROJECT_ROOT, FilesSource, Source, SqlSource
from orchestration.extract.sql_text import quote, quote_all

__all__ = ["FeedResult", "FeedState", "land_feed", "prepare_ingest", "read_feed_states", "read_rejects_summary"]

# Room for the bindings of one source in the numbers that order the parts of a landing.
_PARTS_PER_SOURCE = 1000

POLICIES_DIR = PROJECT_ROOT / "dbt_project" / "policies"


@dataclass(frozen=True)
class FeedResult:
    """What one landing of a feed did. delivered = inserted + replaced + unchanged + superseded + filtered + rejected.

    `deleted` rows are gone from their source; `row_count` is the table's afterwards.
    """

    feed: str
    is_connected: bool
    sources: tuple[str, ...]
    delivered: int
    inserted: int
    replaced: int
    unchanged: int
    superseded: int
    filtered: int
    rejected: int
    deleted: int
    row_count: int
    seconds: float
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class _Bound:
    """A source with the bindings by which it feeds the feed."""

    source: Source
    zone: str
    bindings: tuple[Binding, ...]
    fingerprints: tuple[str, ...]


@dataclass(frozen=True)
class _Batch:
    """One landing: of which feed from which sources, under which id and instant (naive UTC)."""

    feed: Feed
    bound: tuple[_Bound, ...]
    batch_id: str
    landed_at: datetime

    @property
    def table(self) -> str:
        return f"{quote(self.feed.schema)}.{quote(self.feed.name)}"

    @property
    def is_policy(self) -> bool:
        """Policy tables are small, and replaced as a whole each time."""
        return self.feed.schema == "policy"

    @property
    def sources(self) -> list[str]:
        return [each.source.name for each in self.bound]


def land_feed(
    ingest_file: Path,
    feed: Feed,
    profile: Profile,
    *,
    batch_id: str,
    landed_at: datetime,
    log: Callable[[str], None],
    sessions: Sessions | None = None,
    window: Window | None = None,
) -> FeedResult:
    """Land what the sources of `feed` have that is new, and return what became of it.

    `sessions` keeps sources open from feed to feed, so that they are seen at one moment. With a `window`, land that
    part of their history again, whatever was landed of it.
    `landed_at` is an aware instant. The file is open in this process only during the call. ExtractError says which
    source, expression or file is wrong; nothing of the feed is changed then.
    """
    started = time.perf_counter()
    bound = _policy_source(feed, profile) if feed.schema == "policy" else _feed_sources(feed, profile)
    batch = _Batch(feed, bound, batch_id, landed_at.astimezone(UTC).replace(tzinfo=None))
    with duckdb.connect(str(ingest_file)) as con, _scratch(ingest_file) as scratch:
        con.execute("set TimeZone = 'UTC'")
        create_targets(con, feed)
        mapped: dict[str, list[Counts]] = {}
        deliveries: dict[str, Delivery] = {}
        for number, each in enumerate(bound):
            name = each.source.name
            request = _request(con, batch, each, landed_at, scratch)
            request = replace(request, window=window, sessions=sessions or Sessions(), progress=log)
            deliveries[name] = connector_for(each.source).deliver(con, request)
            log(f"{feed.name}: {name}: {deliveries[name].note}")
            context = Context(feed, each.source, each.zone, profile.file)
            mapped[name] = [
                map_part(con, context, part, number * _PARTS_PER_SOURCE + index)
                for index, part in enumerate(deliveries[name].parts)
            ]
        _judge(con, batch, deliveries)
        outcomes = _outcomes(con, mapped)
        con.execute("begin")
        _apply(con, batch)
        _apply_rejects(con, batch)
        _remember(con, batch, deliveries)
        _record(con, batch, outcomes)
        con.execute("commit")
        (row_count,) = _one(con, f"select count(*) from {batch.table}")
    return FeedResult(
        feed=feed.name,
        is_connected=bool(bound),
        sources=tuple(batch.sources),
        delivered=sum(each.delivered for counts in mapped.values() for each in counts),
        **{name: sum(counts[name] for counts in outcomes.values()) for name in (*OUTCOMES, "deleted")},
        row_count=row_count,
        seconds=round(time.perf_counter() - started, 3),
        notices=tuple(notice for delivery in deliveries.values() for notice in delivery.notices),
    )


def _feed_sources(feed: Feed, profile: Profile) -> tuple[_Bound, ...]:
    bindings = profile.feeds.get(feed.name, ())
    bound = []
    for name in dict.fromkeys(binding.source for binding in bindings):
        own = tuple(binding for binding in bindings if binding.source == name)
        fingerprints = tuple(profile.binding_fingerprint(binding, feed) for binding in own)
        bound.append(_Bound(profile.sources[name], profile.zone_of(name), own, fingerprints))
    return tuple(bound)


def _policy_source(feed: Feed, profile: Profile) -> tuple[_Bound, ...]:
    path = profile.policies.get(feed.name, POLICIES_DIR / f"{feed.name}.csv")
    source = FilesSource(name="policy", connector="files", root=str(path.parent))
    binding = Binding(source="policy", path=glob.escape(path.name), format="csv")
    return (_Bound(source, profile.time_zone, (binding,), ("",)),)


@contextmanager
def _scratch(ingest_file: Path) -> Iterator[Path]:
    """Give an empty folder for staged files; what a killed landing left there goes."""
    folder = ingest_file.with_name(f"{ingest_file.name}.staged")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _request(
    con: duckdb.DuckDBPyConnection, batch: _Batch, each: _Bound, landed_at: datetime, scratch: Path
) -> Request:
    place = [batch.feed.name, each.source.name]
    files = con.execute(
        "select path, sha256, fingerprint, byte_count, tag from raw.files where feed = ? and source = ?", place
    ).fetchall()
    cursors = con.execute(
        "select fingerprint, value, value_type from raw.cursors where feed = ? and source = ?", place
    ).fetchall()
    return Request(
        feed=batch.feed.name,
        bindings=each.bindings,
        fingerprints=each.fingerprints,
        zone=each.zone,
        landed_at=landed_at,
        scratch=scratch,
        landed_files={row[0]: LandedFile(*row) for row in files},
        cursors={row[0]: CursorState(*row) for row in cursors},
    )


def _judge(con: duckdb.DuckDBPyConnection, batch: _Batch, deliveries: dict[str, Delivery]) -> None:
    """Find the outcome of each incoming row (temporary table judged), and the rows that are gone (gone)."""
    feed = batch.feed
    names = [column.name for column in feed.columns]
    # Places that were delivered as a whole: what stands there and was not delivered is gone.
    con.execute("create temp table whole (source varchar, file varchar)")
    reread = [(source, place) for source, delivery in deliveries.items() for place in delivery.reread]
    if reread:
        con.executemany("insert into whole values (?, ?)", reread)
    con.execute(
        f"insert into whole select distinct _source, _file from {batch.table} where ? or not list_contains(?, _source)",
        [batch.is_policy, batch.sources],
    )
    versions = "".join(f"{quote(name)} desc nulls last, " for name in feed.version)
    con.execute(
        f"""
        create temp table winners as
        select *
        from incoming
        qualify row_number() over (partition by {quote_all(feed.key)} order by {versions}_part desc, _row desc) = 1
        """
    )
    same_key = _same_key(feed, "winners", "existing")
    is_same = " and ".join(f"winners.{quote(n)} is not distinct from existing.{quote(n)}" for n in names)
    con.execute(
        f"""
        create temp table judged as
        select
            winners.*,
            case
                when existing._source is null then 'inserted'
                when {is_same} then 'unchanged'
                when whole.source is null and ({_is_older(feed)}) then 'superseded'
                else 'replaced'
            end as _outcome,
            whole.source is not null and (
                existing._source is distinct from winners._source
                or existing._file is distinct from winners._file
                or existing._line is distinct from winners._line
            ) as _is_moved
        from winners
        left join {batch.table} as existing on {same_key}
        left join whole on existing._source = whole.source and existing._file = whole.file
        """
    )
    con.execute(
        f"""
        create temp table gone as
        select existing._source, {quote_all(feed.key, "existing.")}
        from {batch.table} as existing
        inner join whole on existing._source = whole.source and existing._file = whole.file
        where not exists (select 1 from winners where {same_key})
        """
    )


def _same_key(feed: Feed, left: str, right: str) -> str:
    return " and ".join(f"{left}.{quote(name)} = {right}.{quote(name)}" for name in feed.key)


def _is_older(feed: Feed) -> str:
    """Write the SQL of: the winner's version is before that of the existing row; a missing version is the lowest."""
    cases = []
    equal = "true"
    for name in feed.version:
        new, old = f"winners.{quote(name)}", f"existing.{quote(name)}"
        cases.append(f"({equal} and {old} is not null and ({new} is null or {new} < {old}))")
        equal += f" and {new} is not distinct from {old}"
    return " or ".join(cases) or "false"


def _outcomes(con: duckdb.DuckDBPyConnection, mapped: dict[str, list[Counts]]) -> dict[str, dict[str, int]]:
    """Count the outcomes by source."""
    counted: dict[str, dict[str, int]] = {source: dict.fromkeys((*OUTCOMES, "deleted"), 0) for source in mapped}
    for source, parts in mapped.items():
        counted[source]["filtered"] = sum(part.filtered for part in parts)
        counted[source]["rejected"] = sum(part.rejected for part in parts)
    rows = con.execute(
        """
        select _source, _outcome, count(*) from judged group by all
        union all
        select _source, 'superseded', count(*) from incoming group by all
        union all
        select _source, 'superseded', -count(*) from winners group by all
        union all
        select _source, 'deleted', count(*) from gone group by all
        """
    ).fetchall()
    for source, outcome, count in rows:
        counts = counted.setdefault(source, dict.fromkeys((*OUTCOMES, "deleted"), 0))
        counts[outcome] += count
    return counted


def _apply(con: duckdb.DuckDBPyConnection, batch: _Batch) -> None:
    """Change the feed's table by what was judged."""
    columns = quote_all(column.name for column in batch.feed.columns)
    same_key = _same_key(batch.feed, "judged", "landed")
    con.execute(f"delete from {batch.table} as landed using gone where {_same_key(batch.feed, 'gone', 'landed')}")
    con.execute(f"delete from {batch.table} as landed using judged where {same_key} and judged._outcome = 'replaced'")
    con.execute(
        f"""
        update {batch.table} as landed
        set _source = judged._source, _file = judged._file, _line = judged._line
        from judged
        where {same_key} and judged._outcome = 'unchanged' and judged._is_moved
        """
    )
    con.execute(
        f"""
        insert into {batch.table} ({columns}, _source, _file, _line, _batch_id)
        select {columns}, _source, _file, _line, ?
        from judged
        where _outcome in ('inserted', 'replaced')
        order by _part, _row
        """,
        [batch.batch_id],
    )


def _apply_rejects(con: duckdb.DuckDBPyConnection, batch: _Batch) -> None:
    """Keep the rows that are rejected now: a reject goes when its place is read again, or its key delivered again."""
    feed = batch.feed
    databases = [each.source.name for each in batch.bound if isinstance(each.source, SqlSource)]
    con.execute(
        f"""
        delete from raw.rejects
        where feed = ? and (
            ?
            or not list_contains(?, source)
            or (source, file) in (select (source, file) from whole)
            or (source, row_key) in (
                select (_source, {row_key(feed)}) from incoming
                union all
                select (source, row_key) from bad where row_key is not null
            )
        )
        """,
        [feed.name, batch.is_policy, batch.sources],
    )
    # A line number says where a row stands in a file; in a database it is only the order of this reading.
    con.execute(
        """
        create temp table refused as
        select
            md5(to_json([
                source, file, case when list_contains(?, source) then '' else cast(line as varchar) end,
                row_json, cast(reasons as varchar)
            ])) as reject_id,
            *
        from bad
        """,
        [databases],
    )
    con.execute("delete from raw.rejects where feed = ? and reject_id in (select reject_id from refused)", [feed.name])
    con.execute(
        """
        insert into raw.rejects
        select distinct on (reject_id)
            reject_id, ?, source, file, line, row_json, row_key, reasons, reason_kinds, column_names, ?, ?
        from refused
        order by source, file, line, reject_id
        """,
        [feed.name, batch.batch_id, batch.landed_at],
    )


def _remember(con: duckdb.DuckDBPyConnection, batch: _Batch, deliveries: dict[str, Delivery]) -> None:
    """Write the ledger of files and the cursors."""
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
        con.execute("delete from raw.cursors where feed = ? and source = ?", [feed, source])
        _insert(con, "raw.files", [[feed, source, *astuple(file), *end] for file in delivery.files])
        _insert(con, "raw.notices", [[feed, source, *astuple(notice), *end] for notice in delivery.notices])
        _insert(con, "raw.cursors", [[feed, source, *astuple(cursor), *end] for cursor in delivery.cursors])


def _record(con: duckdb.DuckDBPyConnection, batch: _Batch, outcomes: dict[str, dict[str, int]]) -> None:
    """Write what became of the rows of each source."""
    rows = [
        [
            batch.batch_id,
            batch.feed.name,
            source,
            batch.landed_at,
            sum(counts[name] for name in OUTCOMES),
            *(counts[name] for name in (*OUTCOMES, "deleted")),
        ]
        for source, counts in outcomes.items()
    ]
    _insert(con, "raw.batches", rows)


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[list[object]]) -> None:
    if rows:
        con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None  # asked only of aggregates, which always return one row
    return tuple(row)
