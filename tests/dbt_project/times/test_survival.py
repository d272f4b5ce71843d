"""Quantiles of survival curves, against lifelines and against exact fractions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_times

from tests.dbt_project.rendered import model_sql

Lives = Sequence[tuple[int, bool]]
"""Seconds of each ticket, and whether they end with the event."""

TICKETS = """
create or replace table int_kpi_ticket_clocks as
select
    row_number() over () as ticket_id, site_id, 'f' as product_family, 'phone' as channel, 'normal' as priority,
    'merged' as response_curve_state, null::bigint as response_curve_seconds,
    case when is_event then 'event' else 'open' end as resolution_curve_state,
    seconds as resolution_curve_seconds, 'resolved' as curve_exit, date '2026-05-03' as created_date
from lives
"""
TICKETS_OF_NONE = (
    "create table lives (site_id varchar, seconds bigint, is_event boolean);" + TICKETS + ";drop table lives"
)
PERIODS = """
create or replace table int_kpi_periods as
select 'month' as period_grain, date '2026-05-01' as period_start_date, date '2026-05-31' as period_end_date
"""
SQL = model_sql("int_kpi_quantile_cells")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(PERIODS)
        connection.execute("create table dim_sites as select 's' as site_id, cast(null as varchar) as region")
        connection.execute(TICKETS_OF_NONE)
        for view in ("int_kpi_quantile_kpis", "int_kpi_survival_items", "int_kpi_survival_members"):
            connection.execute(f"create view {view} as {model_sql(view)}")
        yield connection


def quantiles(con: duckdb.DuckDBPyConnection, groups: Sequence[Lives]) -> pd.DataFrame:
    """Value and interval of the median and p90 of resolution, one group of tickets per site, by group and KPI."""
    rows = [(f"{group:06}", *life) for group, lives in enumerate(groups) for life in lives]
    lives = pd.DataFrame(rows, columns=["site_id", "seconds", "is_event"])  # noqa: F841
    con.execute(TICKETS)
    found = con.execute(f"select * from ({SQL}) where segment = 'site' and kpi_id like 'resolution%'").df()
    found["group"] = found["site_id"].astype(int)
    return found.set_index(["group", "kpi_id"]).sort_index()


def exact_quantile(lives: Lives, remaining: Fraction) -> float | None:
    """First time at which the exact product-limit estimate is at most `remaining`."""
    survival, at_risk = Fraction(1), len(lives)
    for seconds in sorted({seconds for seconds, _ in lives}):
        events = sum(1 for other, is_event in lives if other == seconds and is_event)
        survival *= 1 - Fraction(events, at_risk)
        at_risk -= sum(1 for other, _ in lives if other == seconds)
        if survival <= remaining:
            return float(seconds)
    return None


def number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) or math.isinf(value) else float(value)


def draw(rng: np.random.Generator, size: int) -> Lives:
    """Random tickets: ties where the scale is short, from none to all of them censored."""
    scale = rng.choice([5, 60, 5000])
    events = rng.exponential(scale, size)
    censorings = rng.exponential(scale * rng.choice([0.3, 1, 3, 1e9]), size)
    seconds = np.floor(np.minimum(events, censorings)).astype(int)
    return list(zip(seconds.tolist(), (events <= censorings).tolist(), strict=True))


KPIS = (("resolution_time_median", Fraction(1, 2)), ("resolution_time_p90", Fraction(1, 10)))


def test_quantiles_are_those_of_the_exact_product(con: duckdb.DuckDBPyConnection) -> None:
    rng = np.random.default_rng(20261122)
    groups = [draw(rng, int(rng.integers(1, 60))) for _ in range(400)]
    found = quantiles(con, groups)
    assert len(found) == 800
    for group, lives in enumerate(groups):
        for kpi_id, remaining in KPIS:
            assert number(found.loc[(group, kpi_id), "value"]) == exact_quantile(lives, remaining), (kpi_id, lives)


def bound_times(lives: Lives, remaining: float) -> tuple[float | None, float | None]:
    """lifelines' interval of a quantile: where the ends of its log-log interval of S reach the share.

    Where S is 0 its interval is not defined, and lifelines fills it; a time found there is no end.
    """
    fitter = KaplanMeierFitter().fit([seconds for seconds, _ in lives], [is_event for _, is_event in lives])
    band = fitter.confidence_interval_survival_function_
    band = band[(fitter.survival_function_.iloc[:, 0] > 0).to_numpy()]
    ends = [number(qth_survival_times(remaining, band.iloc[:, [side]])) for side in (0, 1)]
    return ends[0], ends[1]


def test_intervals_are_those_of_lifelines(con: duckdb.DuckDBPyConnection) -> None:
    rng = np.random.default_rng(7)
    groups = [draw(rng, int(rng.integers(2, 150))) for _ in range(250)]
    found = quantiles(con, groups)
    compared = 0
    for group, lives in enumerate(groups):
        for kpi_id, remaining in KPIS:
            row = found.loc[(group, kpi_id)]
            if number(row["value"]) is None:
                assert number(row["interval_low"]) is number(row["interval_high"]) is None
                continue
            assert (number(row["interval_low"]), number(row["interval_high"])) == bound_times(lives, float(remaining))
            compared += 1
    assert compared > 300


def test_a_large_sample_agrees_with_lifelines(con: duckdb.DuckDBPyConnection) -> None:
    rng = np.random.default_rng(8)
    lives = draw(rng, 20_000)
    fitter = KaplanMeierFitter().fit([seconds for seconds, _ in lives], [is_event for _, is_event in lives])
    found = quantiles(con, [lives])
    for kpi_id, remaining in KPIS:
        row = found.loc[(0, kpi_id)]
        assert number(row["value"]) == number(fitter.percentile(float(remaining)))
        if number(row["value"]) is not None:
            assert (number(row["interval_low"]), number(row["interval_high"])) == bound_times(lives, float(remaining))


@pytest.mark.parametrize(
    ("lives", "median", "p90"),
    [
        # One ticket: it is its own median, and says nothing of how sure that is.
        ([(7, True)], (7, None, None), (7, None, None)),
        ([(7, False)], (None, None, None), (None, None, None)),
        # None censored: the order statistics; a share reached exactly is reached.
        ([(i, True) for i in range(1, 11)], (5, 1, 8), (9, 7, None)),
        ([(i, False) for i in range(1, 11)], (None, None, None), (None, None, None)),
        # Events and censorings in one second: events first. 1 · 2/4 = 1/2 at 3.
        ([(3, True), (3, True), (3, False), (3, False)], (3, 3, None), (None, None, None)),
    ],
)
def test_quantiles_of_small_samples(
    con: duckdb.DuckDBPyConnection,
    lives: Lives,
    median: tuple[float | None, ...],
    p90: tuple[float | None, ...],
) -> None:
    found = quantiles(con, [lives])
    columns = ["value", "interval_low", "interval_high"]
    assert tuple(map(number, found.loc[(0, "resolution_time_median"), columns])) == median
    assert tuple(map(number, found.loc[(0, "resolution_time_p90"), columns])) == p90


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_laws_of_a_quantile(con: duckdb.DuckDBPyConnection, lives: list[tuple[int, bool]]) -> None:
    """The order of rows changes nothing; the value is an event's time within its interval, and the exact one."""
    found = quantiles(con, [lives, lives[::-1]])
    for kpi_id, remaining in KPIS:
        ours = [number(value) for value in found.loc[(0, kpi_id), ["value", "interval_low", "interval_high"]]]
        assert ours == [number(value) for value in found.loc[(1, kpi_id), ["value", "interval_low", "interval_high"]]]
        value, low, high = ours
        assert value == exact_quantile(lives, remaining)
        if value is not None:
            assert value in {seconds for seconds, is_event in lives if is_event}
            assert low is None or low <= value
            assert high is None or high >= value


