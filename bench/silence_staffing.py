"""Staffing on a company without an understaffed month: nothing should be called understaffed.

An alarm is a period of `agg_staffing_gaps` with the verdict "understaffed": a month behind or the four weeks ahead, of
the agents or of the technicians of a site or the company. A chance to raise one is each period of which something is
known.
"""

from __future__ import annotations

import duckdb


def alarms(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Alarms raised in a published version, and chances to raise one."""
    row = warehouse.execute(
        "select count(*) filter (where verdict = 'understaffed'), count(*) filter (where verdict <> 'unknown') "
        "from marts.agg_staffing_gaps"
    ).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))
