"""The base suite of a table, derived from what is promised of it: rows, columns, types, keys, values, ranges, times."""

# ruff: noqa: S608 - names come from contracts, all through expectations.sql; bounds are numbers
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from great_expectations.expectations.expectation import Expectation

from expectations.limits import TableLimits
from expectations.sql import identifier, qualified
from expectations.suites import kinds
from expectations.tables import ColumnSpec, TableSpec

# Unit → lowest and highest value that makes sense. Pieces and money have no bounds of their own: both are given back.
RANGES: Mapping[str, tuple[float | None, float | None]] = {
    "count": (0, None),
    "seconds": (0, None),
    "minutes": (0, None),
    "hours": (0, None),
    "days": (0, None),
    "currency_per_hour": (0, None),
    "share": (0, 1),
    "degrees": (-180, 180),
}
# Marts declare no unit; there the name says it.
UNIT_SUFFIXES = ("count", "seconds", "minutes", "hours", "days", "share")
NUMBERS = ("decimal", "bigint", "integer", "double")
# Durations that are differences of instants in either order.
SIGNED = frozenset({"margin_seconds", "remaining_seconds"})

# Instants that are promises or plans, and may lie ahead of as-of.
PLANNED = frozenset(
    {"promised_at", "scheduled_at", "first_response_due_at", "resolution_due_at", "due_at", "starts_at", "ends_at"}
)
# Instants of a person's or company's history, which may reach further back than any system.
HISTORIC = frozenset({"customer_since_at"})
EARLIEST = datetime(1990, 1, 1)
# Clocks of sources differ, and so do their ideas of local time; a day covers every time zone.
CLOCK_TOLERANCE = timedelta(days=1)


def opening(table: TableSpec, limits: TableLimits, *, other_columns: bool) -> list[Expectation]:
    """Rows, columns and types: what every suite opens with. A table that is not connected must be empty, and one that
    may have no rows is not counted; `other_columns` says whether there may be more columns than promised."""
    minimum = max(table.minimum_rows, int(limits.of("row_count", None).lowest or 0))
    rows = [kinds.row_count(limits, minimum)] if minimum else []
    return [
        *(rows if table.is_connected else [kinds.row_count(limits, 0, 0)]),
        kinds.columns(limits, [column.name for column in table.columns], others=other_columns),
        kinds.types(limits, {column.name: column.type for column in table.columns}),
    ]


def values(table: TableSpec, limits: TableLimits) -> list[Expectation]:
    """Presence, key, allowed values, ranges by unit, and the plausible ranges that rows of limits give."""
    required = [column.name for column in table.columns if column.required]
    return [
        *(kinds.not_null(limits, name) for name in required),
        *([kinds.unique(limits, table.key)] if table.key and table.is_key_judged else []),
        *(
            kinds.allowed_values(limits, column.name, column.allowed_values)
            for column in table.columns
            if column.allowed_values
        ),
        *(kinds.between(limits, c.name, *RANGES[_unit(c)]) for c in table.columns if _unit(c) in RANGES),
        *(
            kinds.plausible(limits, column.name)
            for column in table.columns
            if column.name in limits.columns("plausible") and is_number(column)
        ),
    ]


def is_number(column: ColumnSpec) -> bool:
    """Whether the column holds numbers."""
    return column.type.lower().startswith(NUMBERS)


def is_instant(column: ColumnSpec) -> bool:
    """Whether the column holds instants or days."""
    return column.type.lower() in ("timestamp", "date")


def times(table: TableSpec, limits: TableLimits, as_of: datetime | None) -> list[Expectation]:
    """Instants after 1990 and not ahead of as-of."""
    instants = [column.name for column in table.columns if column.type.lower() == "timestamp"]
    suite = [
        kinds.between(
            limits, name, EARLIEST, None, name="not_before_1990", says=f"{name} is not before {EARLIEST.year}"
        )
        for name in instants
        if name not in HISTORIC
    ]
    if as_of is not None:
        latest = utc(as_of) + CLOCK_TOLERANCE
        suite += [
            kinds.between(
                limits,
                name,
                None,
                latest,
                name="not_after_as_of",
                says=f"{name} is at most a day after the as-of instant ({utc(as_of):%Y-%m-%d %H:%M} UTC)",
            )
            for name in instants
            if name not in PLANNED
        ]
    return suite


def references(table: TableSpec, limits: TableLimits, tables: Mapping[str, TableSpec]) -> list[Expectation]:
    """Every reference to a connected table finds its row."""
    suite = []
    for column in table.columns:
        other = tables.get(column.references or "")
        if other is None or not other.is_connected or len(other.key) != 1:
            continue
        name, key = identifier(column.name), identifier(other.key[0])
        known = f"select {key} from {qualified(other.schema_name, other.table_name)}"
        condition = f"{name} is not null and {name} not in ({known} where {key} is not null)"
        suite.append(
            kinds.no_row_where(
                limits,
                f"known_in_{other.table_name}",
                f"{column.name} is a known row of {other.table_name}",
                condition,
                (*table.key, column.name),
                column=column.name,
            )
        )
    return suite


def utc(instant: datetime) -> datetime:
    """The instant as naive UTC; one without a zone is taken as UTC."""
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)


def _unit(column: ColumnSpec) -> str:
    """The unit that a number is counted in, empty where it has none with a range."""
    if column.name in SIGNED or not is_number(column):
        return ""
    return column.unit or next((unit for unit in UNIT_SUFFIXES if column.name.endswith(f"_{unit}")), "")
