"""How the dates of a column can be read: one reading, several, or none. Day against month is never guessed."""

# ruff: noqa: S608 - the formats are those below, written through sql_text
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import duckdb

from orchestration.extract.sql_text import literal

_DATES = (
    "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d",
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%y/%m/%d", "%d/%m/%y", "%m/%d/%y", "%y.%m.%d", "%d.%m.%y", "%m.%d.%y", "%y-%m-%d", "%d-%m-%y", "%m-%d-%y",
    "%y%m%d", "%d%m%y", "%m%d%y", "%d%m%Y", "%m%d%Y",
    "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%b %d %Y", "%d %B %Y", "%B %d, %Y", "%Y-%m-%d",
)  # fmt: skip
# Months alone: their first days.
_MONTHS = ("%Y-%m", "%Y/%m", "%Y.%m", "%Y年%m月", "%Y%m", "%m/%Y")
_TIMES = (
    "", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S", "T%H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "%H%M%S",
    " %H:%M:%S %z", "T%H:%M:%S%z",
)  # fmt: skip

_SHAPES = {
    "%Y": r"\d{4}", "%y": r"\d{2}", "%b": "[A-Za-z]{3}", "%B": "[A-Za-z]+", "%p": "[AaPp][Mm]", "%f": r"\d{1,6}",
    "%z": r"[-+]\d{2}(:?\d{2})?",
}  # fmt: skip


def _shape(format_: str) -> re.Pattern[str]:
    """Write what texts of a format look like; day, month and hour may lack their zero where something parts them."""
    digits = r"\d{1,2}" if re.search(r"%[md][^%]", format_) else r"\d{2}"
    pieces = re.split(r"(%[A-Za-z])", format_)
    return re.compile(
        "".join(_SHAPES.get(piece, digits) if piece.startswith("%") else re.escape(piece) for piece in pieces)
    )


_FORMATS = {date + time: _shape(date + time) for date, time in product(_DATES, _TIMES)}
_FORMATS |= {month: _shape(month) for month in _MONTHS}

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[-+]\d{2}(:?\d{2})?))?)?")
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?")
_YEARS = (1950, 2100)
# A reading must hold for this share of the values: a few broken dates must not hide the format of the others.
_SHARE = 0.98


@dataclass(frozen=True)
class Reading:
    """A way to read a column's dates: its format (None for ISO, which needs none), and an example read that way."""

    format: str | None
    written: str
    meant: str


@dataclass(frozen=True)
class Readings:
    """What a column's texts can mean. One reading: its dates are certain. Several: only its owner knows which.

    `misfits` are values that no reading reads; `proof` is a value that shows why other readings are out.
    """

    ways: tuple[Reading, ...] = ()
    is_time_of_day: bool = False
    misfits: tuple[str, ...] = ()
    proof: str | None = None

    @property
    def is_ambiguous(self) -> bool:
        """Whether the same texts can be read as different dates."""
        return len(self.ways) > 1


NO_READINGS = Readings()


def read_dates(con: duckdb.DuckDBPyConnection, values: Sequence[str]) -> Readings:
    """Find how `values` (distinct texts, without null markers) can be read as dates."""
    if not values:
        return NO_READINGS
    if all(_TIME_OF_DAY.fullmatch(value) for value in values):
        return Readings(is_time_of_day=True)
    iso = [value for value in values if _ISO.fullmatch(value)]
    if len(iso) >= _SHARE * len(values):
        misfits = tuple(value for value in values if not _ISO.fullmatch(value))
        return Readings((Reading(None, iso[0], iso[0]),), misfits=misfits)
    return _by_format(con, values)


def _by_format(con: duckdb.DuckDBPyConnection, values: Sequence[str]) -> Readings:
    least = _SHARE * len(values)
    fitting = [
        f for f, shape in _FORMATS.items() if sum(shape.fullmatch(value) is not None for value in values) >= least
    ]
    tried = _parsed(con, values, fitting)
    counts = {format_: sum(date is not None for date in dates) for format_, dates in tried.items()}
    best = max(counts.values(), default=0)
    if best < least:
        return NO_READINGS
    # Where one reading holds for every value, those that do not are out; the values that they cannot read prove it.
    least = best if best == len(values) else least
    distinct: dict[tuple[str | None, ...], str] = {}
    for format_, count in counts.items():
        if count >= least:
            distinct.setdefault(tuple(tried[format_]), format_)
    ways = tuple(_reading(values, dates, distinct) for dates in distinct)
    misfits = tuple(value for index, value in enumerate(values) if all(dates[index] is None for dates in distinct))
    return Readings(ways, misfits=misfits, proof=_proof(values, tried, distinct) if len(ways) == 1 else None)


def _proof(
    values: Sequence[str], tried: Mapping[str, Sequence[str | None]], kept: Mapping[tuple[str | None, ...], str]
) -> str | None:
    """Find a value that the one reading reads, and the reading that comes nearest to it does not."""
    (dates,) = kept
    others = [other for other in tried.values() if tuple(other) != dates and any(other)]
    if not others:
        return None
    nearest = max(others, key=lambda other: sum(date is not None for date in other))
    return next((value for index, value in enumerate(values) if dates[index] and not nearest[index]), None)


def _reading(values: Sequence[str], dates: tuple[str | None, ...], ways: dict[tuple[str | None, ...], str]) -> Reading:
    """Describe a reading by the first value that the readings disagree on."""
    index = next(
        (i for i in range(len(values)) if dates[i] and any(other[i] != dates[i] for other in ways)),
        next(i for i in range(len(values)) if dates[i]),
    )
    return Reading(ways[dates], values[index], str(dates[index]))


def _parsed(
    con: duckdb.DuckDBPyConnection, values: Sequence[str], formats: Sequence[str]
) -> dict[str, list[str | None]]:
    """Read `values` by each of `formats`: ISO texts, None where a value is no date in that format."""
    if not formats:
        return {}
    columns = ", ".join(f"try_strptime(written, {literal(format_)})" for format_ in formats)
    rows = con.execute(f"select {columns} from (select unnest(?) as written)", [list(values)]).fetchall()
    first, last = _YEARS
    return {
        format_: [
            str(row[index].replace(tzinfo=None)) if row[index] and first <= row[index].year <= last else None
            for row in rows
        ]
        for index, format_ in enumerate(formats)
    }
