"""The individuals chart of agg_kpi_changes against one computed without SQL, and what follows from its laws."""

from __future__ import annotations

import json
from datetime import date

import duckdb
import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.signal_rules import judge, told
from bench.silence_signals import alarms
from tests.company import Company
from tests.dbt_project.rendered import run_model

EVENT = date(2025, 1, 1)
# Readings of few values meet all rules, and ties, often.
SERIES = st.lists(st.lists(st.integers(0, 12), min_size=30, max_size=30), min_size=1, max_size=8)


def months(count: int) -> list[date]:
    return [date(2024 + number // 12, number % 12 + 1, 1) for number in range(count)]


def charted(series: list[list[int]], *, rebased: bool = False) -> pd.DataFrame:
    """Rows of the mart for months of one KPI per series; `rebased`: an event falls on the first day of month 13."""
    starts = months(len(series[0]))
    names = [f"k{number}" for number in range(len(series))]
    periods = pd.DataFrame([{"kpi_id": name, "period_start_date": start} for name in names for start in starts])
    periods["period_grain"] = "month"
    values = periods.assign(
        segment="all", site_id="all", region="all", product_family="all", channel="all", priority="all", unit="number",
        value=[float(value) for readings in series for value in readings], status="no_target", eligible_count=50,
        interval_low=np.nan, interval_high=np.nan, target=np.nan, is_complete=True, period_end_date=date(2029, 1, 1),
    )  # fmt: skip
    regimes = periods[periods["period_start_date"] >= EVENT].assign(site_id="all", rebased_date=EVENT)
    rows = run_model(
        "agg_kpi_changes",
        kpi_values=values,
        int_kpi_definitions=periods.assign(direction="higher", kind="mean"),
        int_kpi_regimes=regimes if rebased else regimes.head(0),
    )
    return rows.sort_values(["kpi_id", "period_start_date"]).reset_index(drop=True)


def signals(rows: pd.DataFrame) -> list[list[str | None]]:
    return [
        [None if pd.isna(signal) else str(signal) for signal in of_kpi]
        for _, of_kpi in rows.groupby("kpi_id", sort=True)["signal"]
    ]


@given(SERIES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_chart_is_the_one_computed_without_sql(series: list[list[int]]) -> None:
    assert signals(charted(series)) == told(np.array(series, dtype=float))


@given(SERIES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_after_an_event_the_readings_before_it_say_nothing(series: list[list[int]]) -> None:
    """The chart of what follows is that of a company that began with the event; of what precedes, that of before."""
    expected = [
        [*before, *after]
        for before, after in zip(
            told(np.array([readings[:12] for readings in series], dtype=float)),
            told(np.array([readings[12:] for readings in series], dtype=float)),
            strict=True,
        )
    ]
    rows = charted(series, rebased=True)
    assert signals(rows) == expected
    assert set(rows.loc[rows["period_start_date"] >= pd.Timestamp(EVENT), "rebased_date"]) == {pd.Timestamp(EVENT)}


def test_every_signal_is_met_by_the_series_of_the_tests() -> None:
    """Else nothing above would have been tested."""
    random = np.random.default_rng(5)
    readings = random.integers(0, 12, size=(400, 30)).astype(float)
    found = {signal for row in told(readings) for signal in row}
    assert found == {None, "none", "beyond_limits", "near_limit", "run"}
    assert judge(np.full((1, 30), 3.0))[0].sum() == 0


def test_the_understaffed_month_is_beyond_the_limits(sample_company: Company) -> None:
    truth = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))
    month = truth["facts"]["understaffed_month"]["month"] + "-01"
    rows = sample_company.query(
        "select kpi_id, signal, verdict, is_better from marts.agg_kpi_changes where segment = 'all' "
        "and period_grain = 'month' and period_start_date = ? "
        "and kpi_id in ('call_service_level_20s', 'first_response_time_mean') order by kpi_id",
        [month],
    )
    assert rows == [
        ("call_service_level_20s", "beyond_limits", "real", False),
        ("first_response_time_mean", "beyond_limits", "real", False),
    ]


def test_the_alarms_that_are_counted_are_those_of_executive_months(sample_company: Company) -> None:
    with duckdb.connect(str(sample_company.current.resolve()), read_only=True) as con:
        raised, chances = alarms(con)
    rows = sample_company.query(
        "select signal from marts.agg_kpi_changes where segment = 'all' and period_grain = 'month' and kpi_id in "
        "(select kpi_id from marts.dim_kpis where audience = 'executive')"
    )
    told_months = [signal for (signal,) in rows if signal is not None]
    assert chances == len(told_months) > 100
    assert raised == sum(signal != "none" for signal in told_months) > 0
