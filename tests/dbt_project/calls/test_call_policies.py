"""The shipped target of the call centre is the one that the KPIs name."""

from __future__ import annotations

import csv
from pathlib import Path

POLICIES = Path(__file__).parents[3] / "dbt_project" / "policies"


def read_policy(name: str) -> list[dict[str, str]]:
    with (POLICIES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_staffing_aims_at_the_service_level_of_the_registry() -> None:
    (policy,) = read_policy("call_policies")
    levels = [row for row in read_policy("kpi_registry") if row["kpi_id"].startswith("call_service_level_20s")]
    assert (policy["queue"], policy["target_seconds"]) == ("", "20")
    assert [row["target"] for row in levels] == [policy["target_share"]] * 2
    assert all(f"{policy['target_seconds']} seconds" in row["definition_en"] for row in levels)
    variants = [row for row in read_policy("kpi_registry") if row["kpi_id"].endswith("_excluding_short")]
    assert len(variants) == 2
    assert all(f"{policy['short_abandon_seconds']} seconds by default" in row["definition_en"] for row in variants)