def test_dropping_open_tickets_is_biased_and_the_curve_is_not(con: duckdb.DuckDBPyConnection) -> None:
    """Of a desk observed for 30 days: the interval of the curve covers the true p90; resolved-only lies far below.

    Times to resolve are lognormal, tickets are raised evenly over the 30 days before as-of.
    """
    rng = np.random.default_rng(20261122)
    true_p90 = math.exp(1.2 + 1.2815515655446004 * 1.25)
    covered = low_by = 0
    for _ in range(20):
        days = rng.lognormal(1.2, 1.25, 3000)
        observed = rng.uniform(0, 30, 3000)
        seconds = np.floor(np.minimum(days, observed) * 86400).astype(int)
        resolved = days <= observed
        lives = list(zip(seconds.tolist(), resolved.tolist(), strict=True))
        row = quantiles(con, [lives]).loc[(0, "resolution_time_p90")]
        covered += int(row["interval_low"] <= true_p90 * 86400 <= row["interval_high"])
        low_by += int(np.quantile(days[resolved], 0.9) < 0.75 * true_p90)
    assert covered >= 17  # of 20 at 95 %: fewer than 17 happens once in 400 times
    assert low_by == 20


def test_segments_and_periods_have_quantiles_of_their_own(con: duckdb.DuckDBPyConnection) -> None:
    """The company's median is that of its tickets, not the mean of the sites'; a region is that of the site."""
    con.execute(
        "create or replace table dim_sites as select * from "
        "(values ('a', '华东'), ('b', null), ('c', '华东')) t(site_id, region)"
    )
    con.execute(
        "create or replace table int_kpi_periods as select * from (values "
        "('month', date '2026-05-01', date '2026-05-31'), ('month', date '2026-06-01', date '2026-06-30'), "
        "('quarter', date '2026-04-01', date '2026-06-30'), ('all', date '2026-05-01', date '2026-06-30')) "
        "t(period_grain, period_start_date, period_end_date)"
    )
    rows = [
        ("a", "event", 10, date(2026, 5, 2)),
        ("a", "event", 20, date(2026, 5, 2)),
        ("b", "event", 100, date(2026, 5, 2)),
        ("c", "other_exit", 5, date(2026, 6, 2)),
        ("c", "open", 400, date(2026, 6, 2)),
        ("c", "open", 500, date(2026, 6, 2)),
        ("c", "merged", None, date(2026, 6, 2)),
        ("c", "time_fault", None, date(2026, 6, 2)),
        ("c", "time_fault", None, date(2026, 6, 2)),
    ]
    tickets = pd.DataFrame(rows, columns=["site_id", "state", "seconds", "created_date"])  # noqa: F841
    con.execute(
        "create or replace table int_kpi_ticket_clocks as select row_number() over () as ticket_id, site_id, "
        "'f' as product_family, 'phone' as channel, 'normal' as priority, state as response_curve_state, "
        "cast(seconds as bigint) as response_curve_seconds, "
        "'merged' as resolution_curve_state, cast(null as bigint) as resolution_curve_seconds, "
        "'merged' as curve_exit, cast(created_date as date) as created_date from tickets"
    )
    found = con.execute(
        f"select * from ({SQL}) where kpi_id = 'first_response_time_median' and segment in ('all', 'region')"
    ).fetchall()
    names = [column[0] for column in con.description or []]
    shown = {}
    for row in found:
        cell = dict(zip(names, row, strict=True))
        key = (cell["period_grain"], cell["period_start_date"].month, cell["segment"], cell["region"])
        shown[key] = tuple(
            cell[name] for name in ("value", "eligible_count", "censored_count", "excluded_count", "excluded_reason")
        )
    excluded = (3, "merged 1, time_fault 2")
    assert shown == {
        ("month", 5, "all", "all"): (20, 3, 0, 0, None),
        ("month", 6, "all", "all"): (None, 1, 2, *excluded),
        # Five at risk at 10 (one left at 5): 4/5, 3/5 at 20, 2/5 at 100.
        ("quarter", 4, "all", "all"): (100, 4, 2, *excluded),
        ("all", 5, "all", "all"): (100, 4, 2, *excluded),
        ("month", 5, "region", "华东"): (10, 2, 0, 0, None),
        ("month", 5, "region", "unknown"): (100, 1, 0, 0, None),
        ("month", 6, "region", "华东"): (None, 1, 2, *excluded),
        ("quarter", 4, "region", "华东"): (20, 3, 2, *excluded),
        ("quarter", 4, "region", "unknown"): (100, 1, 0, 0, None),
        ("all", 5, "region", "华东"): (20, 3, 2, *excluded),
        ("all", 5, "region", "unknown"): (100, 1, 0, 0, None),
    }
