"""Evaluate suites with Great Expectations: one validation per table, counts first, example rows for what fails."""

# ruff: noqa: S608 - names come from contracts, all through expectations.sql; bounds are numbers
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from great_expectations import ExpectationSuite
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations.expectation import Expectation

from expectations.configurations import configurations_kept
from expectations.engine import PREVIOUS, DuckDBDatasource, open_database
from expectations.limits import ANY, Catalogue
from expectations.outcomes import Identity, broken, configuration_of, exception, identity, outcome, shortened
from expectations.results import ExpectationOutcome, Gate
from expectations.sql import literal, qualified
from expectations.suites import gate_1, gate_2
from expectations.suites.circumstances import Circumstances
from expectations.tables import TableSpec

EXAMPLE_COUNT = 5
SUITES = {"gate_1": gate_1, "gate_2": gate_2}

# What the database holds: (schema, table) → column → type.
Shapes = Mapping[tuple[str, str], Mapping[str, str]]


def evaluate(
    gate: Gate,
    database: Path,
    tables: Sequence[TableSpec],
    circumstances: Circumstances,
    previous: Path | None,
    engine: Mapping[str, object],
) -> list[ExpectationOutcome]:
    """Evaluate the gate's suite of every table. Whatever cannot be evaluated is a failure among the outcomes."""
    if not tables:
        return [broken(gate, "*", "*", "tables", "no table was given: there is nothing to check")]
    if not database.is_file():
        return [broken(gate, "*", "*", "file", f"{database} does not exist: there is nothing to check")]
    try:
        with configurations_kept(), open_database(database, previous, engine) as source:
            return list(_evaluate_tables(gate, database, source, tables, circumstances))
    except Exception as error:  # whatever the reason, a gate that cannot run has failed
        return [broken(gate, "*", "*", "run", f"{gate} broke off on {database}: {shortened(str(error))}")]


def catalogue(gate: Gate, tables: Sequence[TableSpec], circumstances: Circumstances) -> Catalogue:
    """Every expectation that the gate may have for these tables, and what rows of limits may set of it."""
    names = {}
    limits = circumstances.limits.at_any_time()
    for table in tables:
        mine = limits.of(gate, table.table_name, None)
        for expectation in (*SUITES[gate].opening(table, mine), *SUITES[gate].demands(table, mine, circumstances)):
            name, column = identity(expectation.configuration)
            names[table.table_name, column or ANY, name] = frozenset(expectation.configuration.meta["takes"])
        for (subject, name), takes in SUITES[gate].settable(table, circumstances).items():
            names[table.table_name, subject, name] = takes
    return names


def _evaluate_tables(
    gate: Gate, database: Path, source: DuckDBDatasource, tables: Sequence[TableSpec], circumstances: Circumstances
) -> Iterator[ExpectationOutcome]:
    shapes = _shapes(source)
    sound = {table.table_name: table for table in tables if _is_as_promised(table, shapes)}
    circumstances = replace(circumstances, tables=sound, previous=_previous_tables(source))
    day = circumstances.as_of.date() if circumstances.as_of else None
    for table in tables:
        if (table.schema_name, table.table_name) not in shapes:
            says = f"{table.name}: there is no such table in {database}"
            yield broken(gate, table.schema_name, table.table_name, "exists", says)
            continue
        limits = circumstances.limits.of(gate, table.table_name, day)
        suite = SUITES[gate].opening(table, limits)
        # Without the promised columns and types, the rest could only repeat that they are missing.
        if table.is_connected and table.table_name in sound:
            suite += SUITES[gate].demands(table, limits, circumstances)
        try:
            yield from _evaluate_table(gate, source, table, suite)
        except Exception as error:  # the other tables are still worth looking at
            says = f"{table.name}: its suite could not be evaluated: {shortened(str(error))}"
            yield broken(gate, table.schema_name, table.table_name, "suite", says)


def _shapes(source: DuckDBDatasource) -> Shapes:
    shapes: dict[tuple[str, str], dict[str, str]] = {}
    query = (
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        "where table_catalog = current_database()"
    )
    for row in _fetch(source, query):
        shapes.setdefault((row["table_schema"], row["table_name"]), {})[row["column_name"]] = row["data_type"].lower()
    return shapes


