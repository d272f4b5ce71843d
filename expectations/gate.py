"""Run a gate: every table's suite against a DuckDB file."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from expectations.limits import Limits
from expectations.results import ExpectationOutcome, Gate, GateReport
from expectations.tables import TableSpec

# What a version may hold that is compared with; of a catalogue all of it.
_COMPARED = frozenset({"meta.feeds", "meta.feed_values", "meta.builds", "marts.kpi_values"})


def run_gate(
    gate: Gate,
    database: Path,
    tables: Sequence[TableSpec],
    *,
    limits: Limits,
    as_of: datetime | None = None,
    previous: Path | None = None,
    kpi_ids: Sequence[str] = (),
    engine: Mapping[str, object] = MappingProxyType({}),
) -> GateReport:
    """Check `tables` of the DuckDB file at `database` with the suites of `gate`, as the `limits` say.

    The file is opened read-only and given back: afterwards anyone may open it for writing. `as_of` is the instant after
    which nothing can have happened yet, with its zone or in UTC; without it, nothing is too late. `previous` is the
    file of the last version served, with which feeds and the KPIs named by `kpi_ids` are compared. `engine` are
    settings of DuckDB, such as its memory_limit.
    Nothing is raised for bad data or for a file, table or expectation that cannot be evaluated: each of these is a
    failure of the report, with its reason.
    """
    # Great Expectations takes seconds to import; who only reads reports should not wait for it.
    from expectations.evaluation import evaluate  # noqa: PLC0415
    from expectations.suites.circumstances import Circumstances  # noqa: PLC0415

    started = time.perf_counter()
    circumstances = Circumstances(limits, as_of, kpi_ids=tuple(kpi_ids))
    outcomes = evaluate(gate, database, tables, circumstances, previous, engine)
    return GateReport(gate=gate, outcomes=tuple(outcomes), seconds=time.perf_counter() - started)


def check_limits(
    limits: Limits, gate: Gate, tables: Sequence[TableSpec], *, as_of: datetime, kpi_ids: Sequence[str]
) -> list[ExpectationOutcome]:
    """Hold the rows of limits of a gate against the expectations that it has for `tables`, connected or not: a failure
    that stops for each row that names none of them, or sets what it has not, with its place and the nearest names."""
    from expectations.evaluation import catalogue  # noqa: PLC0415
    from expectations.outcomes import broken  # noqa: PLC0415
    from expectations.suites.circumstances import Circumstances  # noqa: PLC0415

    connected = [replace(table, is_connected=True) for table in tables]
    circumstances = Circumstances(
        limits, as_of, {table.table_name: table for table in connected}, _COMPARED, tuple(kpi_ids)
    )
    return [
        broken("gate_1", "policy", "gate_limits", "names_expectation", f"{row.place}: {mistake}")
        for row, mistake in limits.mistakes(gate, catalogue(gate, connected, circumstances))
    ]
