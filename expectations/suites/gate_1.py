"""Gate 1, the landed feeds: the base suite by the contract, and per feed what people know of its data.

Real sources are dirty: closed before resolved, answered before asked, negative times. Such rows warn, with their count,
as long as they are the exception; above the share that the limits tolerate they say that a column is mapped wrongly,
or read in the wrong format or time zone, and the build stops.
"""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from expectations.limits import TableLimits, Takes
from expectations.suites import base
from expectations.suites.circumstances import Circumstances
from expectations.suites.feeds import policies, records
from expectations.suites.feeds.history import history
from expectations.suites.feeds.holidays import holiday_years
from expectations.suites.structure import structure
from expectations.tables import TableSpec


def opening(table: TableSpec, limits: TableLimits) -> list[Expectation]:
    """Rows, columns and types. Landing adds columns of its own, and keeps those that the contract has dropped."""
    return base.opening(table, limits, other_columns=True)


def settable(table: TableSpec, circumstances: Circumstances) -> dict[tuple[str, str], Takes]:  # noqa: ARG001
    """What rows of limits may name that is no column: nothing."""
    return {}


def demands(table: TableSpec, limits: TableLimits, circumstances: Circumstances) -> list[Expectation]:
    """What is demanded of a connected feed beyond its opening."""
    feed, as_of = table.table_name, circumstances.as_of
    topic = policies if table.schema_name == "policy" else records
    return [
        *base.values(table, limits),
        *base.times(table, limits, as_of),
        *base.references(table, limits, circumstances.tables),
        *(holiday_years(limits, as_of) if feed == "calendar_days" and as_of is not None else []),
        *structure(feed, limits, topic.ORDER, topic.CONTRADICTIONS),
        *(history(table, limits, circumstances) if table.schema_name == "raw" else []),
    ]
