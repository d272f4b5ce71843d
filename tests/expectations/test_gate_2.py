"""Gate 2 on the real contracts of the marts: every hand-written expectation has a mutation that breaks it alone.

As for gate 1, all mutations of a mart stand in one table, each in a row of its own among good ones.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from expectations.gate import run_gate
from expectations.results import GateReport
from expectations.tables import TableSpec
from tests.expectations.changes_2 import GOOD, MUTATIONS
from tests.expectations.tables import AS_OF, NOON, Row, good_row, mart_specs, shipped_limits, write

DERIVED = {"row_count", "columns", "types", "not_null", "key_unique", "allowed_values", "range"}
# Expectations on a whole mart; the hollow marts below break them.
WHOLE = {"filled", "components", "has_unknown", "unbroken", "available_kpis", "delivered_books", "named"}
# Of which there may be no rows though their feeds have some.
PARTLY_FED = {row.table_name for row in shipped_limits().rows if row.expectation == "filled"}
# Nothing is at risk where everything is done, nothing changed in a first period, and of few rows nothing is foretold;
# customers may write no comment, and a company need not declare events or measures.
MAY_BE_EMPTY = {
    "agg_action_effects",
    "agg_action_funnel",
    "agg_action_months",
    "agg_agent_gaps_hourly",
    "agg_contact_forecasts",
    "agg_contact_forecasts_hourly",
    "agg_cost_change_effects",
    "agg_cost_change_split",
    "agg_customer_risks",
    "agg_demand_distances",
    "agg_demand_reach",
    "agg_feedback_sentiment",
    "agg_feedback_themes",
    "agg_feedback_themes_monthly",
    "agg_findings",
    "agg_forecast_backtests",
    "agg_kpi_change_drill",
    "agg_kpi_change_split",
    "agg_labor_hour_costs",
    "agg_part_frontier",
    "agg_risk_calibration",
    "agg_sla_at_risk",
    "agg_sla_due_hourly",
    "agg_staffing_gaps",
    "agg_technician_gaps_daily",
    "agg_ticket_risks",
    "agg_travel_by_distance",
    "dim_kpi_events",
    "fct_feedback",
    "fct_feedback_words",
    "fct_improvement_actions",
}

ROW_COUNT = 1 + max(len(mutations) for mutations in MUTATIONS.values())


@cache
def told_apart() -> dict[str, TableSpec]:
    """Every mart; one whose key has only listed values may have any there, for they are too few to tell rows apart."""
    specs = {}
    for name, spec in mart_specs().items():
        key = [column for column in spec.columns if column.name in spec.key]
        if all(column.allowed_values for column in key):
            columns = (replace(column, allowed_values=()) if column in key else column for column in spec.columns)
            specs[name] = replace(spec, columns=tuple(columns))
        else:
            specs[name] = spec
    return specs


def rows_of(name: str) -> list[Row]:
    rows = [good_row(told_apart()[name], number) | GOOD.get(name, {}) for number in range(ROW_COUNT)]
    if name == "dim_dates":
        for number, row in enumerate(rows):
            row["date_day"] = NOON.date() + timedelta(days=number)
    if name == "dim_sites":
        rows[0]["site_id"] = "unknown"
        rows.append(rows[0] | {"site_id": "v0"})
    return rows


@pytest.fixture(scope="module")
def mutated(tmp_path_factory: pytest.TempPathFactory) -> GateReport:
    """The first row of every mart is good, and row n holds its nth mutation."""
    tables = []
    for name, spec in told_apart().items():
        rows = rows_of(name)
        for row, (_, changes) in zip(rows[1:], MUTATIONS.get(name, []), strict=False):
            row.update(changes)
        tables.append((spec, rows))
    path = write(tmp_path_factory.mktemp("mutated") / "build.duckdb", tables, feeds_with_rows=["tickets"])
    return run_gate("gate_2", path, list(told_apart().values()), as_of=AS_OF, limits=shipped_limits())


def test_every_suite_opens_with_columns_and_types(mutated: GateReport) -> None:
    for name in mart_specs():
        names = [o.expectation for o in mutated.outcomes if o.table_name == name]
        assert names[:2] == ["columns", "types"]
        assert "not_null" in names


def test_every_hand_written_expectation_has_a_mutation(mutated: GateReport) -> None:
    written = {
        (o.table_name, o.expectation, o.column_name) for o in mutated.outcomes if o.expectation not in DERIVED | WHOLE
    }
    assert written == {(name, *identity) for name, mutations in MUTATIONS.items() for identity, _ in mutations}


@pytest.mark.parametrize("name", mart_specs())
def test_each_mutation_breaks_its_expectation_alone(mutated: GateReport, name: str) -> None:
    found = {}
    for outcome in mutated.outcomes:
        if outcome.table_name == name and not outcome.is_success:
            examples = json.loads(outcome.example_rows or "[]")
            numbers = [number for example in examples for number in _numbers(name, example)]
            found[outcome.expectation, outcome.column_name] = (outcome.severity, outcome.unexpected_count, numbers)
    assert found == {
        identity: ("stop", 1, [number]) for number, (identity, _) in enumerate(MUTATIONS.get(name, []), start=1)
    }


def _numbers(name: str, example: Row) -> list[int]:
    """The numbers of the good rows that have the names in the key of the example."""
    rows = rows_of(name)
    names = [
        column for column in mart_specs()[name].key if column in example and not isinstance(rows[1][column], Decimal)
    ]
    changed = {column for _, changes in MUTATIONS.get(name, []) for column in changes}
    told = [column for column in names if column not in changed]
    return [n for n, row in enumerate(rows) if all(str(row[column]) == str(example[column]) for column in told)]


def test_hollow_marts_fail_where_feeds_have_rows(tmp_path: Path) -> None:
    feeds = ["tickets", "ticket_events", "calls", "survey_answers", "complaints", "visits", "part_lines", "purchases"]
    feeds += ["labor_costs", "operating_costs", "customers", "products", "technicians", "sites", "shifts", "part_stock"]
    feeds += ["reviews", "audits", "survey_invitations"]
    specs = list(mart_specs().values())
    path = write(tmp_path / "build.duckdb", [(spec, []) for spec in specs], feeds_with_rows=feeds)
    report = run_gate("gate_2", path, specs, limits=shipped_limits())
    assert {(o.table_name, o.expectation) for o in report.failed} == {
        *((spec.table_name, "filled") for spec in specs if spec.table_name not in MAY_BE_EMPTY | PARTLY_FED),
        ("fct_costs", "components"),
        ("dim_sites", "has_unknown"),
    }
    assert {(o.table_name, o.expectation) for o in report.warnings} >= {(mart, "filled") for mart in PARTLY_FED}


def test_hollow_marts_pass_where_feeds_have_none(tmp_path: Path) -> None:
    specs = [spec for spec in mart_specs().values() if spec.table_name.startswith(("fct_", "agg_"))]
    report = run_gate(
        "gate_2", write(tmp_path / "build.duckdb", [(spec, []) for spec in specs]), specs, limits=shipped_limits()
    )
    assert report.passed


def test_cost_component_that_a_feed_delivers_must_be_there(tmp_path: Path) -> None:
    spec = mart_specs()["fct_costs"]
    rows = [good_row(spec, 1) | {"component": "wage"}]
    path = write(tmp_path / "build.duckdb", [(spec, rows)], feeds_with_rows=["labor_costs", "operating_costs"])
    report = run_gate("gate_2", path, [spec], limits=shipped_limits())
    assert [(o.expectation, json.loads(o.example_rows or "")) for o in report.failed] == [
        ("components", [{"feed": "operating_costs", "component": "rent"}])
    ]


def test_a_difference_from_delivered_books_warns_and_does_not_stop(tmp_path: Path) -> None:
    """Half a cent is a difference; less is the rounding of books that have two places."""
    spec = mart_specs()["agg_cost_reconciliation_monthly"]
    rows = [good_row(spec, number) | GOOD[spec.table_name] for number in range(3)]
    rows[1]["delivered_difference_amount"] = Decimal("-0.0050")
    rows[2]["delivered_difference_amount"] = Decimal("0.0049")
    report = run_gate("gate_2", write(tmp_path / "build.duckdb", [(spec, rows)]), [spec], limits=shipped_limits())
    assert report.passed
    assert [(o.expectation, o.unexpected_count) for o in report.warnings] == [("delivered_books", 1)]


def test_missing_day_fails(tmp_path: Path) -> None:
    spec = mart_specs()["dim_dates"]
    days = [date(2026, 1, 1), date(2026, 1, 3)]
    rows = [good_row(spec, number) | {"date_day": day} for number, day in enumerate(days)]
    report = run_gate("gate_2", write(tmp_path / "build.duckdb", [(spec, rows)]), [spec], limits=shipped_limits())
    assert [(o.expectation, json.loads(o.example_rows or "")) for o in report.failed] == [
        ("unbroken", [{"first_day": "2026-01-01", "last_day": "2026-01-03", "day_count": 2}])
    ]


def test_kpi_that_could_have_values_and_has_none_warns(tmp_path: Path) -> None:
    kpis, values = mart_specs()["dim_kpis"], mart_specs()["kpi_values"]
    tables = [
        (kpis, [good_row(kpis, number) | {"is_available": number > 0} for number in range(3)]),
        (values, [good_row(values, 1) | GOOD["kpi_values"]]),
    ]
    report = run_gate("gate_2", write(tmp_path / "build.duckdb", tables), [kpis, values], limits=shipped_limits())
    assert report.passed
    assert [(o.expectation, json.loads(o.example_rows or "")) for o in report.warnings] == [
        ("available_kpis", [{"kpi_id": "v2"}])
    ]
