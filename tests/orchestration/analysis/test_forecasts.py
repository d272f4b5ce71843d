"""Forecasts see nothing that lies ahead, agree with independent computations, and say how unsure they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import betainc
from scipy.stats import poisson

from orchestration.analysis.forecasts import (
    CUT_OFFS,
    HORIZON,
    LEAST_DAYS,
    METHODS,
    SCHEMA,
    Calendar,
    calendar_model,
    counted,
    forecast,
    seasonal_naive,
    share_of,
    weekday_mean,
)

FIRST = date(2024, 1, 1)  # a Monday


def calendar(days: int, holidays: tuple[int, ...] = (), make_up_days: tuple[int, ...] = ()) -> Calendar:
    when = np.arange(days)
    return Calendar(when % 7 + 1, np.isin(when, holidays), np.isin(when, make_up_days))


def days_of(counts: np.ndarray, kind: str = "calls", site: str = "all") -> pd.DataFrame:
    """Rows as agg_contact_days has them: the counts, and the days ahead."""
    size = len(counts) + HORIZON
    return pd.DataFrame(
        {
            "kind": kind,
            "site_id": site,
            "contact_date": pd.to_datetime([FIRST + timedelta(days=step) for step in range(size)]),
            "iso_weekday": np.arange(size) % 7 + 1,
            "day_kind": "as_usual",
            "contact_count": pd.array([*counts.astype(int), *[None] * HORIZON], dtype="Int64"),
        }
    )


def drawn(seed: int, means: np.ndarray) -> np.ndarray:
    return np.random.default_rng(seed).poisson(means).astype(np.float64)


def means_of(days: int, level: float = 20.0) -> np.ndarray:
    """Busy Mondays, quiet Sundays, 20 % growth and a season of a year."""
    when = np.arange(days)
    weekday = np.array([1.4, 1.1, 1.0, 1.0, 1.0, 0.8, 0.5])[when % 7]
    return level * weekday * np.exp(0.2 * when / 365.25 + 0.4 * np.cos(2 * np.pi * (when - 30) / 365.25))


def test_the_last_week_comes_again() -> None:
    counts = np.arange(70.0)
    made = seasonal_naive(counts)
    assert made.expected.tolist() == list(range(63, 70)) * 4
    # Each day is 7 more than a week before: an error of 7 a week, growing with the root of the weeks ahead.
    assert made.variance[[0, 7, 27]].tolist() == [49, 98, 196]
    assert made.low[0] == pytest.approx(63 - 1.959964 * 7)


def test_the_mean_of_the_weekday_is_of_eight_weeks() -> None:
    counts = np.concatenate([np.full(70, 900.0), np.tile([8.0, 6, 4, 2, 0, 1, 3], 8)])
    made = weekday_mean(counts)
    assert made.expected.tolist() == [8, 6, 4, 2, 0, 1, 3] * 4
    # What never varied is taken for Poisson, and the mean of eight is unsure by an eighth.
    assert made.variance[:2].tolist() == [9, 6.75]
    assert (made.low[4], made.high[4]) == (0, 0)


def test_the_calendar_model_is_the_likeliest_one() -> None:
    """The regression's maximum is that of an optimiser which is told nothing but the likelihood."""
    counts = drawn(3, means_of(600))
    made = calendar_model(counts, calendar(628, (100, 400, 605)))
    when = (np.arange(628) - 600) / 365.25
    holiday = np.isin(np.arange(628), (100, 400, 605))
    columns = [(np.arange(628) % 7) == day for day in range(7)]
    design = np.stack([*columns, holiday, when, np.cos(2 * np.pi * when), np.sin(2 * np.pi * when)], axis=1).astype(
        float
    )

    def unlikeliness(effects: np.ndarray) -> tuple[float, np.ndarray]:
        means = np.exp(design[:600] @ effects)
        return float(means.sum() - counts @ np.log(means)), design[:600].T @ (means - counts)

    start = np.concatenate([np.full(8, np.log(counts.mean())), np.zeros(3)])
    best = minimize(unlikeliness, start, jac=True, method="BFGS", options={"gtol": 1e-4})
    assert made.expected == pytest.approx(np.exp(design[600:] @ best.x), rel=1e-4)


