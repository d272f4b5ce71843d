"""The macros of staffing agree with scipy."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from scipy.stats import binom, binomtest, nbinom, poisson

from orchestration.analysis.forecasts import CUT_OFFS, HORIZON, LEAST_DAYS
from tests.dbt_project.rendered import expression_sql


def evaluate(expression: str) -> object:
    with duckdb.connect() as con:
        row = con.execute(f"select {expression_sql(expression)}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("cut_offs", range(1, CUT_OFFS + 1))
def test_the_wins_needed_are_those_of_the_sign_test(cut_offs: int) -> None:
    wins = evaluate(f"sign_test_wins('{cut_offs}')")
    if wins is None:
        assert binomtest(cut_offs, cut_offs, 0.5, alternative="greater").pvalue > 0.025
        return
    assert isinstance(wins, int)
    assert binomtest(wins, cut_offs, 0.5, alternative="greater").pvalue <= 0.025
    assert binomtest(wins - 1, cut_offs, 0.5, alternative="greater").pvalue > 0.025
    assert binom.sf(wins - 1, cut_offs, 0.5) <= 0.025


@pytest.mark.parametrize("mean", [0.01, 0.1, 0.7, 2.0, 5.0, 20.0, 150.0])
@pytest.mark.parametrize("dispersion", [1.0, 1.3, 2.0])
def test_the_bounds_of_a_count_hold_what_comes(mean: float, dispersion: float) -> None:
    """95 % and little more: rounded outwards, and a count of a small mean is 0 or 1."""
    low = evaluate(f"count_bound('{mean}::double', '{mean * dispersion}::double', '-')")
    high = evaluate(f"count_bound('{mean}::double', '{mean * dispersion}::double', '+')")
    share = 1 / dispersion
    law = poisson(mean) if dispersion == 1 else nbinom(mean * share / (1 - share), share)
    assert law.cdf(high) - law.cdf(low - 1) >= 0.945
    assert high <= law.ppf(0.999) + 2
    assert evaluate("count_bound('0.0::double', '0.0::double', '+')") == 0


def test_both_halves_mean_the_same_days() -> None:
    """What Python forecasts is what SQL lays out."""
    assert int(expression_sql("forecast_days()")) == HORIZON
    assert int(expression_sql("usual_roster_days()")) == LEAST_DAYS


def test_a_day_off_is_no_working_day() -> None:
    days = [(5, "as_usual", False), (6, "as_usual", True), (7, "make_up_day", False), (3, "holiday", True)]
    found = [evaluate(f"is_off_day('{weekday}', \"'{kind}'\")") for weekday, kind, _ in days]
    assert found == [is_off for *_, is_off in days]
    assert np.array(found).any()
