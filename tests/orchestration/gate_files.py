"""Build files that hold what gates found, made without a gate."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from expectations.results import ExpectationOutcome, GateReport
from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file, write_gate
from tests.expectations import made

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def outcome(gate: str = "gate_1", *, is_success: bool = True, example_rows: str | None = None) -> ExpectationOutcome:
    return made.outcome(
        gate=gate,
        table_name="tickets",
        is_success=is_success,
        observed="1 of 3 rows",
        unexpected_count=1,
        example_rows=example_rows,
        message="raw.tickets.status: what was said",
    )


def build_file(path: Path, build_id: str, *outcomes: ExpectationOutcome) -> Path:
    """The file of a build in which each gate found one thing at most."""
    path.parent.mkdir(parents=True, exist_ok=True)
    record = BuildRecord(build_id, NOON, NOON, "1", "code", "own", "hash")
    create_build_file(path, record, CompanyRecord("Own", "本", "UTC", "EUR"), previous=None)
    for each in outcomes:
        write_gate(path, build_id, GateReport(each.gate, (each,), 1.0))
    return path
