"""Gate 1 on the real feed contract: every hand-written expectation has a row that breaks it, and it alone.

All mutations of a feed stand in one table, each in a row of its own among good ones. That every failure counts one row,
and shows the row that was changed for it, says that each change breaks its expectation and no other.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from expectations.gate import run_gate
from expectations.results import GateReport
from tests.expectations.changes_1 import GOOD, MUTATIONS
from tests.expectations.tables import AS_OF, Row, disconnected, feed_specs, good_row, shipped_limits, write

# Expectations that every feed has by its contract; test_gate.py breaks each of them.
DERIVED = {
    "row_count",
    "columns",
    "types",
    "not_null",
    "key_unique",
    "allowed_values",
    "range",
    "fresh",
    "rejects",
    "new_rows",
}
DERIVED_PREFIXES = ("known_in_", "not_before_1990", "not_after_as_of")

ROW_COUNT = 1 + max(len(mutations) for mutations in MUTATIONS.values())


def rows_of(name: str) -> list[Row]:
    return [good_row(feed_specs()[name], number) | GOOD.get(name, {}) for number in range(ROW_COUNT)]


@pytest.fixture(scope="module")
def mutated(tmp_path_factory: pytest.TempPathFactory) -> GateReport:
    """The first row of every feed is good, and row n holds its nth mutation."""
    specs = feed_specs()
    tables = []
    for name, spec in specs.items():
        rows = rows_of(name)
        for row, (_, changes) in zip(rows[1:], MUTATIONS.get(name, []), strict=False):
            row.update(changes)
        tables.append((spec, rows))
    path = write(tmp_path_factory.mktemp("mutated") / "ingest.duckdb", tables)
    return run_gate("gate_1", path, list(specs.values()), as_of=AS_OF, limits=shipped_limits())


def test_every_suite_opens_with_rows_columns_and_types(mutated: GateReport) -> None:
    for name in feed_specs():
        names = [o.expectation for o in mutated.outcomes if o.table_name == name]
        assert names[:3] == ["row_count", "columns", "types"]
        assert "not_null" in names


def test_every_hand_written_expectation_has_a_mutation(mutated: GateReport) -> None:
    written = {
        (o.table_name, o.expectation, o.column_name)
        for o in mutated.outcomes
        if o.expectation not in DERIVED and not o.expectation.startswith(DERIVED_PREFIXES)
    }
    assert written == {(name, *identity) for name, mutations in MUTATIONS.items() for identity, _ in mutations}


@pytest.mark.parametrize("name", feed_specs())
def test_each_mutation_breaks_its_expectation_alone(mutated: GateReport, name: str) -> None:
    key = next(column for column in feed_specs()[name].key if not column.endswith("_date"))  # months repeat
    found = {
        (o.expectation, o.column_name): (o.unexpected_count, [row[key] for row in json.loads(o.example_rows or "[]")])
        for o in mutated.outcomes
        if o.table_name == name and not o.is_success
    }
    assert found == {
        identity: (1, [rows_of(name)[number][key]])
        for number, (identity, _) in enumerate(MUTATIONS.get(name, []), start=1)
    }


def test_feeds_that_are_not_connected_must_be_empty_tables(tmp_path: Path) -> None:
    specs = [disconnected(spec) for spec in feed_specs().values() if spec.schema_name == "raw"]
    report = run_gate(
        "gate_1", write(tmp_path / "ingest.duckdb", [(spec, []) for spec in specs]), specs, limits=shipped_limits()
    )
    assert report.passed
    assert {o.expectation for o in report.outcomes} == {"row_count", "columns", "types"}


def test_a_policy_that_names_an_unknown_calendar_stops(tmp_path: Path) -> None:
    """A feed's dangling reference warns, because dimensions infer the row; nobody can infer the hours of a calendar."""
    specs = [feed_specs()[name] for name in ("calendars", "calendar_days", "sla_policies")]
    tables = [(spec, [good_row(spec, 1)]) for spec in specs]
    tables[2][1][0] |= {"calendar_id": "office", "paused_stages": None}
    report = run_gate("gate_1", write(tmp_path / "ingest.duckdb", tables), specs, limits=shipped_limits())
    assert [(o.table_name, o.expectation, o.column_name) for o in report.failed] == [
        ("sla_policies", "known_in_calendars", "calendar_id")
    ]
