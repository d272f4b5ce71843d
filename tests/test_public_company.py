"""Real data with figures that others published: the warehouse must give those figures.

The data sets are described in the README of their folder; without them these tests are skipped with that reason.
"""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal

import pytest

from orchestration.extract.contract import read_contract
from tests.company import SHARED_DATA, Company


def read_csv(path: str) -> list[dict[str, str]]:
    with (SHARED_DATA / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_servicenow_incidents_and_events(public_company: Company) -> None:
    assert public_company.query("select count(*) from marts.fct_tickets where source = 'servicenow'") == [(24_918,)]
    landed = "select count(*) from raw.ticket_events where _source = 'servicenow'"
    assert public_company.ingested(landed) == [(141_712,)]


def test_servicenow_dates_are_day_first(public_company: Company) -> None:
    """`29/2/2016 01:16`: month first would move thousands of incidents. The desk's log starts on 29 February 2016."""
    days = public_company.query(
        "select min(created_date), max(created_date) from marts.fct_tickets where source = 'servicenow'"
    )
    assert [str(day) for day in days[0]] == ["2016-02-29", "2017-02-16"]


def test_every_published_cohort_cell(public_company: Company) -> None:
    """All 91 cells of the published 13 × 13 table: customers of each cohort active in exactly each month."""
    published = {
        (row["cohort_month"], period): int(row[str(period + 1)])
        for row in read_csv("online_retail/published_cohort_counts.csv")
        for period in range(13)
        if row[str(period + 1)]
    }
    assert len(published) == 91
    ours = public_company.query(
        "select strftime(cohort_month_date, '%Y-%m'), period_number, active_count from marts.agg_retention_cohorts "
        "where source = 'retail' and activity = 'purchase'"
    )
    cells = {(month, period): count for month, period, count in ours}
    assert {cell: cells.get(cell) for cell in published} == published


def test_online_retail_customers(public_company: Company) -> None:
    assert public_company.query(
        "select count(distinct customer_id) from marts.fct_purchases where source = 'retail' and is_valid"
    ) == [(4_338,)]
    assert public_company.query("select count(*) from marts.fct_purchases where source = 'retail'") == [(541_909,)]


def test_each_work_order_costs_what_its_workbook_says(public_company: Company) -> None:
    """TotalCost is a formula of the workbook that we did not land: labour by rate plus parts, for all 1,000 orders."""
    workbook = {row["WO"]: Decimal(row["TotalCost"]).quantize(Decimal("0.0001")) for row in read_csv(WORK_ORDERS)}
    ours = public_company.query(
        "select visits.work_order_id, coalesce(sum(costs.amount), 0) from marts.fct_visits as visits "
        "left join marts.fct_costs as costs on costs.visit_id = visits.visit_id "
        "where visits.source = 'workorders' group by visits.work_order_id"
    )
    costs = {order.split(":")[-1]: amount for order, amount in ours}
    assert len(workbook) == 1_000
    assert costs == workbook


WORK_ORDERS = "work_orders/work_orders.csv"


def test_bank_calls_by_outcome(public_company: Company) -> None:
    """PHANTOM is no call: counted among the landed legs, absent from the contacts."""
    outcomes = dict(
        public_company.query("select outcome, count(*) from marts.fct_calls where source = 'bank' group by outcome")
    )
    assert outcomes == {"answered": 27_162, "abandoned": 5_904}
    landed = "select count(*) from raw.calls where _source = 'bank' and outcome = 'phantom'"
    assert public_company.ingested(landed) == [(278,)]


def test_technical_support_first_response_is_computed_from_timestamps(public_company: Company) -> None:
    """The source's label is compared, never used: 2,019 within and 311 violated by label. An answer before the creation
    is a fault of the data, neither met nor breached."""
    as_of = datetime(2024, 1, 5)
    computed = {"met": 0, "breached": 0, "fault": 0}
    labels = {"met": 0, "breached": 0}
    disagreements = 0
    for row in read_csv("technical_support/technical_support.csv"):
        created = datetime.fromisoformat(row["Created time"])
        due = datetime.fromisoformat(row["Expected SLA to first response"])
        answered = datetime.fromisoformat(row["First response time"]) if row["First response time"] else None
        label = "met" if row["SLA For first response"] == "Within SLA" else "breached"
        labels[label] += 1
        if answered is not None and answered < created:
            computed["fault"] += 1
            continue
        outcome = "breached" if (answered or as_of) > due else "met"
        computed[outcome] += 1
        disagreements += outcome != label
    assert labels == {"met": 2_019, "breached": 311}
    ours = public_company.query(
        "select count(*) filter (is_met), count(*) filter (not is_met), count(*) filter (outcome = 'fault'), "
        "count(*) filter (is_disagreement), count(*) filter (source_outcome = 'met'), "
        "count(*) filter (source_outcome = 'breached') "
        "from marts.fct_sla_outcomes where source = 'support' and metric = 'first_response'"
    )
    assert ours == [(computed["met"], computed["breached"], computed["fault"], disagreements, 2_019, 311)]


def test_what_sources_say_of_their_promises_and_what_their_timestamps_say(public_company: Company) -> None:
    """The labels as published, and where they contradict: support by its own due times, the desk by the shipped policy
    of resolution (24 or 72 hours, standing still while the customer is waited for)."""
    rows = public_company.query(
        "select source, metric, source_outcome, is_met, count(*) from marts.fct_sla_outcomes "
        "where source_outcome is not null and (source, metric) <> ('support', 'first_response') group by all"
    )
    counts = {(source, label, is_met): count for source, _, label, is_met, count in rows}
    assert counts == {
        ("support", "met", True): 1_546,
        ("support", "met", False): 1,
        ("support", "breached", False): 783,
        ("servicenow", "met", True): 15_037,
        ("servicenow", "met", False): 766,
        ("servicenow", "breached", True): 3_782,
        ("servicenow", "breached", False): 5_333,
    }


def test_technical_support_survey_mean(public_company: Company) -> None:
    count, mean = public_company.query(
        "select count(*), avg(raw_score) from marts.fct_survey_answers where source = 'support'"
    )[0]
    assert count == 1_173
    assert mean == pytest.approx(3.51066, abs=5e-6)


@pytest.mark.parametrize("company", ["sample_company", "public_company"])
def test_rows_in_are_rows_out_plus_rejects(company: str, request: pytest.FixtureRequest) -> None:
    """Per feed: every delivered row is landed, already there, displaced by a later version, not of the feed by the
    profile, or rejected with its reasons; and the table of the feed holds what was landed, less what was withdrawn."""
    built: Company = request.getfixturevalue(company)
    delivered = built.ingested(
        "select feed, sum(delivered), sum(inserted + replaced + unchanged + superseded + filtered + rejected), "
        "sum(inserted - deleted), sum(rejected) from raw.batches group by feed"
    )
    assert len(delivered) >= 5
    unbalanced = "delivered_count <> row_count + superseded_count + filtered_count + rejected_count"
    assert built.query(f"select * from meta.feeds where {unbalanced}") == []
    for feed, came, accounted, landed, rejected in delivered:
        assert came == accounted, feed
        if read_contract()[feed].schema == "policy":
            continue
        assert built.ingested(f"select count(*) from raw.{feed}") == [(landed,)], feed
        reasons = f"select count(*), count(*) filter (len(reasons) = 0) from raw.rejects where feed = '{feed}'"
        assert built.ingested(reasons) == [(rejected, 0)], feed
