"""What a delivery must not exceed: the share of its rows that may be rejected, and the age of its newest row."""

# ruff: noqa: S608 - names come from the contract, all through sql_text; values are parameters
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import duckdb

from orchestration.extract.batch import Batch
from orchestration.extract.connectors.delivery import Notice, Part
from orchestration.extract.contract import Feed
from orchestration.extract.drift import Drift, place_key
from orchestration.extract.errors import FeedStoppedError
from orchestration.extract.mapping import Context, Counts
from orchestration.extract.profile_model import Binding
from orchestration.extract.shown import without_value
from orchestration.extract.sql_text import quote

# A few bad rows stop no feed, whatever share of a small delivery they are.
_TOLERATED_REJECTS = 10


def is_too_many(counts: Counts, allowed_rejects: float) -> bool:
    """Whether so many rows are rejected that the feed stops: a share above the allowed, or all of them.

    Rows that `where` leaves out are not of the feed, so they do not count.
    """
    rows = counts.delivered - counts.filtered
    return counts.rejected > _TOLERATED_REJECTS and (
        counts.rejected == rows or counts.rejected > allowed_rejects * rows
    )


def check_rejects(
    con: duckdb.DuckDBPyConnection, context: Context, part: Part, number: int, counts: Counts, drift: Drift
) -> None:
    """Stop the feed if `part` has too many rejects: FeedStoppedError says which, and what else changed."""
    binding = part.binding
    if not is_too_many(counts, binding.allowed_rejects):
        return
    rows = counts.delivered - counts.filtered
    reasons = con.execute(
        """
        with reasons as (
            select
                unnest(column_names) as column_name,
                unnest(reason_kinds) as reason_kind,
                unnest(reasons) as reason
            from bad
            where part = ?
        )
        select column_name, reason_kind, count(*), min(reason), max(reason)
        from reasons
        group by column_name, reason_kind
        order by count(*) desc, column_name, reason_kind
        """,
        [number],
    ).fetchall()
    lines = [
        f"  {column or 'lines'}, {kind}: {count:,} times; "
        f"{'; '.join(dict.fromkeys([without_value(first), without_value(last)]))}"
        for column, kind, count, first, last in reasons
    ]
    lines += [f"  noticed: {notice.message}" for notice in drift.notices]
    limit = (
        "which is all"
        if counts.rejected == rows
        else f"and no more than {100 * binding.allowed_rejects:g} % are allowed (allowed_rejects)"
    )
    raise FeedStoppedError(
        f"{context.profile.name}:{binding.line}: feed {context.feed.name}, source {context.source.name}, "
        f"{place_key(binding)}: {counts.rejected:,} of {rows:,} rows are rejected, {limit}; nothing of the feed was "
        "changed. Correct the mapping or the source:\n" + "\n".join(lines)
    )


def stale_notices(
    con: duckdb.DuckDBPyConnection, batch: Batch, source: str, bindings: Sequence[Binding]
) -> list[Notice]:
    """Look at the feed's table for the newest row of `source`; a notice for each binding for which it is too old."""
    limited = [binding for binding in bindings if binding.fresh_within_hours is not None]
    if not limited:
        return []
    newest = _newest(con, batch, source)
    notices = []
    for binding in limited:
        hours = binding.fresh_within_hours or 0
        if newest is None or newest < batch.landed_at - timedelta(hours=hours):
            found = f"the newest row is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "there is no row with a time"
            message = f"{place_key(binding)}: {found}, expected one within {hours:g} hours (fresh_within_hours)"
            notices.append(Notice("stale", message, place_key(binding)))
    return notices


def _newest(con: duckdb.DuckDBPyConnection, batch: Batch, source: str) -> datetime | None:
    """Find the newest instant of a source's rows, not after the landing: a date in the future is no sign of life."""
    for name in time_columns(batch.feed):
        newest: datetime | None = con.execute(
            f"select max(cast({quote(name)} as timestamp)) from {batch.table} where _source = ? and {quote(name)} <= ?",
            [source, batch.landed_at],
        ).fetchall()[0][0]
        if newest:
            return newest
    return None


def time_columns(feed: Feed) -> list[str]:
    """List the columns that tell the age of a feed's rows, the best first: its version, then what is required."""
    timed = [column for column in feed.columns if column.type in {"timestamp", "date"}]

    def rank(index: int) -> tuple[bool, bool, bool, int]:
        column = timed[index]
        return (
            column.name not in feed.version,
            not (column.required or column.name in feed.key),
            column.type == "date",
            index,
        )

    return [timed[index].name for index in sorted(range(len(timed)), key=rank)]