def _previous_tables(source: DuckDBDatasource) -> frozenset[str]:
    query = f"select schema_name, table_name from duckdb_tables() where database_name = {literal(PREVIOUS)}"
    return frozenset(f"{row['schema_name']}.{row['table_name']}" for row in _fetch(source, query))


def _is_as_promised(table: TableSpec, shapes: Shapes) -> bool:
    shape = shapes.get((table.schema_name, table.table_name), {})
    return all(shape.get(column.name) == column.type.lower() for column in table.columns)


def _evaluate_table(
    gate: Gate, source: DuckDBDatasource, table: TableSpec, suite: Sequence[Expectation]
) -> list[ExpectationOutcome]:
    # As a query: of a table, Great Expectations would first ask the catalogue for keys and types, which takes longer.
    query = f"select * from {qualified(table.schema_name, table.table_name)}"
    batch = source.add_query_asset(table.name, query).add_batch_definition_whole_table("whole").get_batch()
    row_count = _fetch(source, f"select count(*) as row_count from ({query}) as counted")[0]["row_count"]
    # First whether, in few queries; then, of the few that fail, how often and where.
    verdicts = _validate(batch, suite, {"result_format": "BOOLEAN_ONLY"})
    failed = {key for key, result in verdicts.items() if not result.success and exception(result) is None}
    details = _validate(
        batch,
        [expectation for expectation in suite if identity(expectation.configuration) in failed],
        {
            "result_format": "SUMMARY",
            "partial_unexpected_count": EXAMPLE_COUNT,
            "unexpected_index_column_names": list(table.key),
        },
    )
    results = {**verdicts, **details}
    return [
        outcome(
            gate,
            table,
            result,
            row_count,
            _examples(source, table, result) if key in failed else [],
            _kpis(source, table, result) if key in failed else [],
        )
        for key, result in results.items()
    ]


def _examples(
    source: DuckDBDatasource, table: TableSpec, result: ExpectationValidationResult
) -> Sequence[Mapping[str, Any]]:
    """Rows of a failed expectation, where it is one on rows."""
    query = configuration_of(result).kwargs.get("unexpected_rows_query")
    if query is not None:
        found = query.format(batch=qualified(table.schema_name, table.table_name))
        return _fetch(source, f"select * from ({found}) as found limit {EXAMPLE_COUNT}")
    rows = result.result.get("partial_unexpected_index_list") or result.result.get("partial_unexpected_list", [])
    return [row for row in rows if isinstance(row, Mapping)]


def _kpis(source: DuckDBDatasource, table: TableSpec, result: ExpectationValidationResult) -> Sequence[str]:
    """The KPIs of all cases of a failed expectation on a mart of KPIs, where its query shows them."""
    query = configuration_of(result).kwargs.get("unexpected_rows_query")
    if query is None or "kpi_id" not in {column.name for column in table.columns}:
        return []
    found = f"({query.format(batch=qualified(table.schema_name, table.table_name))}) as found"
    shown = {row["column_name"] for row in _fetch(source, f"describe select * from {found}")}
    if "kpi_id" not in shown:
        return []
    return [row["kpi_id"] for row in _fetch(source, f"select distinct kpi_id from {found} order by kpi_id")]


def _fetch(source: DuckDBDatasource, query: str) -> list[Mapping[str, Any]]:
    return [row._mapping for row in source.get_execution_engine().execute_query(sa.text(query)).fetchall()]


def _validate(
    batch: Batch, suite: Sequence[Expectation], result_format: dict[str, Any]
) -> dict[Identity, ExpectationValidationResult]:
    """All expectations in one pass: Great Expectations bundles what it can into few queries."""
    if not suite:
        return {}
    run = batch.validate(ExpectationSuite(name="suite", expectations=list(suite)), result_format=result_format)
    results = {identity(configuration_of(result)): result for result in run.results}
    if len(results) != len(suite):
        raise RuntimeError(f"{len(suite)} expectations were given, and {len(results)} different ones evaluated")
    return results
