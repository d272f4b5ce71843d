"""The sample company's forecasts and gaps: the planted month is found, and what is said of the back-test is true."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pandas as pd
import pytest

from bench.silence_staffing import alarms
from orchestration.analysis.forecasts import CUT_OFFS, HORIZON, forecast
from tests.company import Company


def frame(company: Company, sql: str) -> pd.DataFrame:
    rows = company.query(f"describe {sql}")
    return pd.DataFrame(company.query(sql), columns=[row[0] for row in rows])


def test_the_understaffed_month_is_the_only_one(sample_company: Company) -> None:
    truth = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))
    planted = truth["facts"]["understaffed_month"]
    rows = sample_company.query(
        "select strftime(period_start_date, '%Y-%m'), lacking_share, lacking_low_hours, cost_amount "
        "from marts.agg_staffing_gaps where work_role = 'agent' and verdict = 'understaffed'"
    )
    assert [month for month, *_ in rows] == [planted["month"]]
    ((_, share, low, cost),) = rows
    # The night, ten hours of twenty-four, was closed.
    assert share == pytest.approx(10 / 24, abs=0.05)
    assert low > 0
    assert cost > 0


def test_it_lacked_at_night(sample_company: Company) -> None:
    hours = sample_company.query(
        "select distinct local_hour from marts.agg_agent_gaps_hourly where is_lacking and not is_ahead "
        "and date_trunc('month', local_date) = date '2025-11-01' order by 1"
    )
    assert {hour for (hour,) in hours} <= {22, 23, *range(8)}
    assert len(hours) >= 8


def test_the_alarms_are_those_of_the_verdicts(sample_company: Company) -> None:
    with duckdb.connect(str(sample_company.current.resolve()), read_only=True) as warehouse:
        raised, chances = alarms(warehouse)
    assert raised == 1
    assert chances > 100


def test_the_forecasts_are_made_of_the_published_days_alone(sample_company: Company) -> None:
    """Whoever has the published file can make them again, to the last digit."""
    days = frame(sample_company, "select * from marts.agg_contact_days where series_state = 'enough'")
    days["contact_date"] = pd.to_datetime(days["contact_date"])
    days["contact_count"] = days["contact_count"].astype("Int64")
    made = forecast(days).to_pandas()
    ahead = made[made["cut_off_date"] == made["cut_off_date"].max()]
    published = frame(sample_company, "select * from marts.agg_contact_forecasts")
    both = published.merge(ahead, on=["kind", "site_id", "method", "forecast_date"], suffixes=("", "_again"))
    assert len(both) == len(published) > 3 * HORIZON
    for column in ("expected_count", "low_count", "high_count", "variance"):
        assert both[column].tolist() == both[f"{column}_again"].tolist()


def test_the_backtest_says_what_pandas_says(sample_company: Company) -> None:
    """Errors by their definitions, over the forecasts made again."""
    days = frame(sample_company, "select * from marts.agg_contact_days where series_state = 'enough'")
    days["contact_date"] = pd.to_datetime(days["contact_date"])
    days["contact_count"] = days["contact_count"].astype("Int64")
    made = forecast(days).to_pandas()
    made["contact_date"] = pd.to_datetime(made["forecast_date"])
    seen = made.merge(days[~days["is_ahead"]], on=["kind", "site_id", "contact_date"])
    published = frame(sample_company, "select * from marts.agg_forecast_backtests where cut_off_count > 0")
    assert len(published) > 9
    for row in published.itertuples():
        of = (seen["kind"] == row.kind) & (seen["site_id"] == row.site_id)
        mine, naive = seen[of & (seen["method"] == row.method)], seen[of & (seen["method"] == "seasonal_naive")]
        error = mine["expected_count"] - mine["contact_count"].astype(float)
        assert row.cut_off_count == mine["cut_off_date"].nunique() <= CUT_OFFS
        assert row.root_mean_squared_error == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-6)
        assert row.weighted_error_ratio == pytest.approx(error.abs().sum() / mine["contact_count"].sum(), rel=1e-6)
        assert row.coverage_share == pytest.approx(
            mine["contact_count"].astype(float).between(mine["low_count"], mine["high_count"]).mean()
        )
        history = days[(days["kind"] == row.kind) & (days["site_id"] == row.site_id) & ~days["is_ahead"]]
        counts = history.set_index("contact_date")["contact_count"].astype(float).sort_index()
        differences = (counts - counts.shift(7)).abs()
        scale = mine["cut_off_date"].map(lambda day, all_of=differences: all_of[: pd.Timestamp(day)].mean())
        assert row.scaled_error == pytest.approx((error.abs() / scale).mean(), rel=1e-6)
        squares = (error**2).groupby(mine["cut_off_date"]).sum()
        others = (naive["expected_count"] - naive["contact_count"].astype(float)) ** 2
        assert row.better_count == (squares < others.groupby(naive["cut_off_date"]).sum()).sum()


def test_calls_and_requests_are_better_forecast_than_by_the_last_week(sample_company: Company) -> None:
    rows = sample_company.query(
        "select kind, method, verdict, coverage_share from marts.agg_forecast_backtests "
        "where is_chosen and site_id = 'all' order by kind"
    )
    assert [(kind, verdict) for kind, _, verdict, _ in rows] == [
        ("calls", "better"), ("tickets", "better"), ("visits", "better"),
    ]  # fmt: skip
    assert all(0.93 <= coverage <= 1 for *_, coverage in rows)


def test_the_hours_of_a_day_add_up_to_it(sample_company: Company) -> None:
    ((days, worst),) = sample_company.query(
        "select count(*), max(abs(hours - expected_count)) from ("
        "select forecasts.expected_count, sum(hourly.expected_count) as hours "
        "from marts.agg_contact_forecasts as forecasts inner join marts.agg_contact_forecasts_hourly as hourly "
        "on forecasts.kind = hourly.kind and forecasts.forecast_date = hourly.local_date "
        "where forecasts.site_id = 'all' group by forecasts.kind, forecasts.forecast_date, forecasts.expected_count)"
    )
    assert days == 2 * HORIZON
    assert worst < 24 * 0.00005 + 1e-9


def test_every_hour_ahead_is_there_once(sample_company: Company) -> None:
    assert sample_company.query(
        "select count(*), count(distinct hour_at), min(local_hour), max(local_hour) "
        "from marts.agg_agent_gaps_hourly where is_ahead"
    ) == [(HORIZON * 24, HORIZON * 24, 0, 23)]


def test_the_hour_of_the_past_agrees_with_the_hourly_mart(sample_company: Company) -> None:
    """The mean over such hours keeps their total, month by month."""
    ((months, worst),) = sample_company.query(
        "select count(*), max(abs(expected - offered)) from ("
        "select date_trunc('month', gaps.local_date) as month, sum(expected_count) as expected, "
        "sum(calls.offered_count) as offered from marts.agg_agent_gaps_hourly as gaps "
        "inner join marts.agg_calls_hourly as calls on calls.queue = 'all' and calls.hour_at = gaps.hour_at "
        "where not gaps.is_ahead group by 1)"
    )
    assert months >= 23
    assert worst < 1e-6
