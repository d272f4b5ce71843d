"""The published curves: Kaplan–Meier with its interval and Aalen–Johansen shares, against lifelines."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from tests.dbt_project.rendered import model_sql

EXITS = ("open", "resolved", "unresolved", "cancelled", "merged")
SQL = model_sql("agg_resolution_survival")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "create table dim_sites as select 's' as site_id, 'r' as region;"
            "create table int_kpi_periods as select * from "
            "(values ('all', date '2025-01-01'), ('year', date '2025-01-01'), ('year', date '2026-01-01')) "
            "t(period_grain, period_start_date)"
        )
        yield connection


def curves(con: duckdb.DuckDBPyConnection, tickets: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG001
    """The mart of tickets with `seconds`, `exit` and `created_date`, all at one site."""
    con.execute(
        "create or replace table int_kpi_ticket_clocks as select row_number() over () as ticket_id, 's' as site_id, "
        "'f' as product_family, 'phone' as channel, 'normal' as priority, 'merged' as response_curve_state, "
        "cast(null as bigint) as response_curve_seconds, cast(seconds as bigint) as resolution_curve_seconds, "
        "case exit when 'resolved' then 'event' when 'open' then 'open' else 'other_exit' end "
        "as resolution_curve_state, exit as curve_exit, cast(created_date as date) as created_date from tickets"
    )
    for view in ("int_kpi_survival_items", "int_kpi_survival_members"):
        con.execute(f"create or replace view {view} as {model_sql(view)}")
    return con.execute(SQL).df()


def draw(seed: int, size: int, longest: float) -> pd.DataFrame:
    """Tickets with distinct times: lifelines moves ties apart at random."""
    rng = np.random.default_rng(seed)
    seconds = rng.choice(int(longest), size, replace=False)
    exits = rng.choice(EXITS, size, p=[0.3, 0.5, 0.05, 0.1, 0.05])
    dates = rng.choice(["2025-03-01", "2026-03-01"], size)
    return pd.DataFrame({"seconds": seconds, "exit": exits, "created_date": dates})


@pytest.mark.parametrize(("size", "longest"), [(30, 4e4), (400, 4e6), (4000, 2e7)])
def test_curves_are_those_of_lifelines(con: duckdb.DuckDBPyConnection, size: int, longest: float) -> None:
    tickets = draw(size, size, longest)
    found = curves(con, tickets)
    whole = found[(found["period_grain"] == "all") & (found["segment"] == "all")].set_index("time_seconds")
    assert len(whole) > 5
    kaplan = KaplanMeierFitter().fit(tickets["seconds"], tickets["exit"] == "resolved")
    band = kaplan.confidence_interval_survival_function_
    causes = {
        name: AalenJohansenFitter(calculate_variance=False).fit(
            tickets["seconds"], tickets["exit"].map(EXITS.index), event_of_interest=code
        )
        for code, name in enumerate(EXITS)
        if code
    }
    for time, row in whole.iterrows():
        assert row["at_risk_count"] == (tickets["seconds"] > time).sum()
        assert row["event_count"] == ((tickets["seconds"] <= time) & (tickets["exit"] == "resolved")).sum()
        assert row["survival_share"] == pytest.approx(float(kaplan.predict(time)), abs=1e-9)
        if row["event_count"]:
            low, high = band[band.index <= time].iloc[-1]
            assert (row["survival_low"], row["survival_high"]) == pytest.approx((low, high), abs=1e-9)
        else:
            assert pd.isna(row["survival_low"])
        for name, fitter in causes.items():
            steps = fitter.cumulative_density_
            known = steps[steps.index <= time]
            expected = float(known.iloc[-1, 0]) if len(known) else 0.0
            assert row[f"{name}_share"] == pytest.approx(expected, abs=1e-9), (time, name)


def test_ways_out_and_the_share_in_none_make_the_whole(con: duckdb.DuckDBPyConnection) -> None:
    """With ties: the four shares are 1 − the Kaplan–Meier share that has left by no way at all."""
    rng = np.random.default_rng(3)
    tickets = draw(3, 500, 1e6)
    tickets["seconds"] = rng.choice([0, 10, 300, 301, 900, 7200, 90000, 200000, 900000], 500)
    found = curves(con, tickets)
    whole = found[(found["period_grain"] == "all") & (found["segment"] == "all")]
    anyhow = KaplanMeierFitter().fit(tickets["seconds"], tickets["exit"] != "open")
    kaplan = KaplanMeierFitter().fit(tickets["seconds"], tickets["exit"] == "resolved")
    assert len(whole) > 10
    for _, row in whole.iterrows():
        left = sum(row[f"{name}_share"] for name in EXITS[1:])
        assert left == pytest.approx(1 - float(anyhow.predict(row["time_seconds"])), abs=1e-9)
        assert row["survival_share"] == pytest.approx(float(kaplan.predict(row["time_seconds"])), abs=1e-9)


def test_each_year_has_a_curve_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    tickets = draw(5, 600, 3e6)
    found = curves(con, tickets)
    years = found[found["period_grain"] == "year"]
    assert set(years["segment"]) == {"all"}
    assert {(key.year, count) for key, count in years.groupby("period_start_date")["ticket_count"].first().items()} == {
        (year, int(tickets["created_date"].str.startswith(str(year)).sum())) for year in (2025, 2026)
    }
    assert set(found["segment"]) == {"all", "site", "region", "product_family", "channel", "priority"}
