"""Refuses a date column that has no declared format and is not ISO: shows how its texts could be read."""

# ruff: noqa: S608 - names are our own and the contract's, through sql_text; values are parameters
from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.extract.sql_text import quote

# Fewer than one in so many values is a row gone bad, not the way the column is written: such rows are rejects.
_WRITTEN_SO = 20

# Day, month and year as numbers, the year not first in four digits; a time of day may follow.
_NUMBERS = r"^\s*([0-9]{1,2})([-/. ])([0-9]{1,2})([-/. ])([0-9]{4}|[0-9]{2})(?:([ T]).*)?$"
_TIMES = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")


@dataclass(frozen=True)
class Doubt:
    """A column whose dates could be read in more than one way: an example, and the formats that read it."""

    column: str
    example: str
    count: int
    value_count: int
    readings: tuple[tuple[str, datetime], ...]
    hint: str

    def __str__(self) -> str:
        readings = ", or ".join(f"{_in_words(moment)} as {format_}" for format_, moment in self.readings)
        return (
            f"{self.column}: found {self.example!r} in {self.count:,} of {self.value_count:,} rows; it is {readings}; "
            f"write format: in the profile{self.hint}"
        )


def doubt(con: duckdb.DuckDBPyConnection, table: str, column: str) -> Doubt | None:
    """Look at the values of `column` in the mapped `table` that are no ISO date; None where they are not dates at all.

    `table` has the read values, and in _problems the texts that could not be read.
    """
    con.execute(
        f"""
        create or replace temp table unread as
        select problem.found, _row
        from (select unnest(_problems) as problem, _row from {quote(table)} where _problems is not null)
        where problem.column_name = ? and problem.kind in ('cast', 'range')
        """,
        [column],
    )
    row = con.execute(
        f"""
        with numbers as (
            select
                found,
                _row,
                cast(regexp_extract(found, $shape, 1) as integer) as one,
                cast(regexp_extract(found, $shape, 3) as integer) as two
            from unread
            where regexp_matches(found, $shape)
        )
        select
            count(*),
            (select count(*) from unread) + (select count({quote(column)}) from {quote(table)}),
            -- The doubt shows best where each number could be the month.
            arg_min(found, (greatest(one, two) > 12, one = two, _row))
        from numbers
        """,
        {"shape": _NUMBERS},
    ).fetchone()
    assert row is not None  # an aggregate without grouping always returns one row
    count, value_count, example = row
    if count * _WRITTEN_SO <= value_count:
        return None
    readings = tuple(_readings(example))
    if not readings:
        return None
    return Doubt(column, example, count, value_count, readings, _hint(con, [format_ for format_, _ in readings]))


def _readings(example: str) -> Iterator[tuple[str, datetime]]:
    """Find every order of day, month and year in which `example` is a date."""
    match = re.match(_NUMBERS, example)
    assert match is not None  # the query chose it by the same pattern
    _, first, _, second, year, joint = match.groups()
    orders = ("dmY", "mdY") if len(year) == 4 else ("dmy", "mdy", "ymd")
    times = [f"{joint}{time}" for time in _TIMES] if joint else [""]
    for order in orders:
        day = f"%{order[0]}{first}%{order[1]}{second}%{order[2]}"
        for time in times:
            try:
                yield day + time, datetime.strptime(example.strip(), day + time)
                break
            except ValueError:
                continue


def _hint(con: duckdb.DuckDBPyConnection, formats: list[str]) -> str:
    """Say so where the other values of the column leave only one of `formats`; the choice remains the reader's."""
    fits, misfits = [], []
    for format_ in formats:
        (misfit,) = con.execute(
            "select min(found) from unread where regexp_matches(found, ?) and try_strptime(found, ?) is null",
            [_NUMBERS, format_],
        ).fetchall()[0]
        if misfit is None:
            fits.append(format_)
        else:
            misfits.append(f"{misfit!r} is none as {format_}")
    if len(fits) == 1 and misfits:
        return f" (only {fits[0]} reads all of them: {', and '.join(misfits)})"
    return ""


def _in_words(moment: datetime) -> str:
    return f"{moment.day} {calendar.month_name[moment.month]} {moment.year}"
