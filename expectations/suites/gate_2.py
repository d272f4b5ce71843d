"""Gate 2, the marts: the base suite by their contracts, and what must hold of every number before anyone reads it.

The marts are our own work: what contradicts itself there is a fault of a model, and stops. Keys, relationships and
identities across models are dbt's tests; here are shape, volume and ranges.
"""

from __future__ import annotations

from collections import ChainMap

from great_expectations.expectations.expectation import Expectation

from expectations.limits import TableLimits, Takes
from expectations.suites import base
from expectations.suites.circumstances import Circumstances
from expectations.suites.marts import actions, costs, customers, kpis, movement, network, service, voice
from expectations.suites.marts.whole import whole
from expectations.suites.structure import Contradictions, Order, structure
from expectations.tables import TableSpec

ORDER: Order = ChainMap(*(dict(topic.ORDER) for topic in (actions, customers, kpis, network, service, voice)))
CONTRADICTIONS: Contradictions = ChainMap(
    *(dict(topic.CONTRADICTIONS) for topic in (actions, costs, customers, kpis, network, service, voice))
)


def opening(table: TableSpec, limits: TableLimits) -> list[Expectation]:
    """Rows, columns and types."""
    return base.opening(table, limits, other_columns=False)


def settable(table: TableSpec, circumstances: Circumstances) -> dict[tuple[str, str], Takes]:
    """What rows of limits may name that is no column: (KPI, expectation) and what they may set."""
    return movement.settable(circumstances) if table.table_name == "kpi_values" else {}


def demands(table: TableSpec, limits: TableLimits, circumstances: Circumstances) -> list[Expectation]:
    """What is demanded of a mart beyond its opening. Its instants come from feeds, and were held against as-of at
    gate 1."""
    mart = table.table_name
    return [
        *base.values(table, limits),
        *structure(mart, limits, ORDER, CONTRADICTIONS),
        *whole(table, limits, circumstances),
        *([movement.available_kpis(limits)] if mart == "kpi_values" and "dim_kpis" in circumstances.tables else []),
        *(movement.movement(limits, circumstances) if mart == "kpi_values" else []),
    ]
