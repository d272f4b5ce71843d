"""Landing: brings a feed from its sources into the ingest file; rows, rejects, ledger and cursors in one transaction.

A row is known by its feed's key, and the latest version wins, then the latest delivery. Every delivered row has one
outcome: inserted, replaced (an earlier version), unchanged, superseded, filtered or rejected.
"""

# ruff: noqa: S608 - names come from the contract, all through sql_text
from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import duckdb

from orchestration.engine import connect
from orchestration.extract import judging, ledger
from orchestration.extract.batch import Batch, Bound, make_batch
from orchestration.extract.connectors import connector_for
from orchestration.extract.connectors.delivery import Delivery, Notice, Sessions, Window
from orchestration.extract.contract import Feed
from orchestration.extract.drift import Drift, find_drift, read_known, unused_columns
from orchestration.extract.errors import MappingError
from orchestration.extract.ingest_file import (
    OUTCOMES,
    FeedState,
    prepare_ingest,
    read_feed_states,
    read_notices,
    read_rejects_summary,
)
from orchestration.extract.limits import check_rejects, stale_notices
from orchestration.extract.mapping import Context, Counts, create_targets, map_part, map_present
from orchestration.extract.policy_checks import check_policy
from orchestration.extract.profile_model import Profile
from orchestration.extract.sql_text import quote
from orchestration.extract.suppression import Suppression, suppress

__all__ = [
    "FeedResult",
    "FeedState",
    "Recorder",
    "land_feed",
    "prepare_ingest",
    "read_feed_states",
    "read_notices",
    "read_rejects_summary",
]

# Room for the bindings of one source in the numbers that order the parts of a landing.
_PARTS_PER_SOURCE = 1000


