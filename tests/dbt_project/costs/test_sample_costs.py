"""The costs of the sample company are those that its simulator booked, to the cent, and they are carried by work."""

from __future__ import annotations

import json
from decimal import Decimal

from tests.company import Company


def test_costs_are_the_truth_to_the_cent(sample_company: Company) -> None:
    """Allocated and unallocated together, per closed month and component, and over all of them."""
    (path,) = sample_company.root.glob("sources/**/truth.json")
    kpis = json.loads(path.read_text(encoding="utf-8"))["kpis"]
    truth = {
        (month, component): Decimal(cents) / 100
        for month, components in kpis["cost_cents_by_month"].items()
        for component, cents in components.items()
        if cents
    }
    ours = sample_company.query(
        "select strftime(cost_month_date, '%Y-%m'), component, sum(amount) from marts.fct_costs group by all"
    )
    closed = set(kpis["cost_cents_by_month"])
    assert len(truth) > 200
    assert {(month, component): amount for month, component, amount in ours if month in closed and amount} == truth
    total = sum(amount for month, _, amount in ours if month in closed)
    assert total == Decimal(sum(kpis["cost_cents_by_component"].values())) / 100


def test_every_component_has_its_rows(sample_company: Company) -> None:
    (count,) = sample_company.query("select count(distinct component) from marts.fct_costs")[0]
    assert count == 11


def test_the_books_are_met(sample_company: Company) -> None:
    """Against the raw feeds to the last digit, against the delivered ledger to the cent, on every single line."""
    rows = sample_company.query(
        "select count(*), count(delivered_ledger_amount), count(*) filter (where is_reconciled), "
        "count(*) filter (where is_reconciled_with_books), sum(ledger_amount) from marts.agg_cost_reconciliation_monthly"
    )
    lines, with_books, reconciled, reconciled_with_books, ledger = rows[0]
    assert lines == reconciled > 1_000
    assert with_books == reconciled_with_books > 1_000
    feeds = sample_company.ingested(
        "select (select sum(wage_amount + bonus_amount + social_insurance_amount + training_amount) "
        "from raw.labor_costs) + (select sum(rent_amount + utilities_amount + transport_amount + tools_amount) "
        "from raw.operating_costs)"
    )[0][0]
    (parts,) = sample_company.query("select sum(cost_amount) from marts.fct_part_lines")[0]
    assert ledger == feeds + parts


def test_the_hotline_works_on_tickets(sample_company: Company) -> None:
    """Before calls were a driver, all wages of the agents were unallocated. What no ticket gets is a call of none."""
    rows = sample_company.query(
        "select costs.allocation, sum(costs.amount) from marts.fct_costs as costs "
        "inner join marts.dim_technicians as people on costs.technician_id = people.technician_id "
        "where people.role = 'agent' group by costs.allocation"
    )
    by_allocation = dict(rows)
    total = sum(by_allocation.values())
    assert by_allocation["driver"] / total > Decimal("0.6")
    assert by_allocation["call_without_ticket"] / total > Decimal("0.2")
    assert by_allocation.get("unallocated", Decimal(0)) / total < Decimal("0.1")
