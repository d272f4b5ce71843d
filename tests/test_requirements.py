"""docs/requirements.md leads from each requirement to its answer and to the test that would notice: no dead ends."""

from __future__ import annotations

import csv
import json
import re
from typing import Any

from tests.company import ROOT

MANIFEST: dict[str, Any] = json.loads((ROOT / "dbt_project" / "target" / "manifest.json").read_text())
COLUMNS = {
    node["name"]: set(node["columns"])
    for node in [*MANIFEST["sources"].values(), *MANIFEST["nodes"].values()]
    if node["resource_type"] in ("source", "model")
}
DBT_TESTS = {test["name"] for test in MANIFEST["unit_tests"].values()} | {
    node["name"] for node in MANIFEST["nodes"].values() if node["resource_type"] == "test"
}


def kpis() -> set[str]:
    with (ROOT / "dbt_project/policies/kpi_registry.csv").open(encoding="utf-8", newline="") as file:
        return {row["kpi_id"] for row in csv.DictReader(file)}


def rows() -> list[list[str]]:
    """Cells of the table's rows: requirement, what answers it, test."""
    lines = (ROOT / "docs/requirements.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in cells if row[0] != "requirement"]


def is_there(name: str, known: set[str]) -> bool:
    """A pytest as file::function, a column as table.column, else a name of `known`; a single word may be a value."""
    if "::" in name:
        file, function = name.split("::")
        path = ROOT / "tests" / file
        return path.is_file() and f"def {function}(" in path.read_text(encoding="utf-8")
    if match := re.fullmatch(r"(\w+)\.(\w+)", name):
        return match[2] in COLUMNS.get(match[1], set())
    return "_" not in name or name in known


def test_every_requirement_leads_to_something_that_exists() -> None:
    known = kpis() | DBT_TESTS | set(COLUMNS) | set().union(*COLUMNS.values())
    found = rows()
    assert len(found) > 150
    assert {len(row) for row in found} == {3}
    named = [(row[0], name) for row in found for cell in row[1:] for name in re.findall(r"`([^`]+)`", cell)]
    assert [(requirement, name) for requirement, name in named if not is_there(name, known)] == []


def test_a_requirement_without_a_test_says_why() -> None:
    silent = [row[0] for row in rows() if not re.search("`|NOT YET|decision", row[2])]
    assert silent == []
