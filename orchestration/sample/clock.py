"""Local time of the sample company: its 24 months, opening hours, holidays and the text forms of instants.

All instants are whole seconds of local wall time since 1970-01-01 (int64). Asia/Shanghai has no daylight saving time,
so differences of local instants are true durations. `NA` marks a missing instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

ZONE = ZoneInfo("Asia/Shanghai")
DAY = 86_400
HOUR = 3_600
MINUTE = 60
NA = np.int64(np.iinfo(np.int64).min)
"""A missing instant."""
NEVER = np.int64(1 << 60)
"""An instant after everything, for comparisons."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

# First day of the Chinese New Year; outside these years the simulation simply has no such holiday.
_NEW_YEARS = [
    "2018-02-16",
    "2019-02-05",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
    "2030-02-03",
    "2031-01-23",
    "2032-02-11",
]
_HOURS = {"standard": (8.5, 18.0), "extended": (8.0, 20.0), "desk": (8.0, 22.0), "24x7": (0.0, 24.0)}
# Future outcomes are simulated for the truth, so calendars run on well after as-of.
_CALENDAR_TAIL_DAYS = 900


@dataclass(frozen=True)
class Window:
    """The simulated time: whole months from `start`, seen at `end` (as-of), arrivals on until `horizon`."""

    start: int
    end: int
    horizon: int
    month_starts: Ints
    """First instants of the months from `start` to the one that holds `end`, and of one more."""

    @property
    def closed_month_count(self) -> int:
        """Months that ended at or before as-of: those whose books are closed."""
        return int(np.searchsorted(self.month_starts, self.end, side="right")) - 1

    def month_of(self, instants: Ints) -> Ints:
        """Index of the month that holds each instant, clipped to the window."""
        index = np.searchsorted(self.month_starts, instants, side="right") - 1
        return np.clip(index, 0, len(self.month_starts) - 2).astype(np.int64)


def make_window(as_of: datetime, months: int = 24, arrivals_after_days: int = 31) -> Window:
    """Return the window of `months` whole months before the month of `as_of` (an aware datetime), and up to `as_of`."""
    if as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of.isoformat()} has no offset; give an instant such as 2026-07-01T00:00:00+08:00")
    local = as_of.astimezone(ZONE).replace(tzinfo=None)
    end = int((local - datetime(1970, 1, 1)).total_seconds())
    last = np.datetime64(f"{local:%Y-%m}", "M")
    starts = (last + np.arange(-months, 2)).astype("datetime64[s]").astype(np.int64)
    return Window(int(starts[0]), end, end + arrivals_after_days * DAY, starts)


def day_of(instants: Ints) -> Ints:
    """Whole local days since 1970-01-01."""
    return np.floor_divide(instants, DAY)


def weekday_of(days: Ints) -> Ints:
    """0 Monday to 6 Sunday."""
    return (days + 3) % 7


def holiday_flags(days: Ints) -> Flags:
    """Which days are public holidays: New Year week, early May, National Day week."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    flags = ((month == 10) & (day <= 7)) | ((month == 5) & (day <= 5)) | ((month == 1) & (day == 1))
    for text in _NEW_YEARS:
        first = np.datetime64(text, "D").astype(np.int64)
        flags |= (days >= first - 1) & (days <= first + 6)
    return np.asarray(flags, dtype=np.bool_)


class BusinessClock:
    """Adds open time to instants under the company's opening hours: standard, extended, desk and 24x7."""

    def __init__(self, window: Window) -> None:
        self._first = int(window.start // DAY) - 1
        days = np.arange(self._first, int(window.horizon // DAY) + _CALENDAR_TAIL_DAYS, dtype=np.int64)
        holidays = holiday_flags(days)
        self._open: dict[str, Ints] = {}
        self._length: dict[str, Ints] = {}
        self._before: dict[str, Ints] = {}
        for kind, (opens, closes) in _HOURS.items():
            length = np.full(len(days), int((closes - opens) * HOUR), dtype=np.int64)
            if kind == "standard":
                length[(weekday_of(days) == 6) | holidays] = 0
            elif kind == "extended":
                length[holidays] //= 2
            self._open[kind] = days * DAY + int(opens * HOUR)
            self._length[kind] = length
            self._before[kind] = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)

    def add(self, instants: Ints, seconds: Floats | Ints, kind: str) -> Ints:
        """Return the instants at which `seconds` of open time have passed since `instants`."""
        day = np.clip(day_of(instants) - self._first, 0, len(self._length[kind]) - 1)
        used = self._before[kind][day] + np.clip(instants - self._open[kind][day], 0, self._length[kind][day])
        target = used + np.maximum(np.rint(seconds).astype(np.int64), 1)
        reached = np.searchsorted(self._before[kind], target, side="left") - 1
        if len(reached) and int(reached.max()) >= len(self._length[kind]):
            raise ValueError(f"simulated delay ends after the {kind} calendar: longest {int(seconds.max())} s")
        return np.asarray(self._open[kind][reached] + target - self._before[kind][reached], dtype=np.int64)


def text_of(instants: Ints, form: str = "space") -> Objects:
    """Local times as text, None where missing.

    `form`: space "2026-01-31 08:05:00", slash "2026/01/31 08:05:00", offset "2026-01-31T08:05:00+08:00",
    date "2026-01-31".
    """
    missing = (instants == NA) | (instants >= NEVER)
    text = np.datetime_as_string(np.where(missing, 0, instants).astype("datetime64[s]"))
    if form == "date":
        result = text.astype("U10").astype(object)
    elif form == "offset":
        result = np.char.add(text, "+08:00").astype(object)
    else:
        letters = text.view("U1").reshape(len(text), text.itemsize // 4)
        letters[:, 10] = " "
        if form == "slash":
            letters[:, 4] = "/"
            letters[:, 7] = "/"
        result = text.astype(object)
    result[missing] = None
    return np.asarray(result, dtype=object)
