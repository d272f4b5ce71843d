"""Judging: finds what becomes of each incoming row, which rows are gone, and changes the feed's table by that.

Works between temporary tables: `losers` leave `incoming`, which then has one row per key; `judged` has the outcome of
each of these, and `gone` the keys that go.
"""

# ruff: noqa: S608 - names come from the contract, all through sql_text; values are parameters
from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from orchestration.extract.batch import Batch
from orchestration.extract.connectors.delivery import Delivery
from orchestration.extract.contract import Feed
from orchestration.extract.ingest_file import OUTCOMES
from orchestration.extract.mapping import Counts, row_key
from orchestration.extract.sql_text import quote, quote_all


def judge(con: duckdb.DuckDBPyConnection, batch: Batch, deliveries: Mapping[str, Delivery]) -> None:
    """Find the outcome of each incoming row (temporary table judged), and the rows that are gone (gone)."""
    _find_whole_places(con, batch, deliveries)
    _read_tombstones(con, batch)
    feed = batch.feed
    _drop_losers(con, feed)
    columns = (*(column.name for column in feed.columns), "_overflow")
    is_same = " and ".join(f"incoming.{quote(n)} is not distinct from existing.{quote(n)}" for n in columns)
    kept = quote_all(
        dict.fromkeys((*feed.key, *feed.version, "_source", "_file", "_line", "_part", "_row")), "incoming."
    )
    con.execute(
        f"""
        create temp table judged as
        select
            {kept},
            incoming._is_deleted,
            case
                when existing._source is not null and whole.source is null and ({_is_older(feed, "existing")})
                    then 'superseded'
                when tombstones.source is not null and ({_is_older(feed, "tombstones")}) then 'superseded'
                when incoming._is_deleted then 'filtered'
                when existing._source is null then 'inserted'
                when {is_same} then 'unchanged'
                else 'replaced'
            end as _outcome,
            whole.source is not null and (
                existing._source is distinct from incoming._source
                or existing._file is distinct from incoming._file
                or existing._line is distinct from incoming._line
            ) as _is_moved
        from incoming
        left join {batch.table} as existing on {_same_key(feed, "incoming", "existing")}
        left join whole on existing._source = whole.source and existing._file = whole.file
        left join tombstones on {_same_key(feed, "incoming", "tombstones")}
        """
    )
    _find_gone(con, batch)


def outcomes(con: duckdb.DuckDBPyConnection, mapped: Mapping[str, Sequence[Counts]]) -> dict[str, dict[str, int]]:
    """Count the outcomes by source."""
    counted: dict[str, dict[str, int]] = {source: dict.fromkeys((*OUTCOMES, "deleted"), 0) for source in mapped}
    for source, parts in mapped.items():
        counted[source]["filtered"] = sum(part.filtered for part in parts)
        counted[source]["rejected"] = sum(part.rejected for part in parts)
    rows = con.execute(
        """
        select _source, _outcome, count(*) from judged group by all
        union all
        select _source, 'superseded', count(*) from losers group by all
        union all
        select _source, 'deleted', count(*) from gone group by all
        """
    ).fetchall()
    for source, outcome, count in rows:
        counts = counted.setdefault(source, dict.fromkeys((*OUTCOMES, "deleted"), 0))
        counts[outcome] += count
    return counted


def list_written(con: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Put the keys of the rows that the landing writes into the temporary table written; gone has those it removes."""
    con.execute(
        f"""
        create temp table written as
        select {quote_all(feed.key)}
        from judged
        where _outcome in ('inserted', 'replaced') or (_outcome = 'unchanged' and _is_moved)
        """
    )


def apply_rows(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
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
        insert into {batch.table} ({columns}, _source, _file, _line, _overflow, _batch_id)
        select {columns}, _source, _file, _line, _overflow, ?
        from incoming
        where (_part, _row) in (select (_part, _row) from judged where _outcome in ('inserted', 'replaced'))
        order by _part, _row
        """,
        [batch.batch_id],
    )


