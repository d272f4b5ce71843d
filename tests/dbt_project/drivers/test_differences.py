"""Stratified differences, ratios and p-values beside statsmodels and scipy, and the laws that they keep."""

from __future__ import annotations

from functools import cache

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2
from statsmodels.stats.multitest import multipletests

from tests.dbt_project.rendered import expression_sql


@cache
def difference_sql() -> str:
    return expression_sql("stratified_difference('items', ['driver'])")


def differences(items: pd.DataFrame) -> pd.DataFrame:
    """What the macro says of items with stratum, cluster_id, exposure and value, by driver."""
    items = items.assign(item_id=range(len(items)), value=items["value"].astype(float))
    with duckdb.connect() as con:
        con.register("items", items)
        return con.execute(f"select * from ({difference_sql()}) as fits order by driver").df()


def made_up(seed: int, steps: int = 2) -> pd.DataFrame:
    """Answers of customers of whom some answer often; some strata are all exposed, or not at all."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(60, 400))
    stratum = rng.integers(0, 12, size)
    exposure = np.where(stratum == 0, 0, rng.integers(0, steps, size))
    exposure = np.where(stratum == 1, steps - 1, exposure)
    mood = rng.normal(size=size // 2)
    customer = rng.integers(0, size // 2, size)
    value = 100 * (rng.random(size) < stats.norm.cdf(0.3 + mood[customer] - 0.4 * exposure + stratum / 10))
    return pd.DataFrame(
        {"driver": "x", "stratum": stratum.astype(str), "cluster_id": customer, "exposure": exposure, "value": value}
    )


@pytest.mark.parametrize("steps", [2, 4])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_least_squares_with_an_intercept_per_stratum_and_errors_by_customer(seed: int, steps: int) -> None:
    items = made_up(seed, steps)
    within = items.groupby("stratum")["exposure"]
    compared = items[within.transform("min") < within.transform("max")]
    assert len(compared) < len(items)
    fit = smf.ols("value ~ exposure + C(stratum)", compared).fit(
        cov_type="cluster", cov_kwds={"groups": compared["cluster_id"]}
    )
    (found,) = differences(items).to_dict("records")
    assert found["difference"] == pytest.approx(fit.params["exposure"], rel=1e-7)
    assert found["error"] == pytest.approx(fit.bse["exposure"], rel=1e-7)
    assert found["compared_exposed_count"] == (compared["exposure"] > 0).sum()
    assert found["compared_unexposed_count"] == (compared["exposure"] == 0).sum()
    assert found["stratum_count"] == compared["stratum"].nunique()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.integers(-5000, 5000))
def test_what_a_whole_stratum_shares_explains_nothing(seed: int, shift: int) -> None:
    """A level that is another in another stratum is the mix, not the exposure; relabelled, the sign changes alone."""
    items = made_up(seed)
    (found,) = differences(items).to_dict("records")
    moved = items.assign(value=items["value"] + shift * items["stratum"].astype(int))
    (same,) = differences(moved).to_dict("records")
    assert same["difference"] == pytest.approx(found["difference"], abs=1e-5)
    assert same["error"] == pytest.approx(found["error"], abs=1e-5)
    (mirrored,) = differences(items.assign(exposure=1 - items["exposure"])).to_dict("records")
    assert mirrored["difference"] == pytest.approx(-found["difference"], abs=1e-6)
    assert mirrored["error"] == pytest.approx(found["error"], abs=1e-6)


def test_drivers_do_not_see_each_other() -> None:
    items = pd.concat([made_up(seed).assign(driver=f"driver {seed}") for seed in range(4)])
    together = differences(items)
    for row in together.to_dict("records"):
        (alone,) = differences(items[items["driver"] == row["driver"]]).to_dict("records")
        assert row == alone


def test_the_order_of_the_items_decides_nothing() -> None:
    items = made_up(3)
    (found,) = differences(items).to_dict("records")
    (shuffled,) = differences(items.sample(frac=1, random_state=1)).to_dict("records")
    assert shuffled == found


def test_alike_exposed_items_are_not_compared() -> None:
    items = made_up(1)
    assert differences(items.assign(exposure=1)).empty


def ratio(tables: list[tuple[int, int, int, int]]) -> tuple[float, float, float]:
    """Ratio and interval over (exposed events, exposed, unexposed events, unexposed) of strata."""
    terms = ", ".join(
        f"cast(sum({expression_sql(f'''risk_ratio_term('{term}', 'a', 'b', 'n1', 'n0')''')}) as double) as {term}"
        for term in "rsv"
    )
    bounds = ", ".join(expression_sql(f"risk_ratio_bound('r', 's', 'v', '{sign}')") for sign in "-+")
    with duckdb.connect() as con:
        con.execute("create table strata (a bigint, n1 bigint, b bigint, n0 bigint)")
        con.executemany("insert into strata values (?, ?, ?, ?)", tables)
        row = con.execute(f"select r / s, {bounds} from (select {terms} from strata)").fetchone()
    assert row is not None
    return row


def test_the_ratio_is_that_of_mantel_and_haenszel() -> None:
    strata = [(12, 40, 9, 70), (5, 11, 20, 90), (0, 4, 3, 30), (7, 9, 1, 2)]
    oracle = StratifiedTable([np.array([[a, n1 - a], [b, n0 - b]]) for a, n1, b, n0 in strata])
    assert ratio(strata)[0] == pytest.approx(oracle.riskratio_pooled, rel=1e-7)


def test_in_one_stratum_the_interval_is_that_of_one_table() -> None:
    table = Table2x2(np.array([[12, 28], [9, 61]]))
    assert ratio([(12, 40, 9, 70)]) == pytest.approx((table.riskratio, *table.riskratio_confint()), rel=1e-6)


def test_over_many_small_strata_the_interval_holds_the_ratio_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    held, draws, true = 0, 300, 1.5
    for _ in range(draws):
        base, n1, n0 = rng.uniform(0.1, 0.4, 40), rng.integers(1, 8, 40), rng.integers(2, 12, 40)
        strata = list(zip(rng.binomial(n1, true * base), n1, rng.binomial(n0, base), n0, strict=True))
        _, low, high = ratio([tuple(map(int, each)) for each in strata])
        held += low <= true <= high
    # 95 % of 300 is 285, give or take 7.5 at two standard deviations.
    assert 275 <= held <= 297


def test_p_values_are_those_of_the_normal_distribution() -> None:
    deviates = np.linspace(-6, 6, 121)
    with duckdb.connect() as con:
        found = [
            value
            for (value,) in con.execute(
                f"select {expression_sql('''two_sided_p('z')''')} from (select unnest(?::double[]) as z)",
                [list(deviates)],
            ).fetchall()
        ]
    assert found == pytest.approx(list(2 * stats.norm.sf(abs(deviates))), abs=2e-7)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=12))
def test_the_family_is_corrected_as_holm_does(p_values: list[float]) -> None:
    holm = expression_sql("holm_p('p', 'position', 'size', ['family'], ['name'])")
    rows = [(value, name) for name, value in enumerate(p_values)]
    with duckdb.connect() as con:
        con.execute("create table tests (p double, name integer, family varchar)")
        # What could not be tested, and another family, count for nothing.
        con.executemany("insert into tests values (?, ?, 'a')", [*rows, (None, 99)])
        con.execute("insert into tests values (0.5, 0, 'b')")
        found = con.execute(
            f"select {holm} from (select *, count(p) over (partition by family) as size, row_number() over "
            "(partition by family, p is null order by p, name) as position from tests) "
            "where family = 'a' order by name"
        ).fetchall()
    expected = multipletests(p_values, method="holm")[1]
    *tested, (untested,) = found
    assert [value for (value,) in tested] == pytest.approx(expected, rel=1e-9)
    assert untested is None
