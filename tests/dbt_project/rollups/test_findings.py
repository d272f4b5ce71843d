"""The chances by which findings are ranked, against scipy; and the planted month among the findings of the company."""

from __future__ import annotations

import json
import math

import duckdb
import pytest
from scipy import stats

from tests.company import Company
from tests.dbt_project.rendered import expression_sql


def computed(expression: str) -> float:
    with duckdb.connect() as con:
        row = con.execute(f"select cast({expression_sql(expression)} as double)").fetchone()
    assert row is not None
    return float(row[0])


@pytest.mark.parametrize("deviations", [0.1, 0.7, 1, 1.5, 1.96, 2.5, 3.3, 5, 8])
def test_the_chance_is_never_below_the_true_one_and_soon_close(deviations: float) -> None:
    true = 2 * stats.norm.sf(deviations)
    found = computed(f"normal_tail('{deviations}')")
    assert true <= found <= 1
    if deviations >= 1.96:
        assert found <= 1.25 * true


@pytest.mark.parametrize("readings", [8, 12, 24])
@pytest.mark.parametrize("away", [0.5, 1.0, 1.5, 3.0])
def test_a_reading_beyond_limits_of_few_months_is_less_sure_than_three_deviations(readings: int, away: float) -> None:
    """`away` in limits. The approximation against Student's t itself."""
    student = 3 * away / math.sqrt(1 + 1 / readings)
    true = 2 * stats.t.sf(student, 0.62 * (readings - 1))
    found = computed(f"prediction_deviations('{10 + 4 * away}', '10', '4', '{readings}')")
    assert found < 3 * away
    chance = 2 * stats.norm.sf(found)
    # Of eight months it errs towards silence, twelvefold far out; of two years it is close.
    assert chance >= 0.75 * true
    if readings == 24:
        assert chance == pytest.approx(true, rel=0.25, abs=5e-4)


def test_the_understaffed_month_is_the_first_finding_of_its_month(sample_company: Company) -> None:
    truth = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))
    month = truth["facts"]["understaffed_month"]["month"] + "-01"
    rows = sample_company.query(
        "select kpi_id, finding_kind from marts.agg_findings "
        "where period_grain = 'month' and period_start_date = ? order by finding_rank",
        [month],
    )
    assert rows[0] == ("call_service_level_20s", "worse")
    assert ("first_response_time_mean", "worse") in rows
    ranks = sample_company.query(
        "select max(finding_rank), count(*) from marts.agg_findings group by period_grain, period_start_date"
    )
    assert all(highest == count <= 5 for highest, count in ranks)