def test_growth_season_and_weekday_are_found() -> None:
    true = means_of(758)
    made = calendar_model(drawn(5, true[:730]), calendar(758))
    assert made.expected == pytest.approx(true[730:], rel=0.15)
    assert made.expected.sum() == pytest.approx(true[730:].sum(), rel=0.06)


def test_a_holiday_ahead_is_expected_to_be_one() -> None:
    means = means_of(758)
    holidays = tuple(range(20, 758, 36))
    means[list(holidays)] *= 0.3
    made = calendar_model(drawn(5, means[:730]), calendar(758, holidays))
    ahead = [day - 730 for day in holidays if day >= 730]
    assert ahead
    assert made.expected[ahead] == pytest.approx(means[730:][ahead], rel=0.35)


def test_a_sunday_that_is_a_holiday_stays_a_sunday() -> None:
    """Days in a row, as long holidays are: what they take is a part of each weekday's contacts."""
    means = means_of(758, level=60.0)
    holidays = tuple(day for first in (100, 250, 465, 615, 735) for day in range(first, first + 7))
    means[list(holidays)] *= 0.6
    made = calendar_model(drawn(6, means[:730]), calendar(758, holidays))
    ahead = [day - 730 for day in holidays if day >= 730]
    assert made.expected[ahead] == pytest.approx(means[730:][ahead], rel=0.2)


@pytest.mark.parametrize(("seen", "expected"), [(2, 280.0), (3, 50.0)])
def test_make_up_days_are_mondays_until_three_were_seen(seen: int, expected: float) -> None:
    """Field service that makes few visits on make-up days all the same."""
    make_up_days = (*range(48, 48 + 14 * seen, 14), 188)
    means = np.where(np.arange(208) % 7 == 0, 280.0, 200.0)
    means[list(make_up_days)] = 50
    made = calendar_model(drawn(8, means[:180]), calendar(208, make_up_days=make_up_days))
    assert made.expected[188 - 180] == pytest.approx(expected, rel=0.15)


def test_nobody_is_expected_where_nobody_ever_came() -> None:
    """A desk that is closed on Sundays, and on holidays: a logarithm of 0 has no end, and the fit would not either."""
    means = np.where(np.arange(758) % 7 == 6, 0, 12.0)
    means[[200, 550, 735]] = 0
    made = calendar_model(drawn(1, means[:730]), calendar(758, (200, 550, 735)))
    closed = means[730:] == 0
    assert made.expected[closed].tolist() == [0] * closed.sum()
    assert made.high[closed].tolist() == [0] * closed.sum()
    assert made.expected[~closed] == pytest.approx(12, rel=0.15)


def test_a_short_history_has_no_season() -> None:
    """Half a year of growth is not carried on: it may be a season."""
    counts = drawn(2, 10 * np.exp(np.arange(180) / 180))
    made = calendar_model(counts, calendar(208))
    assert made.expected.mean() == pytest.approx(counts.mean(), rel=0.05)


def test_intervals_hold_what_comes() -> None:
    """95 % of Poisson and of rougher days: in each of many years, the four weeks that follow."""
    held = {"weekday_mean": [], "calendar_model": []}
    for seed in range(40):
        generator = np.random.default_rng(seed)
        means = means_of(758, level=6.0)
        rough = generator.gamma(4.0, means / 4.0) if seed % 2 else means
        counts = generator.poisson(rough).astype(np.float64)
        ahead = counts[730:]
        for name, made in (
            ("weekday_mean", weekday_mean(counts[:730])),
            ("calendar_model", calendar_model(counts[:730], calendar(758))),
        ):
            held[name].append(((ahead >= made.low) & (ahead <= made.high)).mean())
    # The eight weeks of a mean lag behind the season.
    assert np.mean(held["weekday_mean"]) > 0.88
    assert 0.93 < np.mean(held["calendar_model"]) < 0.99


@given(st.floats(0.01, 400), st.floats(1.01, 6.0))
@example(0.03125, 2.0)  # wider than Poisson, and yet a lower quantile: nobody comes more often, too
def test_quantiles_of_counts_are_those_of_their_mean_and_variance(mean: float, dispersion: float) -> None:
    made = counted(np.array([mean]), np.array([mean * dispersion]))
    assert 0 <= made.low[0] <= mean <= made.high[0] + 1
    size = mean / (dispersion - 1)
    for count, share in ((made.low[0], 0.025), (made.high[0], 0.975)):
        # The least count at or below which so many lie; the distribution function is an incomplete beta function.
        assert betainc(size, count + 1, 1 / dispersion) >= share - 1e-4
        assert count == 0 or betainc(size, count, 1 / dispersion) <= share + 1e-4


