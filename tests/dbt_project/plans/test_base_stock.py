"""Base stock and its frontier against scipy, brute force and a simulation, and the laws that they obey."""

from __future__ import annotations

from itertools import product

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.company import Company
from tests.dbt_project.rendered import expression_sql, run_model

WEEKS = 52


def demand(*items: tuple[float, float, float]) -> pd.DataFrame:
    """Rows of int_part_demand: pieces on order, dispersion and price of each item, on a lead time of seven days."""
    return pd.DataFrame(
        [
            {
                "site_id": "s1",
                "part_id": f"p{number}",
                "unit_cost_amount": price,
                "dispersion_ratio": dispersion,
                "lead_time_days": 7.0,
                "week_count": WEEKS,
                "pipeline_quantity": pipeline,
                "pipeline_low_quantity": pipeline / 2,
                "pipeline_high_quantity": pipeline * 2,
            }
            for number, (pipeline, dispersion, price) in enumerate(items)
        ]
    )


def levels(*items: tuple[float, float, float]) -> pd.DataFrame:
    rows = run_model("int_part_levels", int_part_demand=demand(*items))
    return rows.sort_values(["estimate", "part_id", "stock_level"])


def steps(*items: tuple[float, float, float]) -> pd.DataFrame:
    rows = run_model("int_part_steps", int_part_levels=levels(*items))
    return rows[rows["scope_site_id"] == "all"].sort_values("step_number")


@pytest.mark.parametrize("pipeline", [0.003, 0.2, 1.0, 7.5, 60.0, 240.0])
@pytest.mark.parametrize("dispersion", [1.0, 1.4, 3.0, 9.0])
def test_levels_are_those_of_poisson_and_negative_binomial(pipeline: float, dispersion: float) -> None:
    rows = levels((pipeline, dispersion, 10.0))
    for estimate, mean in (("low", pipeline / 2), ("mid", pipeline), ("high", pipeline * 2)):
        found = rows[rows["estimate"] == estimate]
        on_order = stats.poisson(mean) if dispersion == 1 else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
        level = found["stock_level"].to_numpy()
        assert level.tolist() == list(range(1, len(level) + 1))
        # A piece is at hand where fewer than the level are on order.
        np.testing.assert_allclose(found["fill_rate"], on_order.cdf(level - 1), atol=1e-9)
        np.testing.assert_allclose(found["on_hand_quantity"], np.cumsum(on_order.cdf(level - 1)), atol=1e-6)
        np.testing.assert_allclose(
            found["added_quantity"], mean * WEEKS * on_order.pmf(level - 1), atol=1e-6 * mean * WEEKS
        )
        assert on_order.cdf(level[-1] - 1) >= 0.9999 > on_order.cdf(level[-1] - 2)


def test_a_shelf_with_such_a_level_fills_as_much_in_a_simulation() -> None:
    """Poisson demand, lead times of any shape: only their mean matters (Palm)."""
    rng = np.random.default_rng(11)
    count, rate, lead, level = 200_000, 0.5, 7.0, 5
    at = np.cumsum(rng.exponential(1 / rate, count))
    back = at + rng.lognormal(np.log(lead) - 0.32, 0.8, count)
    arrived = np.sort(back)
    on_order = np.arange(count) - np.searchsorted(arrived, at)
    rows = levels((rate * lead, 1.0, 10.0))
    fill = rows[(rows["estimate"] == "mid") & (rows["stock_level"] == level)]["fill_rate"].item()
    assert (on_order < level).mean() == pytest.approx(fill, abs=0.01)


ITEM = st.tuples(
    st.floats(0.01, 4.0), st.sampled_from([1.0, 1.0, 2.5]), st.integers(1, 500).map(lambda price: price / 2)
)


@given(st.lists(ITEM, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_more_money_never_fills_less_and_each_unit_of_it_fills_less_than_the_one_before(
    items: list[tuple[float, float, float]],
) -> None:
    rows = steps(*items)
    assert (rows["filled_quantity"].diff().dropna() >= 0).all()
    assert (rows["stock_amount"].diff().dropna() >= 0).all()
    assert (rows["filled_per_amount"].diff().dropna() <= 1e-12).all()
    # No piece before the one below it.
    for _, part in rows.groupby("part_id"):
        assert part["stock_level"].tolist() == list(range(1, len(part) + 1))


@given(st.lists(ITEM, min_size=2, max_size=3))
@settings(max_examples=15, deadline=None)
def test_no_other_allocation_of_the_money_fills_more(items: list[tuple[float, float, float]]) -> None:
    rows = steps(*items)
    choices = []
    for number, (pipeline, dispersion, price) in enumerate(items):
        on_order = (
            stats.poisson(pipeline) if dispersion == 1 else stats.nbinom(pipeline / (dispersion - 1), 1 / dispersion)
        )
        most = int((rows["part_id"] == f"p{number}").sum())
        fills = on_order.cdf(np.arange(-1, most))
        choices.append(
            [(pipeline * WEEKS * fills[s], price * fills[1 : s + 1].sum()) for s in range(min(most, 14) + 1)]
        )
    every = [(sum(fill for fill, _ in one), sum(cost for _, cost in one)) for one in product(*choices)]
    for row in rows.itertuples():
        best = max(fill for fill, cost in every if cost <= row.stock_amount * (1 + 1e-9) + 1e-9)
        assert row.filled_quantity >= best - 1e-4


@pytest.mark.parametrize("degrees", [12, 25, 51])
def test_the_limit_of_dispersion_is_that_of_chi_square(degrees: int) -> None:
    limit = expression_sql(f"chi_square_99('{degrees}')")
    with duckdb.connect() as con:
        row = con.execute(f"select {limit}").fetchone()
    assert row
    assert row[0] == pytest.approx(stats.chi2.ppf(0.99, degrees), rel=0.005)


def test_todays_point_lies_on_or_right_of_the_curve(sample_company: Company) -> None:
    """The same fill never takes more money than lies there, unless the shelves are luckier than the model."""
    (row,) = sample_company.query(
        "select today.fill_rate, today.stock_amount, same.fill_rate, same.stock_amount, today.item_count "
        "from marts.agg_part_frontier as today, marts.agg_part_frontier as same "
        "where today.site_id = 'all' and today.point_kind = 'today' and same.site_id = 'all' "
        "and same.point_kind = 'same_fill'"
    )
    assert row[4] > 100
    assert row[2] >= row[0]
    assert row[3] < row[1]
    (worth,) = sample_company.query(
        """
        select sum(unit_cost_amount * on_hand_mean_quantity) filter (where demand_quantity > 0),
            sum(demand_quantity * ready_share) / sum(demand_quantity)
        from marts.agg_part_base_stock
        """
    )
    assert float(worth[0]) == pytest.approx(row[1], rel=1e-6)
    assert float(worth[1]) == pytest.approx(row[0], rel=1e-6)


def test_nothing_is_to_be_raised_that_lies_there_in_plenty(sample_company: Company) -> None:
    wrong = sample_company.query(
        "select site_id, part_id from marts.agg_part_base_stock "
        "where advice = 'raise' and on_hand_mean_quantity > target_level_high_quantity "
        "or advice = 'lower' and on_hand_mean_quantity < target_on_hand_quantity"
    )
    assert wrong == []
