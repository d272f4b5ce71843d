"""Business time by brute force: every minute of a calendar is looked at, by the clock on the wall of its desk.

Nothing is shared with the SQL. Zones come from zoneinfo and not from the engine, and no opening is ever converted: the
walk goes the other way, from each minute of UTC to what the clock shows. A clock that is put back stands still until it
catches up, so whether a minute is open is asked of the latest local time that the clock has ever shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from tests.dbt_project.calendars.engine import Calendar

MINUTE_US = 60_000_000
DAY_MINUTES = 1440
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class WallClock:
    """The minutes of a calendar from `start` (naive UTC) on: which are open, and how many were open before each."""

    start: datetime
    is_open: npt.NDArray[np.bool_]
    open_before: npt.NDArray[np.int64]

    def position_us(self, instant: datetime) -> int:
        """Open microseconds since the start."""
        minute, rest = divmod((instant - self.start) // timedelta(microseconds=1), MINUTE_US)
        return int(self.open_before[minute]) * MINUTE_US + (rest if self.is_open[minute] else 0)

    def due_at(self, start: datetime, target_us: int) -> datetime:
        """The first instant at or after `start` by which the calendar was open for `target_us`."""
        if target_us == 0:
            return start
        position = self.position_us(start) + target_us
        minute = int(np.searchsorted(self.open_before, -(-position // MINUTE_US))) - 1
        assert self.is_open[minute]
        rest = position - int(self.open_before[minute]) * MINUTE_US
        return self.start + timedelta(microseconds=minute * MINUTE_US + rest)


def walk(calendar: Calendar, start: datetime, end: datetime) -> WallClock:
    """Walk the minutes of [start, end), both whole quarters of an hour of naive UTC."""
    zone = ZoneInfo(calendar.time_zone)
    shown = []
    instant = start - timedelta(days=2)
    while instant < end:
        local = instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        shown.append((local - datetime.min) // timedelta(minutes=1))
        instant += QUARTER
    minutes = (np.array(shown, dtype=np.int64)[:, None] + np.arange(15)).ravel()
    minutes = np.maximum.accumulate(minutes)[2 * DAY_MINUTES :]
    days, minute_of_day = np.divmod(minutes, DAY_MINUTES)
    first_day = int(days[0])
    table = np.stack(
        [_open_minutes(calendar, date.min + timedelta(days=int(day))) for day in range(first_day, int(days[-1]) + 1)]
    )
    is_open = table[days - first_day, minute_of_day]
    return WallClock(start, is_open, np.concatenate([[0], np.cumsum(is_open)]))


def _open_minutes(calendar: Calendar, day: date) -> npt.NDArray[np.bool_]:
    """Which minutes of the clock are open on a local day."""
    minutes = np.zeros(DAY_MINUTES, dtype=np.bool_)
    special = next((each for each in calendar.days if each.day_date == day), None)
    kind = special.kind if special else "as_usual"
    if kind == "holiday":
        return minutes
    if special and kind == "own_hours":
        assert special.opens
        assert special.closes
        minutes[_minute(special.opens) : _minute(special.closes)] = True
        return minutes
    weekday = (special.works_like_weekday or 1) if special and kind == "make_up_day" else day.isoweekday()
    for row in calendar.hours:
        if row.iso_weekday == weekday and row.valid_from_date <= day <= (row.valid_to_date or date.max):
            minutes[_minute(row.opens) : _minute(row.closes)] = True
    if special and kind == "half_day":
        within = np.zeros(DAY_MINUTES, dtype=np.bool_)
        within[_minute(special.opens or "00:00") : _minute(special.closes or "24:00")] = True
        minutes &= within
    return minutes


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
