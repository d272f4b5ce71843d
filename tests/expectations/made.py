"""An expectation's outcome, made without a gate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from expectations.results import ExpectationOutcome


def outcome(**changes: Any) -> ExpectationOutcome:
    """One that passed, but for what `changes`."""
    passed = ExpectationOutcome(
        gate="gate_1",
        schema_name="raw",
        table_name="cases",
        column_name="status",
        expectation="allowed_values",
        severity="stop",
        is_success=True,
        observed="0 of 3 rows",
        element_count=3,
        unexpected_count=0,
        example_rows=None,
        message="raw.cases.status: status is one of open, closed",
        guards=("status",),
    )
    return replace(passed, **changes)
