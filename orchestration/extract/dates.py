"""Dates and times in delivered text: how each is read, which years are plausible, and which instant a local time is.

A local time that its zone's clock skipped is none; one that came twice is taken as the first of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.extract.sql_text import literal

# No company's records are outside these years: 0001 and 9999 stand for "unknown" and "open", 0026 is a lost century.
FIRST_YEAR = 1900
LAST_YEAR = 2200

# Text that ends in an offset or a zone behind its time of day is an instant already.
_HAS_OFFSET = literal(":[0-9]{2}.*[-+A-Za-z]")
# Written +0800 or apart from the time, an offset is ISO or nearly so; DuckDB reads it only as +08:00 beside the time.
_WRITTEN_OFFSET = literal(r"\s*([-+][0-9]{2}):?([0-9]{2})$")
# DuckDB before 2.0 reads no offset behind a time of day without seconds.
_WITHOUT_SECONDS = literal(r"([ T][0-9]{1,2}:[0-9]{2})\s*(Z|[-+][^:]{2}.*)$")


def read_date(text: str, format_: str | None) -> str:
    """Write the SQL that reads `text` as a date: by its format, or ISO (its day, where a time of day follows)."""
    if format_:
        return f"try_cast(try_strptime({text}, {literal(format_)}) as date)"
    # By itself the cast to a date ignores whatever follows the day.
    whole = f"coalesce(try_cast({text} as timestamp), timezone('UTC', {_with_offset(text)}))"
    return f"case when {whole} is not null then try_cast({text} as date) end"


def names_offset(format_: str | None) -> bool:
    """Whether times of this format are instants by themselves."""
    return format_ is not None and ("%z" in format_ or "%Z" in format_)


def has_offset(text: str) -> str:
    """Write the SQL of: the ISO timestamp `text` says its offset."""
    return f"coalesce(length({text}) > 16 and regexp_matches({text}, {_HAS_OFFSET}), false)"


def read_timestamp(text: str, format_: str | None, is_instant: str) -> str:
    """Write the SQL that reads `text` as a timestamp: UTC where it says its offset (`is_instant`), else as written."""
    if format_:
        parsed = f"try_strptime({text}, {literal(format_)})"
        return f"timezone('UTC', {parsed})" if names_offset(format_) else parsed
    return f"case when {is_instant} then timezone('UTC', {_with_offset(text)}) else try_cast({text} as timestamp) end"


def is_plausible(value: str) -> str:
    """Write the SQL of: the date or timestamp `value` lies in the plausible years."""
    return f"({value} >= date '{FIRST_YEAR}-01-01' and {value} < date '{LAST_YEAR + 1}-01-01')"


@dataclass(frozen=True)
class Transition:
    """A change of a zone's clock: until when it showed which offset from UTC (naive local time), and which then."""

    until: datetime
    before: timedelta
    after: timedelta

    @property
    def is_gap(self) -> bool:
        """Whether the clock was put forward, so that it skipped some times."""
        return self.after > self.before

    @property
    def is_overlap(self) -> bool:
        """Whether the clock was put back, so that it showed some times twice."""
        return self.after < self.before

    @property
    def resumes(self) -> datetime:
        """What the clock showed next."""
        return self.until + self.after - self.before


def transitions(zone: str, first: datetime, last: datetime) -> tuple[timedelta, list[Transition]]:
    """Find the offset with which `zone` enters the naive local times `first` to `last`, and its changes between them.

    A zone that changes its clock twice within a day is seen to change once.
    """
    info = ZoneInfo(zone)
    day = timedelta(days=1)
    # A day more on both sides: offsets are less than a day.
    at = (first - day).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    end = (last + 2 * day).replace(tzinfo=UTC)
    entered = offset = _offset(info, at)
    found = []
    while at < end:
        then = _offset(info, at + day)
        if then != offset:
            instant = _first_instant(info, at, at + day)
            found.append(Transition((instant + offset).replace(tzinfo=None), offset, then))
            offset = then
        at += day
    return entered, found


def to_utc(local: str, entered: timedelta, changes: Sequence[Transition]) -> str:
    """Write the SQL that turns the naive `local` time into UTC, by the offsets that :func:`transitions` found."""
    offset = changes[-1].after if changes else entered
    if not changes:
        return _minus(local, offset)
    # The latest first: most rows are recent.
    cases = [f"when {_is_after(local, change)} then {_minus(local, change.after)}" for change in reversed(changes)]
    return f"case {' '.join(cases)} else {_minus(local, entered)} end"


def is_skipped(local: str, changes: Sequence[Transition]) -> str:
    """Write the SQL of: the clock never showed `local`. The first midnight that it skipped is the day's start."""
    return _any(
        f"({_is_after(local, change)} and {local} < {_timestamp(change.resumes)})"
        for change in changes
        if change.is_gap
    )


def is_twofold(local: str, changes: Sequence[Transition]) -> str:
    """Write the SQL of: the clock showed `local` twice."""
    return _any(
        f"({local} >= {_timestamp(change.resumes)} and {local} < {_timestamp(change.until)})"
        for change in changes
        if change.is_overlap
    )


def _with_offset(text: str) -> str:
    """Write the SQL that reads an ISO timestamp with its offset."""
    seconds = f"regexp_replace({text}, {_WITHOUT_SECONDS}, '\\1:00\\2')"
    return f"try_cast(regexp_replace({seconds}, {_WRITTEN_OFFSET}, '\\1:\\2') as timestamptz)"


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(conditions) or "false"


def _is_after(local: str, change: Transition) -> str:
    # Dates without a time of day are midnights: where the clock skips midnight, the day begins with its change.
    is_midnight = change.until == datetime.combine(change.until, datetime.min.time())
    return f"{local} {'>' if change.is_gap and is_midnight else '>='} {_timestamp(change.until)}"


def _timestamp(value: datetime) -> str:
    return f"timestamp '{value}'"


def _minus(local: str, offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    return f"{local} - to_seconds({seconds})" if seconds else local


def _offset(info: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(info).utcoffset()
    assert offset is not None  # a ZoneInfo knows its offset at every instant
    return offset


def _first_instant(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the second at which the offset of `before` has changed to that of `after`."""
    offset = _offset(info, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        before, after = (middle, after) if _offset(info, middle) == offset else (before, middle)
    return after
