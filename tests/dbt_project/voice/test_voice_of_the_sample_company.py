"""The sample company knows what its customers feel and do: what is measured must agree with it where it can."""

from __future__ import annotations

import json
import statistics
from typing import Any

import pytest

from tests.company import Company

ASPECTS = {
    "态度": "attitude", "沟通": "communication", "专业": "professionalism", "及时": "timeliness", "质量": "quality",
    "效果": "effectiveness", "友好": "friendliness", "同理心": "empathy", "产品": "product",
}  # fmt: skip


@pytest.fixture(scope="module")
def truth(sample_company: Company) -> dict[str, Any]:
    text = (sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def of_all_time(company: Company, kpi_id: str) -> tuple[float, float, float, float, float]:
    """Value, numerator, denominator and interval over all."""
    (row,) = company.query(
        "select value, numerator, denominator, interval_low, interval_high from marts.kpi_values "
        "where kpi_id = ? and period_grain = 'all' and segment = 'all'",
        [kpi_id],
    )
    return row[0], row[1], row[2], row[3], row[4]


def test_every_renewal_is_found_and_no_other(sample_company: Company, truth: dict[str, Any]) -> None:
    renewals = truth["facts"]["renewals"]
    assert renewals["contracts_ended_60_days_before_as_of"] > 100
    _, renewed, ended, low, high = of_all_time(sample_company, "renewal_rate")
    assert (renewed, ended) == (renewals["renewed"], renewals["contracts_ended_60_days_before_as_of"])
    # Customers who have left do not renew: the planted probability is that of those who stay.
    assert low < renewals["renewal_probability_planted"] + 0.02
    assert high > renewals["renewal_probability_planted"] - 0.1


def test_the_true_satisfaction_lies_within_the_bounds_of_the_silent(
    sample_company: Company, truth: dict[str, Any]
) -> None:
    true = truth["kpis"]["all"]["satisfaction"]["csat_top_box"]
    (found,) = sample_company.query(
        "select satisfied_share, satisfied_if_others_unhappy, satisfied_if_others_happy from marts.agg_survey_funnel "
        "where period_grain = 'all' and segment = 'all' and survey_kind = 'transactional'"
    )
    share, worst, best = found
    assert worst < true < best
    assert abs(share - true) < 0.06


def test_estimates_of_feelings_are_near_the_truth(sample_company: Company, truth: dict[str, Any]) -> None:
    """Who answers is not everybody: the very content and the angry answer more, so near is not within the interval."""
    true = truth["kpis"]["all"]["satisfaction"]
    for kpi_id, name, slack in (
        ("csat_top_box_share", "csat_top_box", 0.04),
        ("csat_mean", "csat_mean", 0.1),
        ("nps_transactional", "nps", 6),
        ("ces_mean", "ces_mean", 0.15),
        ("ces_easy_share", "ces_top_box", 0.04),
    ):
        _, _, _, low, high = of_all_time(sample_company, kpi_id)
        assert low - slack < true[name] < high + slack, kpi_id
    means = dict(
        sample_company.query(
            "select aspect, mean_score from marts.agg_satisfaction_aspects where period_grain = 'all' "
            "and segment = 'all' and survey_kind = 'transactional' and scale_max = 5"
        )
    )
    assert {ASPECTS[name] for name in true["aspect_means"]} | {"overall"} == set(means)
    for name, mean in true["aspect_means"].items():
        assert means[ASPECTS[name]] == pytest.approx(mean, abs=0.3), name


def test_telephone_surveys_ask_for_three_points_and_stay_apart(sample_company: Company) -> None:
    asked = dict(
        sample_company.ingested(
            "select answers.scale_max, count(*) from raw.survey_answers as answers "
            "inner join raw.survey_invitations as invitations using (invitation_id) "
            "where answers.question_kind = 'csat' and invitations.survey_channel = 'phone' group by answers.scale_max"
        )
    )
    assert list(asked) == [3]
    _, _, answered, _, _ = of_all_time(sample_company, "csat_top_box_share_3_point")
    assert 0 < answered <= asked[3]


def test_contracts_and_warranties_keep_more_customers_than_purchases(sample_company: Company) -> None:
    """The second of two years is mature: 12 months, 4 quarters, and the year that lasts."""
    (found,) = sample_company.query(
        "select count(*), bool_and(used.end_count > bought.end_count) from marts.agg_customer_flows as used "
        "inner join marts.agg_customer_flows as bought using (period_grain, period_start_date) "
        "where used.activity = 'product_use' and bought.activity = 'purchase' and used.is_mature"
    )
    assert found == (12 + 4 + 1, True)


@pytest.mark.parametrize(
    ("kpi_id", "items"),
    [
        (
            "csat_mean",
            "select raw_score from marts.fct_survey_answers where is_valid and is_latest and question_kind = 'csat' "
            "and aspect = 'overall' and survey_kind = 'transactional' and scale_max = 5",
        ),
        ("complaint_handling_time_mean", "select handling_seconds from marts.fct_complaints where not is_open"),
    ],
)
def test_the_standard_deviation_is_that_of_the_items(sample_company: Company, kpi_id: str, items: str) -> None:
    values = [float(row[0]) for row in sample_company.query(items) if row[0] is not None]
    (row,) = sample_company.query(
        "select eligible_count, standard_deviation from marts.kpi_values "
        "where kpi_id = ? and period_grain = 'all' and segment = 'all'",
        [kpi_id],
    )
    assert len(values) == row[0] > 10
    assert row[1] == pytest.approx(statistics.stdev(values), rel=1e-9)


def test_every_mean_of_items_has_a_standard_deviation(sample_company: Company) -> None:
    """Where a denominator were not the count of items, the spread would be empty though the KPI has an interval."""
    rows = sample_company.query(
        "select distinct kpi_id from marts.kpi_values inner join marts.dim_kpis using (kpi_id) "
        "where kind = 'mean' and interval_method = 'normal' and eligible_count > 1 and standard_deviation is null"
    )
    assert rows == []
