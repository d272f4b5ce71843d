"""What came of one expectation, translated from Great Expectations' result into plain values and a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from expectations.results import WHOLE, ExpectationOutcome, Gate
from expectations.tables import TableSpec

MASK = "***"
REASON_LENGTH = 300

# Errors of reading a statement name tables and columns; all others may quote what a row holds, marks and all.
_BEFORE_ANY_ROW = re.compile(
    r"Attempt to connect to datasource failed: |(\([\w.]+\) )?(Binder|Catalog|Parser|IO) Error: "
)
_QUOTED = re.compile(r"""(?<!\w)['"](.*['"](?!\w)|.*)""")
_LONG_NUMBER = re.compile(r"\d{5,}")

# Name and column tell the expectations of a table apart.
Identity = tuple[str, str | None]


def identity(configuration: ExpectationConfiguration) -> Identity:
    """Name of the expectation and the column it is about, None where it is about the table."""
    kwargs, meta = configuration.kwargs, configuration.meta
    return meta["name"], kwargs.get("column") or kwargs.get("column_A") or meta.get("column")


def configuration_of(result: ExpectationValidationResult) -> ExpectationConfiguration:
    """What a result is the result of. Great Expectations' types leave it open, its validator does not."""
    if result.expectation_config is None:
        raise TypeError("Great Expectations returned a result that names no expectation")
    return result.expectation_config


def outcome(
    gate: Gate,
    table: TableSpec,
    result: ExpectationValidationResult,
    row_count: int,
    examples: Sequence[Mapping[str, Any]],
    kpis: Sequence[str] = (),
) -> ExpectationOutcome:
    """Say what came of an expectation. An exception is a failure that stops, whatever the expectation's severity.

    kpis: those of all its cases, where these name KPIs.
    """
    configuration = configuration_of(result)
    name, column = identity(configuration)
    counts, stop_above = configuration.meta["counts"], configuration.meta["stop_above"]
    withhold_above = configuration.meta["withhold_above"]
    where = table.name if column is None else f"{table.name}.{column}"
    says = configuration.description
    message = f"{where}: {says}"
    observed, element_count, unexpected_count = None, None, None
    stops, withholds, is_doubtful = stop_above == 0, withhold_above == 0, True
    if (reason := exception(result)) is not None:
        stops = True
        message = f"{where}: it could not be evaluated that {says}: {reason}"
    elif counts is None:
        observed = _observed(result, row_count)
        if not result.success:
            message = f"{where}: {observed}, but expected that {says}"
    elif counts == "measure":
        observed = _measured(examples) if examples else "within its bounds" if result.success else "outside its bounds"
        if not result.success:
            message = f"{where}: {observed}, but expected that {says}"
    else:
        unexpected_count = 0 if result.success else _unexpected_count(result)
        element_count = row_count if counts == "rows" else None
        counted = row_count - (result.result.get("missing_count") or 0)
        observed = f"{unexpected_count:,} of {counted:,} rows" if counts == "rows" else f"{unexpected_count:,} cases"
        if not result.success:
            stops = stops or (stop_above < 1 and unexpected_count > stop_above * counted)
            withholds = withholds or (withhold_above < 1 and unexpected_count > withhold_above * counted)
            share = f" ({unexpected_count / counted:.2%})" if counts == "rows" else ""
            tolerated = min(stop_above, withhold_above)
            limit = f"; up to {100 * tolerated:g}% are tolerated" if 0 < tolerated < 1 else ""
            doubt_above = configuration.meta["doubt_above"]
            if not (stops or withholds) and counts == "rows" and unexpected_count <= doubt_above * counted:
                is_doubtful = False
                limit += f"; up to {100 * doubt_above:g}% put no KPI in doubt"
            message = f"{where}: {observed}{share} contradict that {says}{limit}"
    return ExpectationOutcome(
        gate=gate,
        schema_name=table.schema_name,
        table_name=table.table_name,
        column_name=column,
        expectation=name,
        severity="stop" if stops else "withhold" if withholds else "warn",
        is_success=bool(result.success) and reason is None,
        observed=observed,
        element_count=element_count,
        unexpected_count=unexpected_count,
        example_rows=_masked(examples, table) if examples else None,
        message=message,
        guards=_guards(configuration.meta["guards"], table, kpis, is_pair="column_A" in configuration.kwargs)
        if is_doubtful
        else (),
    )


def broken(gate: Gate, schema_name: str, table_name: str, expectation: str, message: str) -> ExpectationOutcome:
    """A failure to evaluate anything of a table (or, with * for schema and table, of the database)."""
    return ExpectationOutcome(
        gate=gate,
        schema_name=schema_name,
        table_name=table_name,
        column_name=None,
        expectation=expectation,
        severity="stop",
        is_success=False,
        observed=None,
        element_count=None,
        unexpected_count=None,
        example_rows=None,
        message=message,
        guards=(WHOLE,),
    )


def _guards(named: Sequence[str], table: TableSpec, kpis: Sequence[str], *, is_pair: bool) -> tuple[str, ...]:
    if kpis:
        return tuple(f"kpi_id={kpi}" for kpi in kpis)
    known = [column for column in table.columns if column.name in named]
    # Of a pair, the column that every row must have is what the other is measured by.
    optional = [column for column in known if not column.required]
    guarded = optional if is_pair and optional else known
    return tuple(sorted(column.name for column in guarded)) or (WHOLE,)


def shortened(reason: str) -> str:
    """An error's message in one line, without the SQL that SQLAlchemy appends and without values of the data."""
    line = " ".join(reason.partition("[SQL:")[0].split())
    if not _BEFORE_ANY_ROW.match(line):
        line = _LONG_NUMBER.sub(MASK, _QUOTED.sub(f"'{MASK}'", line))
    return line if len(line) <= REASON_LENGTH else f"{line[:REASON_LENGTH]}…"


def exception(result: ExpectationValidationResult) -> str | None:
    """Why the expectation could not be evaluated: told of itself, or of each metric that it needs."""
    info = result.exception_info or {}
    for entry in (info, *info.values()):
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            return shortened(entry.get("exception_message") or "no reason was given")
    return None


def _unexpected_count(result: ExpectationValidationResult) -> int:
    is_query = "unexpected_rows_query" in configuration_of(result).kwargs
    return int(result.result["observed_value" if is_query else "unexpected_count"])


def _observed(result: ExpectationValidationResult, row_count: int) -> str:
    if configuration_of(result).meta["name"] == "row_count":
        return f"{row_count:,} rows"
    mismatched = result.result.get("details", {}).get("mismatched", {})
    kinds = ("missing", "unexpected") if configuration_of(result).kwargs.get("exact_match", True) else ("missing",)
    lists = [f"{kind} columns: {', '.join(mismatched[kind])}" for kind in kinds if kind in mismatched]
    return "; ".join(lists) or "as promised"


def _measured(examples: Sequence[Mapping[str, Any]]) -> str:
    """What was measured, and what explains it."""
    (row, *_) = examples
    explained = ", ".join(f"{name} {value}" for name, value in row.items() if name not in ("measured", "sample"))
    return f"{row['measured']:,.6g}" + (f" ({explained})" if explained else "")


def _masked(rows: Sequence[Mapping[str, Any]], table: TableSpec) -> str:
    personal = {column.name for column in table.columns if column.pii}
    shown = [
        {name: MASK if name in personal and value is not None else value for name, value in row.items()} for row in rows
    ]
    return json.dumps(shown, ensure_ascii=False, default=str)
