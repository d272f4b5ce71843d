"""The world that the service happens in: company, time, opening hours, and the planted facts about places and times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, BusinessClock, Flags, Floats, Ints, Window, holiday_flags, weekday_of
from orchestration.sample.company import Company
from orchestration.sample.plants import NOTHING, Plant

UNDERSTAFFED_MONTH = 16
UNDERSTAFFED_DELAY = 4.5
SHORTAGE_MONTH = 11
SHORTAGE_WEEKS = 9
COACHED_MONTH = 15
COACHING_POINTS = 9
SILENT_MONTH = 23
_WEEKDAYS = np.array([1.14, 1.06, 1.02, 1.0, 1.02, 0.93, 0.83])


@dataclass(frozen=True)
class Facts:
    """When and where the planted facts hold, as local instants and site indexes."""

    understaffed_from: int
    understaffed_to: int
    shortage_from: int
    shortage_to: int
    slow_site: Flags
    shortage_site: int
    coached_site: int
    coached_from: int
    silent_from: int
    load: Floats
    """Expected arrivals of a month over those of the mean month."""
    without: frozenset[Plant]
    """What is left out; of it no instant and no site is."""

    def is_understaffed(self, instants: Ints) -> Flags:
        """Which instants lie in the hotline's understaffed month."""
        inside = (instants >= self.understaffed_from) & (instants < self.understaffed_to)
        return np.asarray(inside & (Plant.UNDERSTAFFED_MONTH not in self.without), dtype=np.bool_)

    def is_coached(self, site: Ints, instants: Ints) -> Flags:
        """Which (site, instant) pairs are of the coached counter, coached."""
        coached = (site == self.coached_site) & (instants >= self.coached_from)
        return np.asarray(coached & (Plant.COACHED_SITE not in self.without), dtype=np.bool_)

    def is_silent(self, instants: Ints) -> Flags:
        """At which instants nobody tells customers how far the work is."""
        return np.asarray((instants >= self.silent_from) & (Plant.SILENT_NOTICES not in self.without), dtype=np.bool_)

    def is_short(self, site: Ints, part: Ints, instants: Ints) -> Flags:
        """Which (site, part, instant) triples lie in the parts shortage."""
        short = (site == self.shortage_site) & np.isin(part, SHORT_PARTS)
        inside = (instants >= self.shortage_from) & (instants < self.shortage_to)
        return np.asarray(short & inside & (Plant.PARTS_SHORTAGE not in self.without), dtype=np.bool_)


SHORT_PARTS = np.array([0, 1, 2, 4, 5, 6])
"""Parts that run out: all but the consumables of air conditioners and refrigerators, from one supplier."""


@dataclass(frozen=True)
class World:
    """What every part of the simulation looks up."""

    company: Company
    window: Window
    clock: BusinessClock
    facts: Facts
    demand: Floats
    """Expected demand per (day from the start to the horizon, product family)."""


def make_world(company: Company, window: Window, without: frozenset[Plant] = NOTHING) -> World:
    """Return the world of a company in a window; what is planted, but for `without`."""
    demand = _demand(window, has_seasons=Plant.SEASONS not in without)
    return World(company, window, BusinessClock(window), _facts(window, demand, without), demand)


def _demand(window: Window, *, has_seasons: bool) -> Floats:
    days = np.arange(window.start // DAY, (window.horizon - 1) // DAY + 1, dtype=np.int64)
    dates = days.astype("datetime64[D]")
    of_year = (dates - dates.astype("datetime64[Y]")).astype(np.int64)
    growth = 1 + has_seasons * 0.16 * (days - days[0]) / 365
    base = growth * _WEEKDAYS[weekday_of(days)] * np.where(holiday_flags(days), 0.55, 1.0)
    season = [1 + has_seasons * a * np.cos(2 * np.pi * (of_year - peak) / 365.25) for a, peak in words.FAMILY_SEASONS]
    return np.asarray(base[:, None] * np.stack(season, axis=1) * np.array(words.FAMILY_SHARES), dtype=np.float64)


def _facts(window: Window, demand: Floats, without: frozenset[Plant]) -> Facts:
    daily = demand.sum(axis=1)
    month = window.month_of(np.arange(len(daily)) * DAY + window.start // DAY * DAY)
    months = len(window.month_starts) - 1
    lengths = np.bincount(month, minlength=months)
    means = np.bincount(month, weights=daily, minlength=months) / np.maximum(lengths, 1)
    # Without seasons months differ by their holidays still, of which nobody's work is slower.
    has_load = (lengths > 0) & (Plant.SEASONS not in without)
    load = np.where(has_load, means / daily.mean(), 1.0)
    starts = window.month_starts
    shortage_from = int(starts[SHORTAGE_MONTH]) + 13 * DAY
    return Facts(
        understaffed_from=int(starts[UNDERSTAFFED_MONTH]),
        understaffed_to=int(starts[UNDERSTAFFED_MONTH + 1]),
        shortage_from=shortage_from,
        shortage_to=shortage_from + SHORTAGE_WEEKS * 7 * DAY,
        slow_site=np.array([site.code in words.SLOW_SITES and Plant.SLOW_SITES not in without for site in words.SITES]),
        shortage_site=words.SITE_INDEX[words.SHORTAGE_SITE],
        coached_site=words.SITE_INDEX[words.COACHED_SITE],
        coached_from=int(starts[COACHED_MONTH]),
        silent_from=int(starts[SILENT_MONTH]),
        load=np.asarray(load, dtype=np.float64),
        without=without,
    )