def apply_tombstones(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Remember which keys are deleted in their source, so that an earlier version that comes late stays out."""
    feed = batch.feed
    # Only few feeds have any: the keys of all rows need not be written out for the others.
    if con.execute("select 1 from raw.tombstones where feed = ? limit 1", [feed.name]).fetchall():
        con.execute(
            f"""
            delete from raw.tombstones
            where feed = ? and (
                not list_contains(?, source)
                or (source, file) in (select (source, file) from whole)
                or row_key in (select {row_key(feed)} from judged where _outcome <> 'superseded')
            )
            """,
            [feed.name, batch.sources],
        )
    version = ", ".join(f"cast({quote(name)} as varchar)" for name in feed.version)
    con.execute(
        f"""
        insert into raw.tombstones (feed, source, file, row_key, version, batch_id, landed_at)
        select ?, _source, _file, {row_key(feed)}, cast([{version}] as varchar[]), ?, ?
        from judged
        where _is_deleted and _outcome = 'filtered'
        """,
        [feed.name, batch.batch_id, batch.landed_at],
    )


def _drop_losers(con: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Take out of `incoming` the rows of which it has a later version, or a later delivery of the same version."""
    versions = "".join(f"{quote(name)} desc nulls last, " for name in feed.version)
    con.execute(
        f"""
        create temp table losers as
        select {quote_all(feed.key)}, _source, _part, _row
        from incoming
        qualify row_number() over (partition by {quote_all(feed.key)} order by {versions}_part desc, _row desc) > 1
        """
    )
    con.execute("delete from incoming where (_part, _row) in (select (_part, _row) from losers)")


def _find_whole_places(con: duckdb.DuckDBPyConnection, batch: Batch, deliveries: Mapping[str, Delivery]) -> None:
    """List the places that were delivered as a whole: what stands there and was not delivered is gone."""
    con.execute("create temp table whole (source varchar, file varchar)")
    reread = [(source, place) for source, delivery in deliveries.items() for place in delivery.reread]
    if reread:
        con.executemany("insert into whole values (?, ?)", reread)
    con.execute(
        f"insert into whole select distinct _source, _file from {batch.table} where ? or not list_contains(?, _source)",
        [batch.is_policy, batch.sources],
    )


def _read_tombstones(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Put what is known to be deleted into the temporary table tombstones, but for places delivered as a whole."""
    feed = batch.feed
    keys = ", ".join(
        f"cast(json_extract_string(row_key, '$[{index}]') as {feed.column(name).type}) as {quote(name)}"
        for index, name in enumerate(feed.key)
    )
    versions = "".join(
        f", cast(version[{index}] as {feed.column(name).type}) as {quote(name)}"
        for index, name in enumerate(feed.version, 1)
    )
    con.execute(
        f"""
        create temp table tombstones as
        select source, {keys}{versions}
        from raw.tombstones
        where feed = ? and list_contains(?, source) and (source, file) not in (select (source, file) from whole)
        """,
        [feed.name, batch.sources],
    )


def _find_gone(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Rows are gone when their place was delivered without them, by a tombstone, or when their key is not present."""
    feed = batch.feed
    delivered = f"select 1 from incoming where {_same_key(feed, 'incoming', 'existing')}"
    keys = f"existing._source, {quote_all(feed.key, 'existing.')}"
    queries = [
        f"""
        select {keys}
        from {batch.table} as existing
        inner join whole on existing._source = whole.source and existing._file = whole.file
        where not exists ({delivered})
        """,
        f"""
        select {keys}
        from {batch.table} as existing
        inner join judged on {_same_key(feed, "judged", "existing")}
        where judged._is_deleted and judged._outcome = 'filtered'
        """,
        f"""
        select {keys}
        from {batch.table} as existing
        inner join compared on existing._source = compared.source and existing._file = compared.file
        where not exists ({delivered}) and not exists (
            select 1
            from present
            where {_same_key(feed, "present", "existing")}
                and present._source = existing._source
                and present._file = existing._file
        )
        """,
    ]
    con.execute(f"create temp table gone as {' union '.join(queries)}")


def _same_key(feed: Feed, left: str, right: str) -> str:
    return " and ".join(f"{left}.{quote(name)} = {right}.{quote(name)}" for name in feed.key)


def _is_older(feed: Feed, other: str) -> str:
    """Write the SQL of: the incoming version is before that of `other`; a missing version is the lowest."""
    cases = []
    equal = "true"
    for name in feed.version:
        new, old = f"incoming.{quote(name)}", f"{other}.{quote(name)}"
        cases.append(f"({equal} and {old} is not null and ({new} is null or {new} < {old}))")
        equal += f" and {new} is not distinct from {old}"
    return " or ".join(cases) or "false"