@given(st.floats(0.01, 400))
def test_quantiles_of_counts_of_the_least_variance_are_poissons(mean: float) -> None:
    least = counted(np.array([mean]), np.array([mean]))
    assert abs(least.high[0] - poisson.ppf(0.975, mean)) <= 1
    assert abs(least.low[0] - poisson.ppf(0.025, mean)) <= 1


def test_a_site_has_its_share() -> None:
    whole = calendar_model(drawn(3, means_of(730)), calendar(758))
    made = share_of(whole, np.full(730, 1.0), np.full(730, 4.0))
    assert made.expected == pytest.approx(whole.expected / 4)
    # A thinned count is nearer to Poisson.
    assert (made.variance / made.expected <= whole.variance / whole.expected + 1e-9).all()
    assert share_of(whole, np.full(730, 4.0), np.full(730, 4.0)).variance == pytest.approx(
        np.maximum(whole.variance, whole.expected)
    )
    assert not share_of(whole, np.zeros(730), np.zeros(730)).expected.any()


def table(days: pd.DataFrame) -> pd.DataFrame:
    frame: pd.DataFrame = forecast(days).to_pandas()
    return frame


def test_every_method_is_tried_from_every_cut_off() -> None:
    made = table(days_of(drawn(1, means_of(730))))
    last = pd.Timestamp(FIRST + timedelta(days=729)).date()
    cut_offs = sorted({*made["cut_off_date"]})
    assert cut_offs == [last - timedelta(days=HORIZON * back) for back in range(CUT_OFFS, -1, -1)]
    assert set(made["method"]) == set(METHODS)
    assert len(made) == len(METHODS) * (CUT_OFFS + 1) * HORIZON
    ahead = [(row.forecast_date - row.cut_off_date).days for row in made.itertuples()]
    assert ahead == list(range(1, HORIZON + 1)) * (len(METHODS) * (CUT_OFFS + 1))


def test_a_short_series_has_fewer_cut_offs_and_no_series_no_rows() -> None:
    made = table(days_of(drawn(1, means_of(LEAST_DAYS + HORIZON))))
    assert made["cut_off_date"].nunique() == 2
    assert table(days_of(drawn(1, means_of(LEAST_DAYS - 1)))).empty
    none = forecast(days_of(np.array([])).iloc[:0])
    assert none.schema == SCHEMA
    assert none.num_rows == 0


def test_sites_are_forecast_beside_the_company() -> None:
    """Also a site that opened later."""
    all_counts, site_counts = drawn(1, means_of(730)), drawn(2, means_of(300, 5.0))
    site = days_of(site_counts, site="s1")
    site["contact_date"] += pd.Timedelta(days=430)
    made = table(pd.concat([days_of(all_counts), site]))
    ahead = made[(made["cut_off_date"] == made["cut_off_date"].max()) & (made["method"] == "calendar_model")]
    sums = ahead.groupby("site_id")["expected_count"].sum()
    share = site_counts[-300:].sum() / all_counts[-300:].sum()
    assert sums["s1"] == pytest.approx(sums["all"] * share, rel=1e-3)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=HORIZON, max_size=HORIZON), st.integers(0, 5))
def test_a_cut_off_knows_nothing_of_what_came_after(later: list[int], back: int) -> None:
    counts = drawn(1, means_of(400))
    changed = counts.copy()
    first = 400 - HORIZON * (back + 1)
    changed[first : first + HORIZON] = later
    cut_off = FIRST + timedelta(days=first - 1)

    def until(made: pd.DataFrame) -> list[dict[str, Any]]:
        return made[made["cut_off_date"] <= cut_off].to_dict("records")

    before, after = until(table(days_of(counts))), until(table(days_of(changed)))
    assert before
    assert before == after


def test_the_same_days_give_the_same_rows_in_any_order() -> None:
    days = pd.concat([days_of(drawn(1, means_of(300))), days_of(drawn(2, means_of(300)), kind="tickets")])
    shuffled = days.sample(frac=1, random_state=3)
    assert forecast(days).equals(forecast(shuffled))
