"""What a company may set of an expectation, as rows of a policy table: severity, tolerated share, bounds, sample.

A row says for which gate, table, column and expectation it holds; * is any. What it leaves empty is left to the next
row: a company's own rows come before ours, then those that name the table, then those that name the column, then the
one that began last. What no row says is strict: the first case at fault stops the build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from expectations.results import Gate, Severity

ANY = "*"
_SHOWN = 3

# What an expectation lets a row set: the columns of the policy table, by expectation.
Takes = frozenset[str]
Name = tuple[str, str, str]
Catalogue = Mapping[Name, Takes]


@dataclass(frozen=True)
class Limit:
    """One row. `is_own` says that it is the company's and not ours; `place` is its file and line."""

    gate: Gate
    table_name: str
    column_name: str
    expectation: str
    severity: Severity | None
    tolerated_share: float | None
    doubted_share: float | None
    lowest: float | None
    highest: float | None
    minimum_count: int | None
    valid_from: date
    valid_to: date | None
    is_own: bool
    place: str

    def holds_for(self, table: str, column: str, expectation: str) -> bool:
        """Whether the row is about this expectation."""
        return self.table_name in (ANY, table) and self.column_name in (ANY, column) and self.expectation == expectation

    @property
    def rank(self) -> tuple[bool, bool, bool, date]:
        """The greater, the sooner it is asked."""
        return self.is_own, self.table_name != ANY, self.column_name != ANY, self.valid_from


@dataclass(frozen=True)
class Setting:
    """What holds for one expectation. `stop_above` is the share of rows at fault above which the build stops,
    `withhold_above` that above which the KPIs that depend on them are withheld, `doubt_above` that above which they
    are stamped at all."""

    stop_above: float
    withhold_above: float
    doubt_above: float
    lowest: float | None
    highest: float | None
    minimum_count: int


@dataclass(frozen=True)
class TableLimits:
    """The rows in force for one table, the first to be asked first."""

    table_name: str
    rows: tuple[Limit, ...]

    def of(self, expectation: str, column: str | None) -> Setting:
        """What holds for an expectation; `column` is None where it is about the table."""
        rows = [row for row in self.rows if row.holds_for(self.table_name, column or ANY, expectation)]
        severity = next((row.severity for row in rows if row.severity is not None), "stop")
        tolerated = next((row.tolerated_share for row in rows if row.tolerated_share is not None), 0.0)
        return Setting(
            stop_above=tolerated if severity == "stop" else 1.0,
            withhold_above=tolerated if severity == "withhold" else 1.0,
            doubt_above=next((row.doubted_share for row in rows if row.doubted_share is not None), 0.0),
            lowest=next((row.lowest for row in rows if row.lowest is not None), None),
            highest=next((row.highest for row in rows if row.highest is not None), None),
            minimum_count=next((row.minimum_count for row in rows if row.minimum_count is not None), 0),
        )

    def columns(self, expectation: str) -> list[str]:
        """The columns of the table for which a row demands this expectation, in order of name."""
        return sorted(
            {
                row.column_name
                for row in self.rows
                if row.expectation == expectation and row.column_name != ANY and row.table_name == self.table_name
            }
        )


@dataclass(frozen=True)
class Limits:
    """All rows of the policy table."""

    rows: tuple[Limit, ...]

    def of(self, gate: Gate, table_name: str, day: date | None) -> TableLimits:
        """The rows in force on `day` for a table; without a day, all that have no end."""
        rows = [
            row for row in self.rows if row.gate == gate and row.table_name in (ANY, table_name) and _in_force(row, day)
        ]
        return TableLimits(table_name, tuple(sorted(rows, key=lambda row: row.rank, reverse=True)))

    def at_any_time(self) -> Limits:
        """The same rows, all in force: to learn what rows may name."""
        return Limits(tuple(replace(row, valid_from=date.min, valid_to=None) for row in self.rows))

    def mistakes(self, gate: Gate, catalogue: Catalogue) -> list[tuple[Limit, str]]:
        """The rows of a gate that name no expectation of its catalogue, or set what it has not, each with why."""
        found = ((row, _mistake(row, catalogue)) for row in self.rows if row.gate == gate)
        return [(row, mistake) for row, mistake in found if mistake]


def _in_force(row: Limit, day: date | None) -> bool:
    if day is None:
        return row.valid_to is None
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def _mistake(row: Limit, catalogue: Catalogue) -> str:
    written = " ".join((row.table_name, row.column_name, row.expectation))
    meant = [takes for name, takes in catalogue.items() if row.holds_for(*name)]
    if not meant:
        return f"{written} names no expectation of {row.gate}; {_nearest(row, catalogue)}"
    says = {"severity", "tolerated_share", "doubted_share", "lowest", "highest", "minimum_count"}
    said = {name for name in says if getattr(row, name) is not None}
    if not said:
        return f"{written} says nothing: no severity, share, bound or count"
    unknown = sorted(said - frozenset().union(*meant))
    if unknown:
        takes = ", ".join(sorted(frozenset().union(*meant))) or "nothing: without it no other can be judged"
        return f"{written} has no {', '.join(unknown)}; what can be set is {takes}"
    return ""


def _nearest(row: Limit, catalogue: Catalogue) -> str:
    """The names that were probably meant: as a whole, or of the first part that is not known."""
    names = {" ".join(name): name for name in catalogue}
    tables = sorted({table for table, _, _ in catalogue})
    if row.table_name != ANY and row.table_name not in tables:
        near: Sequence[str] = get_close_matches(row.table_name, tables, n=_SHOWN, cutoff=0)
        return f"the nearest tables are {', '.join(near)}"
    own = [text for text, (table, _, _) in names.items() if row.table_name in (ANY, table)]
    written = " ".join((row.table_name, row.column_name, row.expectation))
    return f"the nearest are {'; '.join(get_close_matches(written, own, n=_SHOWN, cutoff=0))}"
