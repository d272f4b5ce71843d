"""A KPI of a period that was over moves only with a recorded cause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.gate import run_gate
from expectations.limits import Limits
from tests.expectations.changes_2 import GOOD
from tests.expectations.tables import Row, good_row, mart_specs, own_limit, shipped_limits, write

SPEC = mart_specs()["kpi_values"]
# A share of 0.5 ± 0.098: its standard error is 0.05.
VALUE: Row = {
    "kpi_id": "nps",
    "period_grain": "month",
    "is_complete": True,
    "immature_count": 0,
    "censored_count": 0,
    "excluded_count": 0,
    "eligible_count": 100,
    "value": 0.5,
    "numerator": 0.5,
    "denominator": 1,
    "interval_low": 0.402,
    "interval_high": 0.598,
}
NOT_FINAL: Row = {"immature_count": 1}


def file_with(path: Path, row: Row, cause: str | None = None) -> Path:
    write(path, [(SPEC, [good_row(SPEC, 1) | GOOD["kpi_values"] | row])])
    with duckdb.connect(str(path)) as con:
        con.execute("create table meta.builds as select 'b2' as build_id, timestamp '2026-01-02' as started_at")
        con.execute("create table meta.causes (build_id varchar, kind varchar)")
        if cause:
            con.execute("insert into meta.causes values (?, 'policy')", [cause])
    return path


def moved(
    tmp_path: Path, now: Row, *, before: Row | None = None, cause: str | None = None, limits: Limits | None = None
) -> list[tuple[str | None, str]]:
    previous = file_with(tmp_path / "previous.duckdb", VALUE | (before or {}))
    current = file_with(tmp_path / "build.duckdb", VALUE | now, cause)
    report = run_gate(
        "gate_2", current, [SPEC], limits=limits or shipped_limits(), previous=previous, kpi_ids=["nps", "csat"]
    )
    failed = [o for o in report.outcomes if not o.is_success]
    assert {o.expectation for o in failed} <= {"as_before"}, [o.message for o in failed]
    return [(o.column_name, o.severity) for o in failed]


AWAY: Row = {"value": 0.66, "interval_high": 0.7}  # by 3.2 standard errors


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"now": {}}, []),
        ({"now": AWAY | {"value": 0.64}}, []),
        ({"now": AWAY}, [(None, "warn")]),
        ({"now": {"value": None, "numerator": 0, "denominator": 0}}, [(None, "warn")]),
        ({"now": AWAY | {"definition_version": "2"}}, []),
        ({"now": AWAY, "cause": "b2"}, []),
        ({"now": AWAY, "cause": "b1"}, [(None, "warn")]),
        ({"now": AWAY, "before": NOT_FINAL}, []),
        ({"now": AWAY, "before": {"is_complete": False}}, []),
        ({"now": AWAY, "before": {"eligible_count": 29}}, []),
    ],
)
def test_movement_needs_a_cause(tmp_path: Path, case: dict[str, Any], expected: list[tuple[str | None, str]]) -> None:
    assert moved(tmp_path, **case) == expected


def test_each_kpi_has_its_own_limit_and_severity(tmp_path: Path) -> None:
    wide = own_limit("gate_2", "kpi_values", "nps", "as_before", highest=4.0)
    assert moved(tmp_path, AWAY, limits=wide) == []


def test_a_kpi_may_stop_the_build(tmp_path: Path) -> None:
    strict = own_limit("gate_2", "kpi_values", "nps", "as_before", severity="stop")
    assert moved(tmp_path, AWAY, limits=strict) == [("nps", "stop")]
