"""What can be known of a delivered column from its values: its kind, how often it is filled, how its dates read.

Examples are safe to write down: no direct personal data, and no free text.
"""

# ruff: noqa: S608 - names come from headers, through sql_text; values are parameters
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import duckdb

from orchestration.extract.date_readings import NO_READINGS, Reading, Readings, read_dates
from orchestration.extract.personal import looks_personal
from orchestration.extract.sql_text import quote

Kind = Literal["empty", "text", "whole", "number", "boolean", "date", "time of day", "nested"]

# Texts that other systems write where they have nothing; compared without case.
NULL_MARKERS = (
    "?",
    "null",
    "(null)",
    "<null>",
    "n/a",
    "#n/a",
    "na",
    "none",
    "nil",
    "nan",
    "-",
    "--",
    "\\n",
    "无",
    "空",
)
# A column with at most so many values is one of categories, whose values are listed.
CATEGORY_VALUES = 30
_DISTINCT_LOOKED_AT = 20_000
# Lengths of digits that may be a date: 990201, 20260701, 20260701093000.
_DIGITS_OF_DATES = (6, 8, 14)
_EXAMPLES = 3
_EXAMPLE_CHARACTERS = 40
# A kind holds for a column if it holds for this share of its values: a few broken ones must not hide it.
_SHARE = 0.98

_WHOLE = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
# A letter or two and a number, as numbers of cases and articles are: says nothing about a person.
_CODE = re.compile(r"[A-Za-z]{0,6}[-_ ]?\d[\w-]*")
_BOOLEANS = {"true", "false", "t", "f", "yes", "no", "y", "n", "是", "否"}


@dataclass(frozen=True)
class Facts:
    """A delivered column. Counts are of the rows that were looked at; `filled` ones are neither empty nor a marker."""

    name: str
    type: str
    kind: Kind
    row_count: int
    filled: int
    distinct: int
    values: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    null_markers: Mapping[str, int] = field(default_factory=dict)
    readings: Readings = NO_READINGS
    is_personal: bool = False
    max_length: int = 0

    @property
    def is_category(self) -> bool:
        """Whether the column has few values, all of them in `values`."""
        return 0 < self.distinct <= CATEGORY_VALUES

    @property
    def is_unique(self) -> bool:
        """Whether every row looked at has a value of its own."""
        return 0 < self.distinct == self.row_count


def facts_of(con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]) -> tuple[Facts, ...]:
    """Look at every one of `columns` of the relation."""
    types = {row[0]: str(row[1]).lower() for row in con.execute(f"describe {quote(relation)}").fetchall()}
    return tuple(_facts(con, relation, column, types[column]) for column in columns)


def _facts(con: duckdb.DuckDBPyConnection, relation: str, column: str, type_: str) -> Facts:
    text = f"coalesce(trim(cast({quote(column)} as varchar)), '')"
    found = con.execute(
        f"select {text}, count(*) from {quote(relation)} group by {text} order by count(*) desc, {text}"
    ).fetchall()
    markers = {text: count for text, count in found if text.lower() in NULL_MARKERS}
    counts = {text: count for text, count in found if text and text not in markers}
    values = list(counts)[:_DISTINCT_LOOKED_AT]
    kind, readings = _kind(con, type_, values, counts)
    is_personal = looks_personal(column, values)
    facts = Facts(
        name=column,
        type=type_,
        kind=kind,
        row_count=sum(count for _, count in found),
        filled=sum(counts.values()),
        distinct=len(counts),
        values=dict(list(counts.items())[:CATEGORY_VALUES]),
        null_markers=markers,
        readings=readings,
        is_personal=is_personal,
        max_length=max((len(value) for value in values), default=0),
    )
    return replace(facts, examples=() if is_personal else _examples(facts, values))


def _kind(
    con: duckdb.DuckDBPyConnection, type_: str, values: Sequence[str], counts: Mapping[str, int]
) -> tuple[Kind, Readings]:
    if not values:
        return "empty", NO_READINGS
    if type_ == "boolean" or {value.lower() for value in values} <= _BOOLEANS:
        return "boolean", NO_READINGS
    if type_.endswith("]") or type_.startswith(("struct", "map")) or all(value[0] in "[{" for value in values):
        return "nested", NO_READINGS
    return _of_text(con, values, counts) if type_ == "varchar" else _of_type(con, type_, values)


def _of_type(con: duckdb.DuckDBPyConnection, type_: str, values: Sequence[str]) -> tuple[Kind, Readings]:
    if type_ == "date" or type_.startswith("timestamp"):
        return "date", Readings((Reading(None, values[0], values[0]),))
    if type_.startswith("time"):
        return "time of day", NO_READINGS
    if type_.startswith(("decimal", "double", "float", "real")):
        return "number", NO_READINGS
    return ("whole", _compact(con, values)) if "int" in type_ else ("text", NO_READINGS)


def _of_text(con: duckdb.DuckDBPyConnection, values: Sequence[str], counts: Mapping[str, int]) -> tuple[Kind, Readings]:
    least = _SHARE * sum(counts[value] for value in values)
    if sum(counts[value] for value in values if _WHOLE.fullmatch(value)) >= least:
        return "whole", _compact(con, values)
    if sum(counts[value] for value in values if _NUMBER.fullmatch(value)) >= least:
        return "number", NO_READINGS
    readings = read_dates(con, values)
    return ("time of day" if readings.is_time_of_day else "date" if readings.ways else "text"), readings


def _compact(con: duckdb.DuckDBPyConnection, values: Sequence[str]) -> Readings:
    """Read digits as dates, which they are only where the column's meaning says so: 010203 may be a number."""
    return read_dates(con, values) if len(values[0]) in _DIGITS_OF_DATES else NO_READINGS


def _examples(facts: Facts, values: Sequence[str]) -> tuple[str, ...]:
    """Choose values that may be written down: none of free text, which could say anything about anybody."""
    is_repeated = facts.is_category and facts.distinct * 2 <= facts.filled
    if facts.kind in ("empty", "nested"):
        return ()
    if facts.kind == "text" and not is_repeated:
        values = [value for value in values if _CODE.fullmatch(value)]
        if len(values) < _SHARE * min(facts.distinct, _DISTINCT_LOOKED_AT):
            return ()
    return tuple(
        value if len(value) <= _EXAMPLE_CHARACTERS else f"{value[:_EXAMPLE_CHARACTERS]}…"
        for value in values[:_EXAMPLES]
    )
