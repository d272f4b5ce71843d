"""Run a gate: every table's suite against a DuckDB file."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from expectations.results import Gate, GateReport
from expectations.tables import TableSpec


def run_gate(gate: Gate, database: Path, tables: Sequence[TableSpec], *, as_of: datetime | None = None) -> GateReport:
    """Check `tables` of the DuckDB file at `database` with the suites of `gate`.

    The file is opened read-only and given back: afterwards anyone may open it for writing. `as_of` is the instant after
    which nothing can have happened yet, with its zone or in UTC; without it, nothing is too late.
    Nothing is raised for bad data or for a file, table or expectation that cannot be evaluated: each of these is a
    failure of the report, with its reason.
    """
    # Great Expectations takes seconds to import; who only reads reports should not wait for it.
    from expectations.evaluation import evaluate  # noqa: PLC0415

    started = time.perf_counter()
    outcomes = evaluate(gate, database, tables, as_of)
    return GateReport(gate=gate, outcomes=tuple(outcomes), seconds=time.perf_counter() - started)
