"""The limits of the gates, as they were landed: our rows and the company's."""

from __future__ import annotations

from pathlib import Path

from expectations.limits import Limit, Limits
from orchestration.engine import connect
from orchestration.extract.batch import OWN


def read_limits(ingest_file: Path) -> Limits:
    """Read policy.gate_limits of the ingest file, in the order of its key."""
    query = """
        select
            gate, table_name, column_name, expectation, severity, tolerated_share, doubted_share, lowest,
            highest, minimum_count, valid_from_date, valid_to_date,
            _source = ? as is_own, _file || ':' || _line as place
        from policy.gate_limits
        order by gate, table_name, column_name, expectation, valid_from_date
        """
    with connect(ingest_file, read_only=True) as con:
        return Limits(tuple(Limit(*row) for row in con.execute(query, [OWN]).fetchall()))


def read_kpi_ids(ingest_file: Path) -> list[str]:
    """Read the KPIs of the registry, in order of name."""
    with connect(ingest_file, read_only=True) as con:
        return [kpi for (kpi,) in con.execute("select distinct kpi_id from policy.kpi_registry order by 1").fetchall()]
