"""A feed against what it was: its rows, what is new, how old the newest is, what is rejected, and how values spread.

Earlier builds are told by the ledger of landings (raw.batches) and by the last version served (meta.feeds and
meta.feed_values of the database `previous`). With no version or few builds there is nothing to compare with, and
nothing is judged.
"""

# ruff: noqa: S608 - names come from contracts, all through expectations.sql; bounds are numbers
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from great_expectations.expectations.expectation import Expectation

from expectations.engine import PREVIOUS
from expectations.limits import TableLimits
from expectations.results import WHOLE
from expectations.sql import identifier, literal
from expectations.suites import kinds
from expectations.suites.base import CLOCK_TOLERANCE, is_instant, utc
from expectations.suites.circumstances import Circumstances
from expectations.tables import ColumnSpec, TableSpec

# Days with a landing before the last one, without the first, which brings the whole history.
USUAL_DAYS = 5
# A value that one side does not have would make the index infinite; it counts as this share of the rows.
LEAST_SHARE = 0.0001


def history(table: TableSpec, limits: TableLimits, circumstances: Circumstances) -> Iterator[Expectation]:
    """What is demanded of a connected feed against earlier builds and against as-of."""
    yield _rejects(table, limits)
    yield _new_rows(table, limits)
    if "meta.feeds" in circumstances.previous:
        yield _kept_rows(table, limits)
    if circumstances.as_of is not None:
        for name in _demanded(table, limits, "fresh"):
            yield _fresh(limits, name, circumstances.as_of)
    if {"meta.feed_values", "meta.builds"} <= circumstances.previous:
        for name in _demanded(table, limits, "spread_as_before"):
            yield _spread(table, limits, name, "spread_as_before", "true")
        landed_since = f"_batch_id not in (select build_id from {PREVIOUS}.meta.builds)"
        for name in _demanded(table, limits, "new_rows_spread_as_before"):
            yield _spread(table, limits, name, "new_rows_spread_as_before", landed_since)


def can_be_demanded(column: ColumnSpec, expectation: str) -> bool:
    """Whether a row of limits may demand this of a column."""
    if expectation == "fresh":
        return is_instant(column)
    return expectation in ("spread_as_before", "new_rows_spread_as_before") and bool(column.allowed_values)


def _demanded(table: TableSpec, limits: TableLimits, expectation: str) -> list[str]:
    columns = limits.columns(expectation)
    return [c.name for c in table.columns if c.name in columns and can_be_demanded(c, expectation)]


def _rejects(table: TableSpec, limits: TableLimits) -> Expectation:
    query = f"""
        select round(rejected_count / sample, 4) as measured, rejected_count, sample
        from (
            select count(*) as rejected_count, count(*) + (select count(*) from {{batch}}) as sample
            from raw.rejects where feed = {literal(table.table_name)}
        ) as counted
        where sample > 0
        """
    return kinds.measured(limits, "rejects", "the share of rows that stay rejected is at most {high}", query)


def _kept_rows(table: TableSpec, limits: TableLimits) -> Expectation:
    query = f"""
        select
            round((select count(*) from {{batch}}) / row_count, 4) as measured,
            row_count as sample,
            (select count(*) from {{batch}}) as rows_now
        from {PREVIOUS}.meta.feeds
        where feed = {literal(table.table_name)} and row_count > 0
        """
    return kinds.measured(
        limits, "rows_kept", "the feed has at least {low} times the rows of the last version served", query
    )


def _new_rows(table: TableSpec, limits: TableLimits) -> Expectation:
    """New rows of the last day with a landing, against the median of the days before: each as rows per day since the
    landing before it, so that nights left out and builds repeated on a day make no difference."""
    query = f"""
        with days as (
            select cast(landed_at as date) as landed_date, sum(inserted) as new_count
            from raw.batches
            where feed = {literal(table.table_name)}
            group by landed_date
        ),
        paced as (
            select
                *,
                date_diff('day', lag(landed_date) over (order by landed_date), landed_date) as day_count,
                row_number() over (order by landed_date desc) as back
            from days
        ),
        usual as (
            select median(new_count / day_count) as daily_count, count(*) as known_days
            from paced where back > 1 and day_count is not null
        )
        select
            round(new_count / (daily_count * day_count), 3) as measured,
            new_count,
            round(daily_count * day_count, 1) as usual_count,
            (select count(*) from {{batch}}) as row_count,
            daily_count * day_count as sample
        from paced, usual
        where back = 1 and known_days >= {USUAL_DAYS} and daily_count > 0 and day_count is not null
        """
    return kinds.measured(
        limits, "new_rows", "{low} to {high} times as many rows are new as on the days of earlier builds", query
    )


def _fresh(limits: TableLimits, column: str, as_of: datetime) -> Expectation:
    name, now = identifier(column), utc(as_of)
    query = f"""
        select round(date_diff('minute', newest, {kinds.moment(now)}) / 60, 1) as measured, newest, 1 as sample
        from (
            select max(cast({name} as timestamp)) as newest from {{batch}}
            where {name} <= {kinds.moment(now + CLOCK_TOLERANCE)}
        ) as counted
        """
    return kinds.measured(
        limits,
        "fresh",
        f"the newest {column} is at most {{high}} hours before as-of ({now:%Y-%m-%d %H:%M} UTC)",
        query,
        column=column,
        guards=(WHOLE,),  # what has not come yet is missing in every column
    )


def _spread(table: TableSpec, limits: TableLimits, column: str, name: str, condition: str) -> Expectation:
    """The population stability index: the sum over values of (share now − share before) · ln(share now / before)."""
    query = f"""
        with present as (
            select coalesce({identifier(column)}, '') as value, count(*) as row_count
            from {{batch}} where {condition} group by value
        ),
        earlier as (
            select coalesce(value, '') as value, row_count
            from {PREVIOUS}.meta.feed_values
            where feed = {literal(table.table_name)} and column_name = {literal(column)}
        ),
        shares as (
            select
                value,
                greatest(coalesce(present.row_count, 0) / (select sum(row_count) from present), {LEAST_SHARE}) as now,
                greatest(coalesce(earlier.row_count, 0) / (select sum(row_count) from earlier), {LEAST_SHARE}) as before
            from present full join earlier using (value)
        )
        select
            round(sum((now - before) * ln(now / before)), 4) as measured,
            arg_max(value, (now - before) * ln(now / before)) as moved_most,
            round(arg_max(before, (now - before) * ln(now / before)), 4) as its_share_before,
            round(arg_max(now, (now - before) * ln(now / before)), 4) as its_share_now,
            least(
                coalesce((select sum(row_count) from present), 0), coalesce((select sum(row_count) from earlier), 0)
            ) as sample
        from shares
        """
    whose = "the values of" if condition == "true" else "in the rows that are new since, the values of"
    says = f"{whose} {column} spread as in the last version served: a stability index of at most {{high}}"
    return kinds.measured(limits, name, says, query, column=column)
