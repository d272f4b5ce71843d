"""What a gate found, as plain values: no type of Great Expectations leaves the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

Gate = Literal["gate_1", "gate_2"]
Severity = Literal["stop", "withhold", "warn"]
# Among what an expectation guards: the rows of its table, all of them.
WHOLE = "*"


@dataclass(frozen=True)
class ExpectationOutcome:
    """One expectation and what came of it.

    `severity` says what a failure means: stop the build; go on, and withhold the KPIs that depend on what is guarded;
    or go on and warn. An expectation that could not be evaluated stops. `element_count` is the number of rows looked
    at, empty where rows are not what is counted, and `unexpected_count` how many of them are not as demanded.
    `example_rows` is a JSON list of at most five of those, with personal data masked. `guards` names the columns whose
    content a failure puts in doubt, WHOLE for the rows of the table, or, as kpi_id=…, the KPIs of the cases found.
    """

    gate: Gate
    schema_name: str
    table_name: str
    column_name: str | None
    expectation: str
    severity: Severity
    is_success: bool
    observed: str | None
    element_count: int | None
    unexpected_count: int | None
    example_rows: str | None
    message: str
    guards: tuple[str, ...]


@dataclass(frozen=True)
class GateReport:
    """Every outcome of one run of a gate, and how long it took."""

    gate: Gate
    outcomes: tuple[ExpectationOutcome, ...]
    seconds: float

    @property
    def failed(self) -> tuple[ExpectationOutcome, ...]:
        """The outcomes for which the build must stop."""
        return tuple(o for o in self.outcomes if not o.is_success and o.severity == "stop")

    @property
    def warnings(self) -> tuple[ExpectationOutcome, ...]:
        """The outcomes that people should see, while the build goes on."""
        return tuple(o for o in self.outcomes if not o.is_success and o.severity != "stop")

    @property
    def passed(self) -> bool:
        """Whether the data may go further. A gate that evaluated nothing has not passed."""
        return bool(self.outcomes) and not self.failed

    def summary(self) -> str:
        """The verdict; every failure with its table, column, count and example rows; every warning. For a terminal."""
        tables = {(o.schema_name, o.table_name) for o in self.outcomes}
        verdict = "passed" if self.passed else "FAILED"
        lines = [
            f"{self.gate} {verdict}: {len(self.outcomes)} expectations on {len(tables)} tables, "
            f"{len(self.failed)} failed, {len(self.warnings)} warnings, in {self.seconds:.1f} s"
        ]
        for outcome in self.failed:
            lines.append(f"  FAILED  {outcome.message}")
            rows = json.loads(outcome.example_rows) if outcome.example_rows else []
            lines.extend(f"          e.g. {json.dumps(row, ensure_ascii=False)}" for row in rows)
        for outcome in self.warnings:
            lines.append(f"  {'WITHHOLDS' if outcome.severity == 'withhold' else 'warning'} {outcome.message}")
        return "\n".join(lines)