@dataclass(frozen=True)
class FeedResult:
    """What one landing of a feed did. delivered = inserted + replaced + unchanged + superseded + filtered + rejected.

    `deleted` rows are gone from their source; `row_count` is the table's afterwards. `suppressed` of the delivered rows
    lost what they say of a forgotten person.
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
    suppressed: int = 0


class Recorder(Protocol):
    """Keeps what landings change, beside the ingest file."""

    def before(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
        """Look at what stands, in the transaction that will change it."""

    def after(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> Callable[[], None]:
        """Write down what the transaction changed, and return what to call once it is committed."""


@dataclass
class _Incoming:
    """What the sources brought, by source."""

    deliveries: dict[str, Delivery] = field(default_factory=dict)
    counts: dict[str, list[Counts]] = field(default_factory=dict)
    drifts: dict[str, Drift] = field(default_factory=dict)


def land_feed(  # noqa: PLR0913 - each is the caller's own choice
    ingest_file: Path,
    feed: Feed,
    profile: Profile,
    *,
    batch_id: str,
    landed_at: datetime,
    log: Callable[[str], None],
    sessions: Sessions | None = None,
    window: Window | None = None,
    recorder: Recorder | None = None,
    suppression: Suppression | None = None,
) -> FeedResult:
    """Land what the sources of `feed` have that is new, and return what became of it.

    `sessions` keeps sources open from feed to feed, so that they are seen at one moment; without it they are closed at
    the end. With a `window`, land that part of their history again, whatever was landed of it. `log` is told what each
    source brings, and how far a long read is. The `recorder` is shown each transaction; `suppression` says who is kept
    out.
    `landed_at` is an aware instant. The file is open in this process only during the call. ExtractError says which
    source, expression or file is wrong; nothing of the feed is changed then.
    """
    started = time.perf_counter()
    batch = make_batch(feed, profile, batch_id, landed_at)
    incoming = _Incoming()
    with (
        connect(ingest_file) as con,
        _scratch(ingest_file) as scratch,
        nullcontext(sessions) if sessions else Sessions() as opened,
    ):
        con.execute("set TimeZone = 'UTC'")
        create_targets(con, feed)
        ours = _temporary(con)
        for number, each in enumerate(batch.bound):
            request = ledger.make_request(con, batch, each, scratch)
            request = replace(request, window=window, sessions=opened, progress=log)
            delivery = connector_for(each.source).deliver(con, request)
            log(f"{feed.name}: {each.source.name}: {delivery.note}")
            context = Context(feed, each.source, each.zone, profile.file)
            incoming.deliveries[each.source.name] = delivery
            _map(con, batch, context, each, incoming, number * _PARTS_PER_SOURCE)
            _drop_all_but(con, ours)
        if batch.is_policy:
            check_policy(con, feed)
        suppressed = suppress(con, batch, suppression) if suppression and not batch.is_policy else {}
        judging.judge(con, batch, incoming.deliveries)
        outcomes = judging.outcomes(con, incoming.counts)
        con.execute("begin")
        if recorder:
            recorder.before(con, batch)
        judging.apply_rows(con, batch)
        judging.apply_tombstones(con, batch)
        ledger.apply_rejects(con, batch)
        ledger.remember(con, batch, incoming.deliveries, is_window=window is not None)
        ledger.remember_columns(con, batch, incoming.drifts)
        notices = _notice(con, batch, incoming)
        ledger.record(con, batch, outcomes, suppressed)
        keep = recorder.after(con, batch) if recorder else None
        con.execute("commit")
        if keep:
            keep()
        ((row_count,),) = con.execute(f"select count(*) from {batch.table}").fetchall()
    return FeedResult(
        feed=feed.name,
        is_connected=bool(batch.bound),
        sources=tuple(batch.sources),
        delivered=sum(each.delivered for counts in incoming.counts.values() for each in counts),
        **{name: sum(counts[name] for counts in outcomes.values()) for name in (*OUTCOMES, "deleted")},
        row_count=row_count,
        seconds=round(time.perf_counter() - started, 3),
        notices=notices,
        suppressed=sum(suppressed.values()),
    )


def _map(
    con: duckdb.DuckDBPyConnection, batch: Batch, context: Context, each: Bound, incoming: _Incoming, first: int
) -> None:
    """Map what the source `each` brought, whose parts are numbered from `first` on."""
    source, delivery = each.source.name, incoming.deliveries[each.source.name]
    # Policy tables are replaced as a whole, by files that are ours or the company's: there is nothing to drift.
    known = [] if batch.is_policy else read_known(con, batch.feed.name, source)
    drift, parts = find_drift(con, context, each.bindings, delivery.parts, known)
    counts = []
    for number, part in enumerate(parts, first):
        overflow = unused_columns(con, context, part) if part.binding.overflow else ()
        counted = map_part(con, context, part, number, overflow)
        if not batch.is_policy:  # of which check_policy allows none
            check_rejects(con, context, part, number, counted, drift)
        counts.append(counted)
    incoming.counts[source] = counts
    if not batch.is_policy:
        incoming.drifts[source] = drift
    _map_present(con, context, each, delivery)


def _map_present(con: duckdb.DuckDBPyConnection, context: Context, each: Bound, delivery: Delivery) -> None:
    """Map the keys that places now hold; every binding of such a place must say what identifies its rows."""
    for part in delivery.present:
        index = each.bindings.index(part.binding)
        for binding in each.bindings:
            if binding.table is not None and binding.table == part.binding.table and not binding.compare_keys:
                raise MappingError(
                    f"{context.profile.name}:{binding.line}: feed {context.feed.name}, source {each.source.name}: "
                    f"another binding of {binding.table} has compare_keys; write them here too, or the rows of this "
                    "binding would be taken for deleted"
                )
        map_present(con, context, part, part.binding.table or f"query {index + 1}")


def _notice(con: duckdb.DuckDBPyConnection, batch: Batch, incoming: _Incoming) -> tuple[Notice, ...]:
    """Write what was noticed at each source, and return it."""
    told: list[Notice] = []
    for each in batch.bound:
        source = each.source.name
        drift = incoming.drifts.get(source)
        changes = drift.notices if drift else ()
        states = [
            *incoming.deliveries[source].notices,
            *(notice for counts in incoming.counts[source] for notice in counts.notices),
            *stale_notices(con, batch, source, each.bindings),
        ]
        ledger.write_notices(con, batch, source, changes, states)
        told += [*changes, *states]
    return tuple(told)


def _temporary(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """List the temporary views and tables: kind and name."""
    return set(
        con.execute(
            """
            select 'view', view_name from duckdb_views() where temporary and not internal
            union all
            select 'table', table_name from duckdb_tables() where temporary and not internal
            """
        ).fetchall()
    )


def _drop_all_but(con: duckdb.DuckDBPyConnection, kept: set[tuple[str, str]]) -> None:
    """Drop what a source's delivery and its mapping left: it is as large as the rows themselves."""
    for kind, name in sorted(_temporary(con) - kept, reverse=True):
        con.execute(f"drop {kind} {quote(name)}")


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
