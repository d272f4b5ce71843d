"""Contacts of the next four weeks, day by day, by three methods, from today and from past days (a back-test).

Every method sees the days up to its cut-off alone, and the calendar. Which method is believed is decided in SQL, by
what the past cut-offs show (agg_forecast_backtests).

- `seasonal_naive`: the last week again. Its interval is that of the differences of a week, which grow with the root of
  the weeks ahead (Hyndman and Athanasopoulos, "Forecasting: principles and practice", 3rd ed. 2021, 5.2 and 5.5).
- `weekday_mean`: the mean of the same weekday over the last eight weeks.
- `calendar_model`: a Poisson regression (statsmodels) on weekday, holiday and make-up day and, from a year of days on,
  growth and one wave a year; of a site, its share of the company's over the last year. What counts vary beyond Poisson
  is in the intervals: Pearson's dispersion, and negative binomial quantiles of the same mean and variance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import nbinom
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

HORIZON = 28
CUT_OFFS = 12
# Fewer days say nothing of weekdays.
LEAST_DAYS = 56
METHODS = ("seasonal_naive", "weekday_mean", "calendar_model")
WHOLE = "all"

_WEEK = 7
_WEEKS_OF_MEAN = 8
_YEAR = 364
_DAYS_OF_YEAR = 365.25
# What a model that knows no growth and no season may look back on.
_DAYS_WITHOUT_SEASON = 182
# Fewer make-up days say nothing of make-up days: they are expected to be worked as Mondays.
_LEAST_MAKE_UP_DAYS = 3
_Z = 1.959963984540054
_TAIL = 0.025

# The last bits of a regression differ between machines, and with the threads that add.
_DECIMALS = 4

SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("site_id", pa.string()),
        ("method", pa.string()),
        ("expected_count", pa.float64()),
        ("low_count", pa.float64()),
        ("high_count", pa.float64()),
        ("variance", pa.float64()),
        ("cut_off_date", pa.date32()),
        ("forecast_date", pa.date32()),
    ]
)
"""Of the forecasts: the cut-off is the last day that was seen."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calendar:
    """What is known beforehand of consecutive days: weekday (1 Monday to 7 Sunday), holiday, make-up day."""

    weekday: NDArray[np.int64]
    is_holiday: NDArray[np.bool_]
    is_make_up_day: NDArray[np.bool_]


@dataclass(frozen=True)
class Prediction:
    """Expected counts of consecutive days, their variances, and 95 % prediction intervals."""

    expected: Floats
    variance: Floats
    low: Floats
    high: Floats


def forecast(days: pd.DataFrame) -> pa.Table:
    """Every method from every cut-off, for each series of `days`; columns are those of SCHEMA.

    days: kind, site_id, contact_date, iso_weekday, day_kind, contact_count (empty ahead); a row for each day of a
    series up to HORIZON days ahead. The series of a site needs that of all sites of its kind.
    A cut-off with fewer than LEAST_DAYS days before it is left out.
    """
    made: list[pa.Table] = []
    for kind, of_kind in days.sort_values(["kind", "site_id", "contact_date"]).groupby("kind", sort=True):
        series = {str(site): _Series.of(some) for site, some in of_kind.groupby("site_id", sort=True)}
        whole = series[WHOLE]

        @cache
        def model(seen: int, whole: _Series = whole) -> Prediction:
            return calendar_model(whole.counts[:seen], whole.calendar)

        made += [
            _table(str(kind), site, method, of_site.dates[seen - 1 :], prediction)
            for site, of_site in series.items()
            for method, seen, prediction in _forecasts(of_site, whole, model)
        ]
    return pa.concat_tables([SCHEMA.empty_table(), *made])


@dataclass(frozen=True)
class _Series:
    dates: NDArray[np.datetime64]
    calendar: Calendar
    counts: Floats
    """Of the days that are over."""

    @classmethod
    def of(cls, rows: pd.DataFrame) -> _Series:
        counts = rows["contact_count"].to_numpy(np.float64, na_value=np.nan)
        kind = rows["day_kind"].to_numpy()
        calendar = Calendar(rows["iso_weekday"].to_numpy(np.int64), kind == "holiday", kind == "make_up_day")
        return cls(rows["contact_date"].to_numpy("datetime64[D]"), calendar, counts[~np.isnan(counts)])


def _forecasts(
    series: _Series, whole: _Series, model: Callable[[int], Prediction]
) -> Iterator[tuple[str, int, Prediction]]:
    """Each method from each cut-off: its name, how many days it saw, and what it says of the next ones.

    model: the calendar model of the company by the number of days that it saw.
    """
    for back in range(CUT_OFFS, -1, -1):
        seen = len(series.counts) - back * HORIZON
        if seen < LEAST_DAYS:
            continue
        yield "seasonal_naive", seen, seasonal_naive(series.counts[:seen])
        yield "weekday_mean", seen, weekday_mean(series.counts[:seen])
        # The days of a site may begin later than those of the company; they end together.
        of_all = len(whole.counts) - back * HORIZON
        made = model(of_all)
        if series is not whole:
            made = share_of(made, series.counts[:seen], whole.counts[:of_all])
        yield "calendar_model", seen, made


def seasonal_naive(counts: Floats) -> Prediction:
    """The last week again and again."""
    expected = np.tile(counts[-_WEEK:], HORIZON // _WEEK)
    error = np.mean(np.square(counts[_WEEK:] - counts[:-_WEEK]))
    variance = error * np.repeat(np.arange(1, HORIZON // _WEEK + 1), _WEEK)
    reach = _Z * np.sqrt(variance)
    return Prediction(expected, variance, np.maximum(expected - reach, 0), expected + reach)


def weekday_mean(counts: Floats) -> Prediction:
    """The mean of each weekday over the last eight weeks."""
    weeks = counts[-_WEEK * _WEEKS_OF_MEAN :].reshape(_WEEKS_OF_MEAN, _WEEK)
    means = weeks.mean(axis=0)
    # Pearson's dispersion of all weekdays together; less than Poisson's is luck.
    squares = np.sum(np.square(weeks - means)) / max(means.sum(), 1e-9) / (_WEEKS_OF_MEAN - 1)
    expected = np.tile(means, HORIZON // _WEEK)
    return counted(expected, expected * max(squares, 1.0) * (1 + 1 / _WEEKS_OF_MEAN))


def calendar_model(counts: Floats, calendar: Calendar) -> Prediction:
    """A Poisson regression on the calendar; `calendar` goes HORIZON days further than `counts`, or more."""
    seen = len(counts)
    first = 0 if seen >= _DAYS_OF_YEAR else max(0, seen - _DAYS_WITHOUT_SEASON)
    design = _design(calendar, first, seen)
    known, ahead = design[: seen - first], design[seen - first :]
    counts = counts[first:]
    # On days of a kind on which nobody ever came nobody is expected, and a logarithm would have no end.
    is_kind = np.all((known == 0) | (known == 1), axis=0)
    never = is_kind & (counts @ known == 0)
    is_known, is_ahead = ~known[:, never].any(axis=1), ~ahead[:, never].any(axis=1)
    known, ahead = known[:, ~never], ahead[:, ~never]
    expected, variance = np.zeros(HORIZON), np.zeros(HORIZON)
    if not known.shape[1]:
        return counted(expected, variance)
    fitted = GLM(counts[is_known], known[is_known], family=Poisson()).fit()
    dispersion = max(1.0, float(fitted.pearson_chi2) / max(fitted.df_resid, 1))
    means = np.exp(ahead @ fitted.params)
    unsure = np.einsum("ij,jk,ik->i", ahead, fitted.cov_params() * dispersion, ahead)
    expected[is_ahead] = means[is_ahead]
    variance[is_ahead] = (dispersion * means + np.square(means) * unsure)[is_ahead]
    return counted(expected, variance)


def share_of(whole: Prediction, counts: Floats, of_all: Floats) -> Prediction:
    """What a site has of the company's prediction: its share of the contacts of the last year."""
    days = min(_YEAR, len(counts))
    total = of_all[-days:].sum()
    share = counts[-days:].sum() / total if total else 0.0
    expected = whole.expected * share
    # Each contact falls to the site by the same chance: what varies beyond Poisson shrinks with its square.
    return counted(expected, expected + np.square(share) * np.maximum(whole.variance - whole.expected, 0))


def counted(expected: Floats, variance: Floats) -> Prediction:
    """A prediction of counts: negative binomial of that mean and variance, Poisson where it is not more than the
    mean."""
    # Quantiles of counts jump: what goes in must be the same on every machine.
    mean, spread = np.round(expected, 6), np.round(np.maximum(variance, expected * (1 + 1e-6)), 6)
    share = np.divide(mean, spread, out=np.full(len(mean), 0.5), where=spread > 0)
    share = np.minimum(share, 1 - 1e-6)
    size = mean * share / (1 - share)
    low, high = (np.where(mean > 0, nbinom.ppf(tail, np.maximum(size, 1e-9), share), 0) for tail in (_TAIL, 1 - _TAIL))
    return Prediction(expected, variance, low, high)


def _design(calendar: Calendar, first: int, seen: int) -> Floats:
    """Columns of the regression for the days `first` to `seen`, and HORIZON further ones.

    A holiday takes a part of its weekday's contacts: a Sunday stays a Sunday. Make-up days are a kind of their own.
    """
    last = seen + HORIZON
    is_make_up_day = calendar.is_make_up_day[first:last]
    is_known = is_make_up_day[: seen - first].sum() >= _LEAST_MAKE_UP_DAYS
    day_kind = np.where(is_make_up_day, _WEEK + 1 if is_known else 1, calendar.weekday[first:last])
    columns = [day_kind == kind for kind in range(1, _WEEK + 2)]
    columns += [calendar.is_holiday[first:last]]
    if seen >= _DAYS_OF_YEAR:
        years = (np.arange(first, last) - seen) / _DAYS_OF_YEAR
        columns += [years, np.cos(2 * np.pi * years), np.sin(2 * np.pi * years)]
    design = np.stack([column.astype(np.float64) for column in columns], axis=1)
    return np.asarray(design[:, (design[: seen - first] != 0).any(axis=0)], dtype=np.float64)


def _table(kind: str, site: str, method: str, dates: NDArray[np.datetime64], made: Prediction) -> pa.Table:
    """Rows of a prediction; `dates` are the cut-off and the days after it."""
    columns = {
        "kind": [kind] * HORIZON,
        "site_id": [site] * HORIZON,
        "method": [method] * HORIZON,
        "expected_count": _rounded(made.expected),
        "low_count": _rounded(made.low),
        "high_count": _rounded(made.high),
        "variance": _rounded(made.variance),
        "cut_off_date": np.repeat(dates[:1], HORIZON),
        "forecast_date": dates[1 : HORIZON + 1],
    }
    return pa.table(columns, SCHEMA)


def _rounded(values: Floats) -> Floats:
    # No negative zero.
    return np.round(values, _DECIMALS) + 0.0
